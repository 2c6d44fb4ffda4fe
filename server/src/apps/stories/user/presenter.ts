import type { Static } from 'typebox';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { isoSecond } from '../instants.js';
import type { LimitState } from '../services.js';
import type { StoryProfileRow } from '../tables.js';
import type { ProfileAnswer, UsageAnswer } from './schemas.js';
import type { UserService } from './service.js';

/** The four fields that this app adds to every `user` (contract §2.2). */
export const presentCounters = (counters: StoryProfileRow) => ({
  totalStoriesGenerated: counters.total_stories,
  totalAudioGenerated: counters.total_audio,
  totalIllustrationsGenerated: counters.total_illustrations,
  lastStoryGeneratedAt: counters.last_story_at === null ? null : isoInstant(counters.last_story_at),
});

export const presentProfile = ({
  account,
  counters,
  counts,
}: Awaited<ReturnType<UserService['profile']>>): Static<typeof ProfileAnswer>['data'] => ({
  id: account.id,
  email: account.email,
  emailVerified: account.emailVerified,
  name: account.name,
  image: account.image,
  preferredLanguage: counters.preferred_language,
  createdAt: isoInstant(account.createdAt),
  updatedAt: isoInstant(account.updatedAt),
  ...presentCounters(counters),
  _count: counts,
});

/** Both shapes of contract §3.4: the limits directly, for the app, and once more under `rateLimits`. */
export function presentUsage({
  start,
  end,
  operations,
  limits,
  counters,
}: Awaited<ReturnType<UserService['usage']>>): Static<typeof UsageAnswer>['data'] {
  const sum = (of: (one: (typeof operations)[number]) => number) =>
    operations.reduce((total, one) => total + of(one), 0);
  const totalRequests = sum(({ requests }) => requests);
  const successfulRequests = sum(({ successful }) => successful);
  const rateLimits = {
    story_generation: presentLimit(limits.story_generation),
    audio_generation: presentLimit(limits.audio_generation),
    avatar_generation: presentLimit(limits.avatar_generation),
    illustration_generation: presentLimit(limits.illustration_generation),
    ai_assistant: presentLimit(limits.ai_assistant),
  };
  return {
    period: { startDate: isoInstant(start), endDate: isoInstant(end) },
    summary: {
      totalRequests,
      successfulRequests,
      failedRequests: sum(({ failed }) => failed),
      successRate: totalRequests === 0 ? 0 : Math.round((successfulRequests / totalRequests) * 10_000) / 100,
      totalCost: sum(({ cost }) => cost),
      totalTokens: sum(({ tokens }) => tokens),
    },
    byOperation: [...operations],
    rateLimits,
    userStats: presentCounters(counters),
    ...rateLimits,
  };
}

const presentLimit = ({ limit, remaining, resetAt }: LimitState) => ({
  limit,
  remaining,
  resetAt: isoSecond(resetAt),
});
