/** An escape in JSON text: half of a surrogate pair, which `JSON.stringify` writes as `\udXXX`, or any other. */
const ESCAPE = /\\(ud[89a-f][0-9a-f]{2}|.)/g;

/**
 * JSON that every database can look into: halves of surrogate pairs, which PostgreSQL refuses to read as JSON, become
 * the replacement character.
 */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value).replace(ESCAPE, (found) => (found.length > 2 ? '\\ufffd' : found));
