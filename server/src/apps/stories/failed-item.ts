import { storageError } from '../../platform/database/failures.js';
import { toAppError } from '../../platform/http/error-body.js';
import type { Log } from '../../platform/log.js';
import { errorNameOf } from './present-error.js';

/** Why one item of many was not taken. */
export interface FailedItem {
  readonly code: string;
  readonly message: string;
}

/**
 * Tells a failure of one item apart from one of everything: the first is told beside the others, the second is thrown on.
 *
 * @throws what was thrown, when the database could not be used
 */
export function failedItem(thrown: unknown, log: Log): FailedItem {
  if (storageError(thrown)) throw thrown;
  const error = toAppError(thrown);
  if (error.statusCode >= 500) log.error({ err: thrown }, 'one item of many failed');
  const field = error.field === undefined ? '' : `${error.field}: `;
  return { code: errorNameOf(error), message: field + error.message };
}
