import { AppError, errors } from '../../../platform/http/errors.js';

/** A busy upstream that does not say when to come back: the app would take a missing time for an hour. */
const BUSY_SECONDS = 60;

/**
 * Runs a call of an engine and tells its failures as this contract does (§1.2): the upstream's refusal of the server's own
 * key must not reach the app as a 401, which would sign the user out.
 *
 * @throws AppError 429 `RATE_LIMIT`, 500 `ServerError`, 502 `AI_ERROR`; failures of this server as they are
 */
export async function fromEngine<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw inThisContractsWords(error);
  }
}

function inThisContractsWords(error: unknown): unknown {
  if (!(error instanceof AppError) || isOurs(error)) return error;
  const { statusCode, message, retryAfterSeconds = BUSY_SECONDS, cause } = error;
  if (statusCode === 429) return new AppError('RATE_LIMIT', 429, message, { retryAfterSeconds, cause });
  if (statusCode === 401) {
    return new AppError(
      'ServerError',
      500,
      'This server cannot use its AI provider: the key is missing or refused.',
    );
  }
  return new AppError('AI_ERROR', 502, message, { cause });
}

/** A full disk, a stopping server, an engine thread that broke: trying again by ourselves can help. */
export const isOurs = (error: AppError): boolean =>
  error.statusCode === 507 || error.code === 'UNAVAILABLE' || error.code === 'INTERNAL_ERROR';

/** An answer of a model that cannot be used. */
export const unusable = (what: string): AppError =>
  errors.upstreamFailed(`The AI answered with ${what} that cannot be used. Please try again.`);
