import { errors } from './errors.js';

/** `2026-11-21 03:37:31`, as SQLite's CURRENT_TIMESTAMP writes it: UTC without saying so. */
const SQLITE_FORM = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?)$/;
/** ISO 8601 with a zone, with or without seconds' fractions. */
const ISO_FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;
/** Unix milliseconds: at least eleven digits, so that a year or a second count is not taken for one. */
const MILLISECONDS_FORM = /^\d{11,14}$/;

/** An instant as every answer writes it: ISO 8601, UTC, three fractional digits. */
export const isoInstant = (epochMs: number): string => new Date(epochMs).toISOString();

/**
 * Reads an instant that a client sent: ISO 8601 with a zone, SQLite's text form, or Unix milliseconds.
 *
 * @returns epoch milliseconds
 * @throws AppError 400 naming the field
 */
export function parseInstant(text: string, field: string): number {
  const instant = MILLISECONDS_FORM.test(text) ? Number(text) : Date.parse(isoFormOf(text));
  if (Number.isNaN(instant)) {
    throw errors.validation(`${field} must be an instant such as 2026-11-21T03:37:31Z`, { field });
  }
  return instant;
}

function isoFormOf(text: string): string {
  // A `+` in an offset arrives as a space when the client did not escape it in a query.
  const zoned = text.replace(/(T\S+) (\d{2}:?\d{2})$/, '$1+$2');
  const sqlite = SQLITE_FORM.exec(zoned);
  if (sqlite) return `${sqlite[1]}T${sqlite[2]}Z`;
  return ISO_FORM.test(zoned) ? zoned : 'not an instant';
}
