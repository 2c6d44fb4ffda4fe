import { supportErrors } from '../errors.js';

const DEEPEST = 5;
const LONGEST_VALUE_BYTES = 1_024;

/**
 * Refuses properties that are no properties of an event but a dump (contract §3.8).
 *
 * @throws AppError 400 naming the property
 */
export function checkProperties(properties: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(properties)) {
    const field = `properties/${name.slice(0, 50)}`;
    if (Buffer.byteLength(JSON.stringify(value)) > LONGEST_VALUE_BYTES) {
      throw supportErrors.validation(`body/${field} must not be longer than 1 kB`, { field });
    }
    // The object of the properties itself is the first level.
    if (depthOf(value) + 1 > DEEPEST) {
      throw supportErrors.validation(`body/${field} must not be nested deeper than ${DEEPEST} levels`, {
        field,
      });
    }
  }
}

/** Safe to recurse: a value of 1 kB cannot be nested deeper than 512 levels. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
