import type { APIError } from 'openai';
import { AppError, errors } from '../../http/errors.js';
import { retryAfterSeconds } from './client.js';

/** Whom the user is told about, and what may be wrong with a request that was rejected. */
export interface Provider {
  readonly name: string;
  readonly rejects: string;
}

export const speechProvider: Provider = {
  name: 'speech provider',
  rejects: 'it may not know the model or the voice',
};

export const unreachable = ({ name } = speechProvider) =>
  errors.upstreamUnavailable(`The ${name} cannot be reached.`);
export const tooSlow = ({ name } = speechProvider) =>
  errors.upstreamTimeout(`The ${name} did not answer in time.`);
export const incomplete = ({ name } = speechProvider) =>
  errors.upstreamFailed(`The answer of the ${name} was incomplete or could not be understood.`);

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
  provider = speechProvider,
): Promise<T> {
  signal?.throwIfAborted();
  // Not by AbortSignal.any: Node keeps such a signal, and the whole answer with it, for as long as somebody listens to it, and
  // the SDK never stops to.
  const either = new AbortController();
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    either.abort(tooSlow(provider));
  }, milliseconds).unref();
  const leave = () => either.abort(signal?.reason);
  signal?.addEventListener('abort', leave, { once: true });
  // The SDK does not look at the signal while it waits for the next attempt.
  const stopped = new Promise<never>((_, reject) => {
    either.signal.addEventListener('abort', () => reject(either.signal.reason), { once: true });
  });
  try {
    return await Promise.race([call(either.signal), stopped]);
  } catch (error) {
    signal?.throwIfAborted();
    if (isLate) throw tooSlow(provider);
    throw await inOurWords(error, provider);
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', leave);
  }
}

/** The failure of a call to the provider as one of the catalogue; nothing of what the provider wrote is in it. */
export async function inOurWords(error: unknown, provider = speechProvider): Promise<AppError> {
  if (error instanceof AppError) return error;
  const { APIConnectionError, APIConnectionTimeoutError, APIError } = await import('openai');
  if (error instanceof APIConnectionTimeoutError) return tooSlow(provider);
  if (error instanceof APIConnectionError) return unreachable(provider);
  if (error instanceof APIError && error.status !== undefined) return byStatus(error, error.status, provider);
  // What is left is a body that broke off or could not be parsed.
  return incomplete(provider);
}

function byStatus(error: APIError, status: number, provider: Provider): AppError {
  const { name, rejects } = provider;
  if (status === 401) return errors.unauthorized(`The ${name} does not accept the API key.`);
  if (status === 402) return noCredit(name);
  if (status === 403)
    return errors.forbidden(`The ${name} does not let this API key use this model or voice.`);
  if (status === 429)
    return error.code === 'insufficient_quota'
      ? noCredit(name)
      : errors.rateLimited(`The ${name} is asked too often with this API key.`, retryAfter(error));
  if (status === 404) return errors.badRequest(`The ${name} does not know this model or address.`);
  if (status === 408) return tooSlow(provider);
  if (status === 413) return errors.tooLarge(`The ${name} does not take that much at once.`);
  if (status >= 500)
    return errors.upstreamUnavailable(`The ${name} has a fault at the moment.`, retryAfter(error));
  if (isRefusal(error)) return errors.badRequest(`The ${name} refuses this for reasons of safety.`);
  return errors.badRequest(`The ${name} rejected the request: ${rejects}.`);
}

const noCredit = (name: string) =>
  errors.quotaExceeded(`The account of this API key has no credit left with the ${name}.`);

const isRefusal = ({ code }: APIError): boolean =>
  code === 'moderation_blocked' || code === 'content_policy_violation' || code === 'content_filter';

function retryAfter(error: APIError): { retryAfterSeconds?: number } {
  const seconds = retryAfterSeconds(error.headers);
  return seconds === undefined ? {} : { retryAfterSeconds: seconds };
}
