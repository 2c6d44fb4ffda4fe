import { Type } from 'typebox';
import { Instant, optional, optionalObject, optionalText } from '../sdk-shapes.js';

const text = Type.String();
const textOrNull = Type.Union([Type.String(), Type.Null()]);
const seconds = Type.Union([Type.Number(), Type.Null()]);
const count = Type.Integer();

const word = optionalText({ maxLength: 200 });
const DateText = Type.String({ maxLength: 40, description: 'A day (UTC) or an instant.' });
const dates = { startDate: Type.Optional(DateText), endDate: Type.Optional(DateText) };

export const TrackBody = Type.Object({
  userId: optionalText({ maxLength: 300 }),
  eventName: word,
  properties: optionalObject({ maxProperties: 50 }),
  userPlan: word,
  userCountry: word,
  sessionId: word,
  platform: word,
  appVersion: word,
});

export const CountsQuery = Type.Object({
  ...dates,
  eventNames: Type.Optional(Type.String({ maxLength: 5_000, description: 'Comma-separated.' })),
});
export const CountsAnswer = Type.Object({ counts: Type.Record(text, count) });

export const TopQuery = Type.Object({
  ...dates,
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
});
const TopEvents = Type.Array(Type.Object({ eventName: text, count }));
export const TopAnswer = Type.Object({ topEvents: TopEvents });

const Interval = Type.Optional(Type.String({ maxLength: 20, description: 'hour, day, week or month.' }));
export const TimelineQuery = Type.Object({
  ...dates,
  eventName: Type.Optional(Type.String({ maxLength: 200 })),
  interval: Interval,
});
export const TimelineAnswer = Type.Object({
  timeline: Type.Array(Type.Object({ timestamp: Instant, count })),
});

export const UserParams = Type.Object({ userId: Type.String({ maxLength: 300 }) });
export const UserEventsQuery = Type.Object({
  ...dates,
  limit: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
});
export const UserEventsAnswer = Type.Object({
  events: Type.Array(
    Type.Object({
      id: text,
      user_id: text,
      app_id: text,
      event_name: text,
      event_timestamp: Instant,
      properties: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
      user_plan: textOrNull,
      user_country: textOrNull,
      session_id: textOrNull,
      platform: textOrNull,
      app_version: textOrNull,
      created_at: Instant,
    }),
  ),
});

/** The query is read by its own parser, which names every mistake by its place. */
export const SegmentBody = Type.Object({ query: Type.Optional(Type.Unknown()) });
export const PreviewBody = Type.Object({
  query: Type.Optional(Type.Unknown()),
  limit: optional(Type.Integer({ minimum: 1, maximum: 100 })),
});
export const EvaluateAnswer = Type.Object({ userIds: Type.Array(text), count, description: text });
export const PreviewAnswer = Type.Object({
  users: Type.Array(Type.Object({ userId: text, eventCount: count })),
  description: text,
});
export const CsvAnswer = Type.String({ contentMediaType: 'text/csv' });

const Period = Type.Object({ startDate: Instant, endDate: Instant });
export const OverviewAnswer = Type.Object({
  totalEvents: count,
  uniqueUsers: count,
  topEvents: TopEvents,
  period: Period,
});

export const ChartQuery = Type.Object({ ...dates, interval: Interval });
export const MessagesAnswer = Type.Object({
  timeline: Type.Array(
    Type.Object({
      timestamp: Instant,
      count,
      received: Type.Integer({ description: 'Written by visitors.' }),
      sent: Type.Integer({ description: 'Written by the team.' }),
    }),
  ),
  period: Period,
});

const figures = {
  answered: count,
  averageSeconds: seconds,
  medianSeconds: seconds,
  p90Seconds: seconds,
};
export const ResponseTimesAnswer = Type.Object({
  ...figures,
  waiting: Type.Integer({ description: 'Visitors who have not been answered yet.' }),
  timeline: Type.Array(Type.Object({ timestamp: Instant, ...figures })),
  period: Period,
});
