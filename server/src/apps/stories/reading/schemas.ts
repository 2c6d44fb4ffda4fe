import { Type } from 'typebox';
import { Data, Pagination } from '../envelopes.js';
import { Instant, InstantOrNull } from '../instants.js';

const id = Type.String({ minLength: 1, maxLength: 200 });
const instantIn = Type.String({ minLength: 1, maxLength: 64 });
const StringOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] });
const NumberOrNull = Type.Unsafe<number | null>({ type: ['number', 'null'] });
const IntegerOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] });

export const timezoneQuery = { timezone: Type.String({ minLength: 1, maxLength: 100, default: 'UTC' }) };

export const StoryParams = Type.Object({ id });

export const Played = Data(
  Type.Object({ id: Type.String(), playCount: Type.Integer(), lastPlayedAt: InstantOrNull }),
);

export const SessionBody = Type.Object({
  storyId: id,
  startedAt: Type.Optional(instantIn),
  endedAt: Type.Optional(instantIn),
  duration: Type.Optional(Type.Number({ description: 'Seconds.', maximum: 31_536_000 })),
  completed: Type.Boolean(),
});

const Session = Type.Object({
  id: Type.String(),
  userId: Type.String(),
  storyId: Type.String(),
  startedAt: Instant,
  endedAt: InstantOrNull,
  duration: IntegerOrNull,
  completed: Type.Boolean(),
  createdAt: Instant,
  updatedAt: Instant,
});

export const ReportedSession = Data(Session);

export const SessionsQuery = {
  storyId: Type.Optional(id),
  startDate: Type.Optional(instantIn),
  endDate: Type.Optional(instantIn),
  completed: Type.Optional(Type.Boolean()),
};

export const Sessions = Data(Type.Object({ sessions: Type.Array(Session), pagination: Pagination }));

const counts = {
  totalStoriesListened: Type.Integer(),
  currentStreak: Type.Integer(),
  longestStreak: Type.Integer(),
  lastListeningDate: StringOrNull,
};

export const Totals = Data(
  Type.Object({
    userId: Type.String(),
    totalListeningTimeSeconds: Type.Integer(),
    ...counts,
    updatedAt: Instant,
  }),
);

export const Summary = Data(
  Type.Object({
    ...counts,
    totalListeningTimeMinutes: Type.Integer(),
    favoriteStoriesCount: Type.Integer(),
  }),
);

export const Activity = Data(
  Type.Object({
    range: Type.String(),
    timezone: Type.String(),
    startDate: Type.String(),
    endDate: Type.String(),
    activity: Type.Array(Type.Object({ date: Type.String(), minutes: Type.Integer() })),
  }),
);

export const Heroes = Data(
  Type.Object({
    heroes: Type.Array(
      Type.Object({
        heroId: Type.String(),
        heroName: Type.String(),
        avatarUrl: StringOrNull,
        storiesCount: Type.Integer(),
        totalListeningMinutes: Type.Integer(),
        isMostActive: Type.Boolean(),
      }),
    ),
  }),
);

export const Milestones = Data(
  Type.Object({
    milestones: Type.Array(
      Type.Object({
        id: Type.String(),
        category: Type.String(),
        title: Type.String(),
        description: Type.String(),
        emoji: Type.String(),
        unlocked: Type.Boolean(),
        unlockedAt: StringOrNull,
        progress: Type.Optional(Type.Integer()),
        target: Type.Optional(Type.Integer()),
        percentage: Type.Optional(Type.Integer()),
      }),
    ),
    summary: Type.Object({
      totalMilestones: Type.Integer(),
      unlockedCount: Type.Integer(),
      newlyUnlocked: Type.Optional(Type.Array(Type.String())),
    }),
  }),
);

const MostListened = Type.Object({
  storyId: Type.String(),
  title: Type.String(),
  playCount: Type.Integer(),
});

export const Insights = Data(
  Type.Object({
    insights: Type.Object({
      averageStoryLengthMinutes: NumberOrNull,
      averageListensPerStory: NumberOrNull,
      preferredListeningHour: IntegerOrNull,
      preferredListeningPeriod: StringOrNull,
      mostListenedStory: Type.Union([MostListened, Type.Null()]),
      totalUniqueStoriesListened: Type.Integer(),
    }),
  }),
);
