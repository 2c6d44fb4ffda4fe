import { Type } from 'typebox';
import { Data } from '../envelopes.js';
import { Instant, InstantOrNull } from '../instants.js';
import { NumberOrNull, optionalText, TextOrNull } from '../wire-fields.js';

const counters = {
  totalStoriesGenerated: Type.Integer(),
  totalAudioGenerated: Type.Integer(),
  totalIllustrationsGenerated: Type.Integer(),
  lastStoryGeneratedAt: InstantOrNull,
};

export const ProfileAnswer = Data(
  Type.Object({
    id: Type.String(),
    email: Type.String({ description: 'Empty for users who came without one.' }),
    emailVerified: Type.Boolean(),
    name: TextOrNull,
    image: TextOrNull,
    preferredLanguage: TextOrNull,
    createdAt: Instant,
    updatedAt: Instant,
    ...counters,
    _count: Type.Object({ heroes: Type.Integer(), customEvents: Type.Integer(), stories: Type.Integer() }),
  }),
);

export const ProfileBody = Type.Object({ name: optionalText(200), preferredLanguage: optionalText(35) });

export const UsageQuery = Type.Object({
  startDate: Type.Optional(Type.String({ maxLength: 64, description: 'ISO 8601; 30 days ago by default.' })),
  endDate: Type.Optional(Type.String({ maxLength: 64, description: 'ISO 8601; now by default.' })),
});

const Limit = Type.Object({ limit: Type.Integer(), remaining: Type.Integer(), resetAt: Instant });

const limits = {
  story_generation: Limit,
  audio_generation: Limit,
  avatar_generation: Limit,
  illustration_generation: Limit,
  ai_assistant: Limit,
};

export const UsageAnswer = Data(
  Type.Object({
    period: Type.Object({ startDate: Instant, endDate: Instant }),
    summary: Type.Object({
      totalRequests: Type.Integer(),
      successfulRequests: Type.Integer(),
      failedRequests: Type.Integer(),
      successRate: Type.Number({ description: 'Percent.' }),
      totalCost: Type.Number({ description: 'US dollars.' }),
      totalTokens: Type.Integer(),
    }),
    byOperation: Type.Array(
      Type.Object({
        operation: Type.String(),
        requests: Type.Integer(),
        successful: Type.Integer(),
        failed: Type.Integer(),
        cost: Type.Number(),
        tokens: Type.Integer(),
        averageDurationMs: NumberOrNull,
      }),
    ),
    rateLimits: Type.Object(limits),
    userStats: Type.Object(counters),
    ...limits,
  }),
);

export const DeletedAnswer = Data(Type.Object({ deleted: Type.Literal(true) }));
