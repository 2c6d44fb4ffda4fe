import { Type } from 'typebox';

/** ISO 8601, UTC, exactly three fractional digits: the app's decoder takes nothing else. See `isoInstant` of the platform. */
export const Instant = Type.String({ format: 'date-time' });

export const InstantOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' });

/** An instant without fraction of a second, rounded up: for the two dates that the app parses from strings (§1). */
export const isoSecond = (epochMs: number): string =>
  `${new Date(Math.ceil(epochMs / 1_000) * 1_000).toISOString().slice(0, 19)}Z`;
