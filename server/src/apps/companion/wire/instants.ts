import { errors } from '../../../platform/http/errors.js';

/** Years that are written with four digits; a model may name others. */
const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** An instant as every answer writes it: ISO 8601 with a zone (contract §1.4). */
export const isoOf = (epochMs: number): string =>
  new Date(Math.min(LAST, Math.max(FIRST, epochMs))).toISOString();

/** The same for what may be missing. */
export const isoOrNull = (epochMs: number | null): string | null =>
  epochMs === null ? null : isoOf(epochMs);

/** The texts that the app sends for nothing (contract §1.2). */
const NOTHING = new Set(['', 'null', 'no_selected', 'undefined']);

/** What a query or a field says, null when it says nothing. */
export const saidOrNull = (text: string | null | undefined): string | null =>
  text === null || text === undefined || NOTHING.has(text) ? null : text;

/**
 * Reads an instant that a client sent: ISO 8601, by its zone or else UTC.
 *
 * @returns epoch milliseconds; null for nothing
 * @throws AppError 400 naming the field
 */
export function instantOrNull(text: string | null | undefined, field: string): number | null {
  const said = saidOrNull(text);
  if (said === null) return null;
  // A `+` in an offset arrives as a blank when the client did not escape it in a query.
  const mended = said.trim().replace(/ (\d{2}:?\d{2})$/, '+$1');
  const zoned = /(z|[+-]\d{2}:?\d{2})$/i.test(mended) || !mended.includes('T') ? mended : `${mended}Z`;
  const instant = /^\d{4}-\d{2}-\d{2}/.test(zoned) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(instant)) {
    throw errors.validation(`${field} must be a date such as 2026-11-21T03:37:31Z`, { field });
  }
  return instant;
}
