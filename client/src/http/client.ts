import type { Environment } from '../environment.js';
import { wait } from '../environment.js';
import type { Log } from '../log.js';
import { errorOfAnswer } from './error-mapping.js';
import { EarshotError, isEarshotError } from './errors.js';
import type { RetryPolicy, RetryPolicyName } from './retry.js';
import { isRetryable, retryDelayMs, retryPolicies } from './retry.js';

export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** For example `/api/heroes`, or the whole address of a signed file. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as they are, in place of `body`. */
  readonly bytes?: Uint8Array<ArrayBuffer> | Blob;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A POST is sent with one of these in any case, so that repeating it does not repeat its effect. */
  readonly idempotencyKey?: string;
  readonly retry?: RetryPolicy | RetryPolicyName;
  /** Milliseconds for one attempt; 300 s unless told, since stories are told within the request. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** False for what is asked without an account. */
  readonly authenticated?: boolean;
  /** The answer is read after it was handed out; {@link HttpClient.open} sets it. */
  readonly streamed?: boolean;
}

export interface Downloaded {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string | null;
}

/** Share of the work that is done, 0 to 1. */
export type OnProgress = (share: number) => void;

/** Who the requests are made for. */
export interface Authorization {
  /** Null when nobody is signed in. */
  token(): string | null;
  /**
   * Called after a 401.
   *
   * @param refused the token that was not accepted
   * @returns whether there is another token to try
   */
  refresh(refused: string): Promise<boolean>;
  /** The replay was refused as well: the session is over. */
  expire(refused: string): Promise<void>;
}

/** What was seen of an answer, for those who keep an eye on limits and on whether the server lives. */
export interface Exchange {
  readonly path: string;
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly headers: Headers | null;
  readonly error: EarshotError | null;
}

/** Requests to one server: authorization, retries, errors with words for people. */
export interface HttpClient {
  /** The parsed JSON body. @throws EarshotError */
  json<T>(request: HttpRequest): Promise<T>;
  /** The `data` of the body. @throws EarshotError */
  data<T>(request: HttpRequest): Promise<T>;
  /** The open answer, for streams. Nothing is retried. @throws EarshotError */
  open(request: HttpRequest): Promise<Response>;
  /** Sends bytes; tells 0 at the start and 1 at the end, since `fetch` cannot see what is between. @throws EarshotError */
  upload<T>(request: HttpRequest, onProgress?: OnProgress): Promise<T>;
  /** A whole file in memory; fails rather than hand out a part of it. @throws EarshotError */
  download(request: HttpRequest, onProgress?: OnProgress): Promise<Downloaded>;
  /** Ends every request that is under way (`aborted`), so that no answer for one user reaches the next. */
  abortAll(): void;
}

export interface HttpClientParts {
  /** For example `https://stories.example.org`. */
  readonly baseUrl: string;
  readonly environment: Environment;
  readonly log: Log;
  readonly authorization: () => Authorization;
  readonly onExchange?: (exchange: Exchange) => void;
}

/** The app's time limit for one request (contract §1). */
export const REQUEST_TIMEOUT_MS = 300_000;

