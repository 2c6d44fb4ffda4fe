import type { OpenAI } from 'openai';
import { errors } from '../../http/errors.js';
import { directFetch } from './direct-fetch.js';

export interface OpenAIConnection {
  /** Default: OpenAI's own address. */
  readonly baseUrl?: string;
  /** Used when the caller brings no key. */
  readonly apiKey?: string;
}

const publicBaseUrl = 'https://api.openai.com/v1';

export interface CallLimits {
  /** Bytes of a body that are read at most; more fails the call. */
  readonly longestResponse?: number;
  /** Answers are streams of events, which are worth a quicker way than `fetch`. */
  readonly streams?: boolean;
  /** A server that asks for a longer wait than this is not waited for: the caller is told when to come back. */
  readonly longestWaitSeconds?: number;
}

/** What a key may look like in a header; anything else cannot be a key. */
const sendable = /^[\x21-\x7e]+$/;

/**
 * A client for one call. The SDK is loaded when first used, and reads nothing from the environment.
 *
 * @throws AppError (unauthorized) when there is no key to use
 */
export async function openaiClient(
  connection: OpenAIConnection,
  callersKey?: string,
  limits: CallLimits = {},
): Promise<OpenAI> {
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
    fetch: impatientFetch(limits),
  });
}

/** The SDK sleeps as long as `Retry-After` says, be it a day, and reads whatever comes; this takes both out of its hands. */
const impatientFetch =
  ({ longestWaitSeconds = 20, longestResponse, streams = false }: CallLimits): typeof fetch =>
  async (input, init) => {
    const direct = streams ? await directFetch(input, init, longestResponse) : null;
    if (direct?.ok) return direct;
    const response = direct ?? (await fetch(input, init));
    const { body, status, statusText, headers: received, ok } = response;
    const headers = new Headers(received);
    if (!ok && (retryAfterSeconds(received) ?? 0) > longestWaitSeconds)
      headers.set('x-should-retry', 'false');
    const capped = longestResponse === undefined ? body : (body?.pipeThrough(cap(longestResponse)) ?? null);
    return new Response(capped, { status, statusText, headers });
  };

function cap(longest: number): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform(chunk, controller) {
      length += chunk.length;
      if (length > longest) controller.error(new RangeError('The response is too long.'));
      else controller.enqueue(chunk);
    },
  });
}

/** Seconds to wait, from `retry-after-ms` or `Retry-After` (seconds or a date). */
export function retryAfterSeconds(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  if (milliseconds && Number.isFinite(Number(milliseconds))) return Math.ceil(Number(milliseconds) / 1000);
  const value = headers?.get('retry-after');
  if (!value) return undefined;
  const seconds = Number.isFinite(Number(value)) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
