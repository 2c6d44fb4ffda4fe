import { errors } from '../../../platform/http/errors.js';

const DAY_MS = 86_400_000;

/** A calendar day as the number of days since 1970-01-01, so that days can be counted. */
export type DayNumber = number;

/**
 * Tells on which calendar day an instant falls in a time zone.
 *
 * @param timezone an IANA name
 * @throws AppError 400 when there is no such zone
 */
export function localDays(timezone: string): (epochMs: number) => DayNumber {
  const format = formatIn(timezone);
  return (epochMs) => {
    const parts = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
    return Date.UTC(Number(parts.year), Number(parts.month) - 1, Number(parts.day)) / DAY_MS;
  };
}

/** `YYYY-MM-DD`. */
export const dateOfDay = (day: DayNumber): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

function formatIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch (cause) {
    throw errors.validation('must be an IANA time zone such as Europe/Paris', { field: 'timezone', cause });
  }
}

export interface Streaks {
  /** Days in a row up to today; 0 until something was heard today. */
  readonly current: number;
  readonly longest: number;
}

/** @param days on which something was heard to its end; in any order, also repeated */
export function streaksOf(days: Iterable<DayNumber>, today: DayNumber): Streaks {
  const heard = new Set(days);
  let current = 0;
  while (heard.has(today - current)) current += 1;
  let longest = 0;
  for (const day of heard) {
    if (heard.has(day - 1)) continue;
    let length = 1;
    while (heard.has(day + length)) length += 1;
    longest = Math.max(longest, length);
  }
  return { current, longest };
}