export function createHttpClient(parts: HttpClientParts): HttpClient {
  const { environment, log } = parts;
  const origin = new URL(parts.baseUrl).origin;
  const underWay = new Set<AbortController>();
  let aborts = 0;

  const addressOf = (request: HttpRequest): URL => {
    const address = new URL(request.path, parts.baseUrl);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    return address;
  };

  /** One attempt. The time limit is for all of it; when the answer is a stream, for its head. */
  async function attempt<T>(
    request: HttpRequest,
    token: string | null,
    read: (answer: Response) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    underWay.add(limit);
    const timeout = new EarshotError('timeout');
    const cancel = environment.after(request.timeoutMs ?? REQUEST_TIMEOUT_MS, () => limit.abort(timeout));
    const stop = (): void => limit.abort(new EarshotError('aborted', { cause: request.signal?.reason }));
    if (request.signal?.aborted) stop();
    request.signal?.addEventListener('abort', stop, { once: true });
    try {
      limit.signal.throwIfAborted();
      const result = await read(
        await environment.fetch(addressOf(request), initOf(request, token, limit.signal)),
      );
      // Not every platform's fetch lets itself be interrupted.
      limit.signal.throwIfAborted();
      return result;
    } catch (error) {
      if (isEarshotError(error)) throw error;
      if (limit.signal.aborted && isEarshotError(limit.signal.reason)) throw limit.signal.reason;
      throw new EarshotError('offline', { cause: error });
    } finally {
      cancel();
      underWay.delete(limit);
      // A stream that goes on after this is still ended by the caller's signal.
      if (!request.streamed) request.signal?.removeEventListener('abort', stop);
    }
  }

  function initOf(request: HttpRequest, token: string | null, signal: AbortSignal): RequestInit {
    const method = request.method ?? 'GET';
    const headers: Record<string, string> = { accept: 'application/json', ...request.headers };
    const ours = addressOf(request).origin === origin;
    if (token !== null && ours) headers.authorization = `Bearer ${token}`;
    if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey;
    let body: BodyInit | undefined;
    if (request.bytes !== undefined) {
      headers['content-type'] = request.contentType ?? 'application/octet-stream';
      body = request.bytes;
    } else if (request.body !== undefined) {
      headers['content-type'] = 'application/json';
      body = JSON.stringify(request.body);
    }
    // Never cookies: the token is the only credential, so signing out leaves none behind.
    return { method, headers, signal, credentials: 'omit', ...(body !== undefined && { body }) };
  }

  const failOn = async (answer: Response): Promise<void> => {
    if (answer.ok) return;
    const text = await answer.text();
    throw errorOfAnswer(answer, parsed(text), environment.now());
  };

  function currentToken(request: HttpRequest): string | null {
    if (request.authenticated === false) return null;
    const token = parts.authorization().token();
    if (token === null) throw new EarshotError('signedOut');
    return token;
  }

  /** An attempt, and after a 401 one replay with another token. */
  async function authorized<T>(request: HttpRequest, read: (answer: Response) => Promise<T>): Promise<T> {
    const observed = async (answer: Response): Promise<T> => {
      await failOn(answer).catch((error: EarshotError) => {
        seen(request, answer, error);
        throw error;
      });
      seen(request, answer, null);
      return await read(answer);
    };
    const token = currentToken(request);
    try {
      return await attempt(request, token, observed);
    } catch (error) {
      if (isEarshotError(error) && error.status === undefined) seen(request, null, error);
      if (!isEarshotError(error, 'unauthorized') || token === null) throw error;
      if (!(await parts.authorization().refresh(token))) throw error;
      return await replay(request, observed);
    }
  }

  async function replay<T>(request: HttpRequest, read: (answer: Response) => Promise<T>): Promise<T> {
    const token = currentToken(request);
    try {
      return await attempt(request, token, read);
    } catch (error) {
      if (isEarshotError(error, 'unauthorized') && token !== null) await parts.authorization().expire(token);
      throw error;
    }
  }

  function seen(request: HttpRequest, answer: Response | null, error: EarshotError | null): void {
    parts.onExchange?.({
      path: addressOf(request).pathname,
      status: answer?.status ?? null,
      headers: answer?.headers ?? null,
      error,
    });
  }

  async function retried<T>(request: HttpRequest, read: (answer: Response) => Promise<T>): Promise<T> {
    const wanted = request.retry ?? 'default';
    const policy = typeof wanted === 'string' ? retryPolicies[wanted] : wanted;
    const keyed: HttpRequest =
      request.method === 'POST' && request.idempotencyKey === undefined
        ? { ...request, idempotencyKey: environment.newId() }
        : request;
    const begun = aborts;
    for (let count = 0; ; count += 1) {
      try {
        return await authorized(keyed, read);
      } catch (error) {
        if (!isEarshotError(error)) throw error;
        const delay = delayBefore(error, count, policy);
        log('debug', 'http', 'request failed', {
          path: pathOnly(request.path),
          code: error.code,
          count,
          delay,
        });
        if (delay === null) throw error;
        await wait(environment, delay, request.signal).catch((cause: unknown) => {
          throw new EarshotError('aborted', { cause });
        });
        if (begun !== aborts) throw new EarshotError('aborted');
      }
    }
  }

  /** Null when trying again is of no use, or would keep the caller waiting for longer than the policy's cap. */
  function delayBefore(error: EarshotError, count: number, policy: RetryPolicy): number | null {
    if (count >= policy.retries || !isRetryable(error)) return null;
    if (error.resetAt === undefined) return retryDelayMs(policy, count, environment);
    const told = Math.max(error.resetAt - environment.now(), 0);
    return told <= policy.capMs ? told : null;
  }

  const readJson = async <T>(answer: Response): Promise<T> => {
    const content = parsed(await answer.text());
    if (content === undefined) throw new EarshotError('invalidAnswer', { status: answer.status });
    return content as T;
  };

  const json = <T>(request: HttpRequest): Promise<T> => retried(request, (answer) => readJson<T>(answer));

  return {
    json,
    data: async <T>(request: HttpRequest): Promise<T> => {
      const body = await json<{ readonly data?: T } | null>(request);
      if (body?.data === undefined) throw new EarshotError('invalidAnswer', { status: 200 });
      return body.data;
    },
    open: (request) => authorized({ ...request, streamed: true }, async (answer) => answer),
    upload: async <T>(request: HttpRequest, onProgress?: OnProgress): Promise<T> => {
      onProgress?.(0);
      const answer = await retried({ method: 'PUT', ...request }, async (response) => {
        const text = await response.text();
        // Stores of the S3 kind answer an upload with nothing at all.
        return (parsed(text) ?? {}) as T;
      });
      onProgress?.(1);
      return answer;
    },
    download: (request, onProgress) => retried(request, (answer) => readBytes(answer, onProgress)),
    abortAll: () => {
      aborts += 1;
      for (const limit of underWay) limit.abort(new EarshotError('aborted'));
    },
  };
}

const pathOnly = (path: string): string => path.split('?')[0] ?? path;

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readBytes(answer: Response, onProgress?: OnProgress): Promise<Downloaded> {
  // A compressed body has another length than the one announced.
  const announced = answer.headers.has('content-encoding') ? null : answer.headers.get('content-length');
  const total = announced === null ? null : Number(announced);
  const chunks: Uint8Array[] = [];
  let received = 0;
  onProgress?.(0);
  const reader = answer.body?.getReader();
  if (reader) {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      chunks.push(part.value);
      received += part.value.byteLength;
      if (total) onProgress?.(Math.min(received / total, 1));
    }
  } else {
    // React Native's fetch has no readable body.
    const whole = new Uint8Array(await answer.arrayBuffer());
    chunks.push(whole);
    received = whole.byteLength;
  }
  if (total !== null && received !== total) throw new EarshotError('truncated');
  const bytes = new Uint8Array(received);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  onProgress?.(1);
  return { bytes, contentType: answer.headers.get('content-type') };
}
