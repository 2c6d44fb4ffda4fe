import type { Clock } from '../../../platform/clock.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { operatorOf } from '../callers.js';
import { supportErrors } from '../errors.js';
import type { OperatorRouteHooks } from '../operators/operator-hooks.js';
import { bodyMayBeMissing } from '../route-body.js';
import { Success } from '../sdk-shapes.js';
import type { EventStore } from './event-store.js';
import { bucketsOf, intervalNamed, periodOf, recentPeriodOf } from './period.js';
import { checkProperties } from './properties.js';
import type { AnalyticsQueries, EventRecord } from './queries.js';
import { responseTimes } from './response-times.js';
import {
  ChartQuery,
  CountsAnswer,
  CountsQuery,
  MessagesAnswer,
  OverviewAnswer,
  ResponseTimesAnswer,
  TimelineAnswer,
  TimelineQuery,
  TopAnswer,
  TopQuery,
  TrackBody,
  UserEventsAnswer,
  UserEventsQuery,
  UserParams,
} from './schemas.js';

const tags = ['support: analytics'];
const path = '/admin/analytics';
const TOP_EVENTS = 10;

const presentPeriod = ({ from, to }: { readonly from: number; readonly to: number }) => ({
  startDate: isoInstant(from),
  endDate: isoInstant(to),
});

const presentEvent = (event: EventRecord) => ({
  id: String(event.id),
  user_id: event.user_id,
  app_id: event.app_id,
  event_name: event.event_name,
  event_timestamp: isoInstant(event.at),
  properties: JSON.parse(event.properties) as Record<string, unknown>,
  user_plan: event.user_plan,
  user_country: event.user_country,
  session_id: event.session_id,
  platform: event.platform,
  app_version: event.app_version,
  created_at: isoInstant(event.at),
});

