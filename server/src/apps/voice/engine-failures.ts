import { AppError, errors } from '../../platform/http/errors.js';
import type { VoiceCaller } from './callers.js';

/**
 * A failure of an engine as the caller may hear it: a refused key is the caller's own matter only when it is the caller's
 * key.
 */
export function fromEngine(error: unknown, { apiKey }: VoiceCaller): unknown {
  if (apiKey !== undefined || !(error instanceof AppError) || error.statusCode !== 401) return error;
  return errors.unavailable('The assistant cannot be used: this server’s own key for it is refused.', {
    cause: error,
  });
}
