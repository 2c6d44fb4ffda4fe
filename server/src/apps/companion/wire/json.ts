/**
 * JSON as the mobile app's parser needs it (contract §1.4): a field that it declares as a double must be written with a
 * decimal point, `37.0`, which JavaScript's own writer never does.
 */

/** Cannot come from outside: the server refuses NUL characters in requests. */
const MARK = '\u0000';
const MARKED = /"\\u0000(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)"/g;

/** A number that {@link companionJson} writes with a decimal point; what is no finite number becomes null. */
export function double(value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  const text = String(value);
  return MARK + (/[.e]/.test(text) ? text : `${text}.0`);
}

/** Writes an answer; values made by {@link double} become numbers with a decimal point. */
export const companionJson = (payload: unknown): string => JSON.stringify(payload).replaceAll(MARKED, '$1');
