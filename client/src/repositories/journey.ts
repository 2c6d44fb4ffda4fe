import type { Environment } from '../environment.js';
import type { HttpClient } from '../http/client.js';
import type {
  JourneyActivity,
  JourneyHeroes,
  JourneyInsights,
  JourneyMilestones,
  JourneyRange,
  JourneySummary,
} from '../wire/journey.js';

/** Answers about the reading journey are kept in memory for this long (contract §7.3). */
export const JOURNEY_TTL_MS = 300_000;

export interface JourneyRepository {
  summary(timezone?: string): Promise<JourneySummary>;
  activity(range: JourneyRange, timezone?: string): Promise<JourneyActivity>;
  heroes(): Promise<JourneyHeroes>;
  milestones(): Promise<JourneyMilestones>;
  insights(): Promise<JourneyInsights>;
  /** Drops what is kept, after a listening session was reported and at sign-out. */
  forget(): void;
}

export function createJourneyRepository(parts: {
  readonly http: HttpClient;
  readonly environment: Environment;
}): JourneyRepository {
  const kept = new Map<string, { readonly until: number; readonly answer: Promise<unknown> }>();
  const ask = <T>(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<T> => {
    const key = `${path}?${JSON.stringify(query)}`;
    const known = kept.get(key);
    const now = parts.environment.now();
    if (known && known.until > now) return known.answer as Promise<T>;
    const answer = parts.http.data<T>({ path: `/api/analytics/${path}`, query });
    const entry = { until: now + JOURNEY_TTL_MS, answer };
    kept.set(key, entry);
    answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return answer;
  };
  return {
    summary: (timezone) => ask('summary', { timezone }),
    activity: (range, timezone) => ask('activity', { range, timezone }),
    heroes: () => ask('heroes'),
    milestones: () => ask('milestones'),
    insights: () => ask('insights'),
    forget: () => kept.clear(),
  };
}
