import { bucketOf, type Interval } from './period.js';
import type { Wait } from './queries.js';

export interface WaitFigures {
  readonly answered: number;
  readonly averageSeconds: number | null;
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
}

/** How long people waited, over a period and for each of its intervals. */
export function responseTimes(waits: readonly Wait[], buckets: readonly number[], interval: Interval) {
  const byBucket = new Map<number, Wait[]>(buckets.map((bucket) => [bucket, []]));
  for (const wait of waits) byBucket.get(bucketOf(wait.at, interval))?.push(wait);
  return {
    ...figures(waits),
    waiting: waits.filter(({ answeredAt }) => answeredAt === null).length,
    timeline: [...byBucket].map(([bucket, theirs]) => ({ bucket, ...figures(theirs) })),
  };
}

function figures(waits: readonly Wait[]): WaitFigures {
  const seconds = waits
    .flatMap(({ at, answeredAt }) => (answeredAt === null ? [] : [(answeredAt - at) / 1_000]))
    .sort((a, b) => a - b);
  const sum = seconds.reduce((total, one) => total + one, 0);
  return {
    answered: seconds.length,
    averageSeconds: seconds.length === 0 ? null : sum / seconds.length,
    medianSeconds: quantile(seconds, 0.5),
    p90Seconds: quantile(seconds, 0.9),
  };
}

/** By the nearest rank: the smallest value that at least this share does not exceed. */
const quantile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
