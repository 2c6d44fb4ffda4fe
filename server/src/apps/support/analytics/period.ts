import { supportErrors } from '../errors.js';

/** From and to, both inclusive, epoch milliseconds; null is open. */
export interface Period {
  readonly from: number | null;
  readonly to: number | null;
}

export const intervals = ['hour', 'day', 'week', 'month'] as const;
export type Interval = (typeof intervals)[number];

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** The epoch began on a Thursday; weeks begin on Mondays. */
const FIRST_MONDAY_MS = 4 * DAY_MS;

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads dates as charts send them: instants or days (UTC); a day as the end means its last millisecond.
 *
 * @throws AppError 400 `VALIDATION_ERROR`
 */
export const periodOf = (startDate: string | undefined, endDate: string | undefined): Period => ({
  from: startDate === undefined ? null : instantOf(startDate, 'startDate'),
  to:
    endDate === undefined ? null : instantOf(endDate, 'endDate') + (DATE_ONLY.test(endDate) ? DAY_MS - 1 : 0),
});

/** The same, where what is left out is the last 30 days. */
export function recentPeriodOf(
  startDate: string | undefined,
  endDate: string | undefined,
  now: number,
): { readonly from: number; readonly to: number } {
  const { from, to } = periodOf(startDate, endDate);
  const end = to ?? now;
  return { from: from ?? end - 30 * DAY_MS, to: end };
}

function instantOf(text: string, field: string): number {
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) {
    throw supportErrors.validation(`${field} must be a date or an instant, such as 2026-01-31`, { field });
  }
  return instant;
}

/** @throws AppError 400 `INVALID_INTERVAL` */
export function intervalNamed(name: string): Interval {
  const known = intervals.find((interval) => interval === name);
  if (!known) throw supportErrors.invalidInterval();
  return known;
}

/** The beginning (UTC) of the interval that an instant is in. */
export function bucketOf(at: number, interval: Interval): number {
  if (interval === 'hour') return at - (at % HOUR_MS);
  if (interval === 'day') return at - (at % DAY_MS);
  if (interval === 'week') return at - ((((at - FIRST_MONDAY_MS) % WEEK_MS) + WEEK_MS) % WEEK_MS);
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** The beginning of the interval after the one that begins at `bucket`. */
export function nextBucket(bucket: number, interval: Interval): number {
  if (interval === 'hour') return bucket + HOUR_MS;
  if (interval === 'day') return bucket + DAY_MS;
  if (interval === 'week') return bucket + WEEK_MS;
  const date = new Date(bucket);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** More points than this no chart can show. */
const MAX_BUCKETS = 2_000;

/**
 * The beginnings of all intervals that a period touches.
 *
 * @throws AppError 400 when there are more than a chart can show
 */
export function bucketsOf(
  period: { readonly from: number; readonly to: number },
  interval: Interval,
): number[] {
  const buckets: number[] = [];
  for (let at = bucketOf(period.from, interval); at <= period.to; at = nextBucket(at, interval)) {
    if (buckets.length === MAX_BUCKETS) {
      throw supportErrors.validation(
        `At most ${MAX_BUCKETS} intervals fit into one answer; choose longer ones.`,
        {
          field: 'interval',
        },
      );
    }
    buckets.push(at);
  }
  return buckets;
}
