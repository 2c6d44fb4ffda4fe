import type { OpenAI } from 'openai';
import { errors } from '../../http/errors.js';

export interface OpenAIConnection {
  /** Default: OpenAI's own address. */
  readonly baseUrl?: string;
  /** Used when the caller brings no key. */
  readonly apiKey?: string;
}

const publicBaseUrl = 'https://api.openai.com/v1';

/** A server that asks for a longer wait than this is not waited for: the caller is told when to come back. */
const longestWaitSeconds = 20;

/** What a key may look like in a header; anything else cannot be a key. */
const sendable = /^[\x21-\x7e]+$/;

/**
 * A client for one call. The SDK is loaded when first used, and reads nothing from the environment.
 *
 * @throws AppError (unauthorized) when there is no key to use
 */
export async function openaiClient(connection: OpenAIConnection, callersKey?: string): Promise<OpenAI> {
  // A server of one's own often needs no key, but the SDK does.
  const spare = connection.baseUrl === undefined ? undefined : 'none';
  const apiKey = callersKey ?? connection.apiKey ?? spare;
  if (apiKey === undefined) throw errors.unauthorized('An OpenAI API key is needed.');
  if (!sendable.test(apiKey)) throw errors.unauthorized('Invalid OpenAI API token');
  const { OpenAI } = await import('openai');
  return new OpenAI({
    apiKey,
    baseURL: connection.baseUrl ?? publicBaseUrl,
    organization: null,
    project: null,
    logLevel: 'off',
    fetch: impatientFetch,
  });
}

/** The SDK sleeps as long as `Retry-After` says, be it a day; this takes long waits out of its hands. */
const impatientFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.ok || (retryAfterSeconds(response.headers) ?? 0) <= longestWaitSeconds) return response;
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
};

/** Seconds to wait, from `retry-after-ms` or `Retry-After` (seconds or a date). */
export function retryAfterSeconds(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  if (milliseconds && Number.isFinite(Number(milliseconds))) return Math.ceil(Number(milliseconds) / 1000);
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = Number.isFinite(Number(value)) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