/** What customers did, and how the team is doing (contract §11.7). */
export function analyticsRoutes(
  server: HttpServer,
  parts: { readonly queries: AnalyticsQueries; readonly events: EventStore; readonly clock: Clock },
  hooks: OperatorRouteHooks,
): void {
  const { queries, events, clock } = parts;
  const allowed = () => hooks.operator('view:analytics');

  server.post(
    `${path}/track`,
    {
      ...allowed(),
      preValidation: bodyMayBeMissing,
      schema: { tags, summary: 'Note what a user did', body: TrackBody, response: { 200: Success } },
    },
    async (request) => {
      const { body } = request;
      if (!body.userId || !body.eventName) {
        throw supportErrors.missingFields('userId and eventName are required.');
      }
      const properties = body.properties ?? {};
      checkProperties(properties);
      await events.insert({
        appId: operatorOf(request).appId,
        userId: body.userId,
        eventName: body.eventName,
        at: clock.now(),
        properties,
        userPlan: body.userPlan ?? null,
        userCountry: body.userCountry ?? null,
        sessionId: body.sessionId ?? null,
        platform: body.platform ?? null,
        appVersion: body.appVersion ?? null,
      });
      return { success: true as const };
    },
  );

  server.get(
    `${path}/events/counts`,
    {
      ...allowed(),
      schema: {
        tags,
        summary: 'How often events came',
        querystring: CountsQuery,
        response: { 200: CountsAnswer },
      },
    },
    async (request) => {
      const { startDate, endDate, eventNames } = request.query;
      const names = eventNames
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean);
      const period = periodOf(startDate, endDate);
      const counts = await queries.counts(operatorOf(request).appId, period, {
        names: names?.length ? names : undefined,
      });
      return { counts: Object.fromEntries(counts.map(({ eventName, count }) => [eventName, count])) };
    },
  );

  server.get(
    `${path}/events/top`,
    {
      ...allowed(),
      schema: {
        tags,
        summary: 'The most frequent events',
        querystring: TopQuery,
        response: { 200: TopAnswer },
      },
    },
    async (request) => {
      const { startDate, endDate, limit } = request.query;
      const period = periodOf(startDate, endDate);
      return { topEvents: [...(await queries.counts(operatorOf(request).appId, period, { limit }))] };
    },
  );

  server.get(
    `${path}/events/timeline`,
    {
      ...allowed(),
      schema: {
        tags,
        summary: 'How often one event came over time',
        querystring: TimelineQuery,
        response: { 200: TimelineAnswer },
      },
    },
    async (request) => {
      const { eventName, startDate, endDate, interval = 'day' } = request.query;
      if (!eventName || !startDate || !endDate) {
        throw supportErrors.missingParams('eventName, startDate and endDate are required.');
      }
      const counts = await queries.timeline(
        operatorOf(request).appId,
        eventName,
        periodOf(startDate, endDate),
        intervalNamed(interval),
      );
      return { timeline: [...counts].map(([at, count]) => ({ timestamp: isoInstant(at), count })) };
    },
  );

  server.get(
    `${path}/users/:userId/events`,
    {
      ...allowed(),
      schema: {
        tags,
        summary: "One user's events, newest first",
        params: UserParams,
        querystring: UserEventsQuery,
        response: { 200: UserEventsAnswer },
      },
    },
    async (request) => {
      const { startDate, endDate, limit } = request.query;
      const { appId } = operatorOf(request);
      const found = await queries.ofUser(appId, request.params.userId, periodOf(startDate, endDate), limit);
      return { events: found.map(presentEvent) };
    },
  );

  server.get(
    `${path}/overview`,
    {
      ...allowed(),
      schema: { tags, summary: 'The last 30 days', response: { 200: OverviewAnswer } },
    },
    async (request) => {
      const { appId } = operatorOf(request);
      const period = recentPeriodOf(undefined, undefined, clock.now());
      const [totals, top] = await Promise.all([
        queries.totals(appId, period),
        queries.counts(appId, period, { limit: TOP_EVENTS }),
      ]);
      return {
        totalEvents: totals.events,
        uniqueUsers: totals.users,
        topEvents: [...top],
        period: presentPeriod(period),
      };
    },
  );

  server.get(
    `${path}/messages/timeline`,
    {
      ...allowed(),
      schema: {
        tags,
        summary: 'How many messages were written over time',
        description:
          'The last 30 days by day, unless told otherwise. Empty intervals are part of the answer.',
        querystring: ChartQuery,
        response: { 200: MessagesAnswer },
      },
    },
    async (request) => {
      const { startDate, endDate, interval: name = 'day' } = request.query;
      const interval = intervalNamed(name);
      const period = recentPeriodOf(startDate, endDate, clock.now());
      const points = new Map(
        bucketsOf(period, interval).map((at) => [at, { count: 0, received: 0, sent: 0 }]),
      );
      for (const { bucket, sender, count } of await queries.messages(
        operatorOf(request).appId,
        period,
        interval,
      )) {
        const point = points.get(bucket);
        if (!point) continue;
        point.count += count;
        if (sender === 'user') point.received += count;
        if (sender === 'agent') point.sent += count;
      }
      return {
        timeline: [...points].map(([at, point]) => ({ timestamp: isoInstant(at), ...point })),
        period: presentPeriod(period),
      };
    },
  );

  server.get(
    `${path}/response-times`,
    {
      ...allowed(),
      schema: {
        tags,
        summary: 'How long visitors waited for an answer',
        querystring: ChartQuery,
        response: { 200: ResponseTimesAnswer },
      },
    },
    async (request) => {
      const { startDate, endDate, interval: name = 'day' } = request.query;
      const interval = intervalNamed(name);
      const period = recentPeriodOf(startDate, endDate, clock.now());
      const waits = await queries.waits(operatorOf(request).appId, period);
      const { timeline, ...figures } = responseTimes(waits, bucketsOf(period, interval), interval);
      return {
        ...figures,
        timeline: timeline.map(({ bucket, ...point }) => ({ timestamp: isoInstant(bucket), ...point })),
        period: presentPeriod(period),
      };
    },
  );
}
