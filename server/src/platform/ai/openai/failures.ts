import type { APIError } from 'openai';
import { AppError, errors } from '../../http/errors.js';
import { retryAfterSeconds } from './client.js';

export const unreachable = () => errors.upstreamUnavailable('The speech provider cannot be reached.');
const tooSlow = () => errors.upstreamUnavailable('The speech provider did not answer in time.');

/**
 * Runs a call to the provider with a deadline over all its attempts, and tells its failures in our own words: what the
 * provider wrote may repeat the key, so it is neither quoted nor kept as a cause.
 *
 * @param milliseconds for everything, waits between attempts and the reading of the body included
 */
export async function withDeadline<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = AbortSignal.timeout(milliseconds);
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
  // The SDK does not look at the signal while it waits for the next attempt.
  const stopped = new Promise<never>((_, reject) => {
    either.addEventListener('abort', () => reject(either.reason), { once: true });
  });
  try {
    return await Promise.race([call(either), stopped]);
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted) throw tooSlow();
    throw await inOurWords(error);
  }
}

async function inOurWords(error: unknown): Promise<AppError> {
  if (error instanceof AppError) return error;
  const { APIConnectionError, APIConnectionTimeoutError, APIError } = await import('openai');
  if (error instanceof APIConnectionTimeoutError) return tooSlow();
  if (error instanceof APIConnectionError) return unreachable();
  if (error instanceof APIError && error.status !== undefined) return byStatus(error, error.status);
  // What is left is a body that broke off or could not be parsed.
  return errors.upstreamFailed(
    'The answer of the speech provider was incomplete or could not be understood.',
  );
}

function byStatus(error: APIError, status: number): AppError {
  if (status === 401) return errors.unauthorized('The speech provider does not accept the API key.');
  if (status === 403)
    return errors.forbidden('The speech provider does not let this API key use this model or voice.');
  if (status === 429) return tooMany(error);
  if (status === 404) return errors.badRequest('The speech provider does not know this model or address.');
  if (status === 408) return tooSlow();
  if (status >= 500)
    return errors.upstreamUnavailable('The speech provider has a fault at the moment.', retryAfter(error));
  return errors.badRequest(
    'The speech provider rejected the request: it may not know the model or the voice.',
  );
}

function tooMany(error: APIError): AppError {
  return error.code === 'insufficient_quota'
    ? errors.quotaExceeded('The account of this API key has no credit left with the speech provider.')
    : errors.rateLimited('The speech provider is asked too often with this API key.', retryAfter(error));
}

function retryAfter(error: APIError): { retryAfterSeconds?: number } {
  const seconds = retryAfterSeconds(error.headers);
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
}
