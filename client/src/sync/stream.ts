import type { Cancel, Environment } from '../environment.js';
import type { HttpClient } from '../http/client.js';
import { EarshotError, isEarshotError } from '../http/errors.js';
import { createEventParser } from '../http/event-stream.js';
import type { Log } from '../log.js';
import { describeError } from '../log.js';
import { backoffMs } from '../queue/backoff.js';

/** Follows `GET /api/sync/stream`, which says when there is something to pull. */
export interface LiveStream {
  /** Opens it, and opens it again whenever it ends. */
  start(): void;
  stop(): void;
  readonly connected: boolean;
}

export interface LiveStreamParts {
  readonly http: HttpClient;
  readonly environment: Environment;
  readonly log: Log;
  /** The server's sequence stands here; called after each opening and each change. */
  readonly onLatest: (position: { readonly epoch: string | null; readonly latest: number }) => void;
}

/** The server gives a sign every 15 s; after three missed ones the connection counts as dead. */
const SILENCE_LIMIT_MS = 45_000;

export function createLiveStream(parts: LiveStreamParts): LiveStream {
  const { environment, log } = parts;
  let session: AbortController | null = null;
  let cancelReopen: Cancel = () => undefined;
  let connected = false;
  let failures = 0;

  async function follow(signal: AbortSignal, close: () => void): Promise<void> {
    const answer = await parts.http.open({
      path: '/api/sync/stream',
      headers: { accept: 'text/event-stream' },
      retry: 'none',
      timeoutMs: 30_000,
      signal,
    });
    const reader = answer.body?.getReader();
    // React Native cannot read a body while it arrives: there the periodic sync has to do.
    if (!reader)
      throw new EarshotError('invalidAnswer', { serverMessage: 'this platform cannot read streams' });
    let cancelSilence: Cancel = () => undefined;
    const sign = (): void => {
      cancelSilence();
      cancelSilence = environment.after(SILENCE_LIMIT_MS, close);
    };
    const parse = createEventParser(({ data }) => {
      const position = positionIn(data);
      if (position) parts.onLatest(position);
    }, sign);
    const decoder = new TextDecoder();
    connected = true;
    failures = 0;
    sign();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        parse(decoder.decode(part.value, { stream: true }));
      }
    } finally {
      connected = false;
      cancelSilence();
    }
  }

  function open(): void {
    const current = new AbortController();
    session = current;
    follow(current.signal, () => current.abort())
      .catch((error: unknown) => {
        failures += 1;
        log('debug', 'sync', 'live stream ended', { reason: describeError(error) });
        if (isEarshotError(error, 'signedOut', 'unauthorized')) session = null;
      })
      .finally(() => {
        if (session !== current) return;
        cancelReopen = environment.after(backoffMs(failures, environment), () => {
          if (session === current) open();
        });
      });
  }

  return {
    start: () => {
      if (!session) open();
    },
    stop: () => {
      const current = session;
      session = null;
      cancelReopen();
      current?.abort();
    },
    get connected() {
      return connected;
    },
  };
}

function positionIn(data: string): { readonly epoch: string | null; readonly latest: number } | null {
  try {
    const told = JSON.parse(data) as { readonly epoch?: unknown; readonly latest?: unknown } | null;
    if (typeof told?.latest !== 'number') return null;
    return { epoch: typeof told.epoch === 'string' ? told.epoch : null, latest: told.latest };
  } catch {
    return null;
  }
}
