import { WebSocket } from 'ws';
import { AppError, errors } from '../../../platform/http/errors.js';
import { presentOpenAIError } from '../present-error.js';
import type { Dialect } from './dialects.js';
import { errorEvent, type RealtimeEvent, RealtimeProblem } from './events.js';

/** Close codes; 3000 is what OpenAI sends to browsers for a credential that is not valid. */
export const CLOSE = {
  goingAway: 1001,
  abused: 1008,
  failed: 1011,
  later: 1013,
  unauthorized: 3000,
} as const;

export type Receive = (data: Buffer, isBinary: boolean) => void;

/** One client's socket, in its own dialect. */
export interface ClientConnection {
  readonly socket: WebSocket;
  readonly dialect: Dialect;
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal;
  /** Sends an event of the current dialect. @param sent called once it has left */
  send(event: RealtimeEvent, sent?: () => void): void;
  /** Who takes the client's messages from now on, those that came before included. */
  receiveBy(receive: Receive): void;
  /** Tells what went wrong, and closes. */
  fail(error: AppError): void;
  close(code: number, reason?: string): void;
  /** Resolves once the client has taken most of what waits for it, or has gone. */
  drained(): Promise<void>;
  /** Pings it, or cuts it off when it has not answered the last ping. */
  beat(): void;
}

/** Contract §8.1. */
export const LONGEST_SESSION_MS = 60 * 60_000;
/** Messages that a client may send per second, counted over ten: audio comes in 50 pieces a second, or 100. */
const MESSAGES_PER_SECOND = 500;
const COUNTED_SECONDS = 10;
/** Bytes that wait for a slow client before no more is made for it, and that may come before somebody answers. */
const HIGH_WATER = 4 * 1024 * 1024;
/** How long a client may take to answer a close before its connection is cut. */
const CLOSE_PATIENCE_MS = 1_000;

/** @param now milliseconds of a clock that never jumps */
export function createClientConnection(
  socket: WebSocket,
  dialect: Dialect,
  now: () => number,
): ClientConnection {
  const gone = new AbortController();
  let isAlive = true;
  let counted = { since: now(), messages: 0 };

  const close = (code: number, reason = '') => closePatiently(socket, code, reason);
  const send = (event: RealtimeEvent, sent?: () => void) => {
    for (const told of dialect.toClient(event))
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(told), sent);
  };
  const isAllowed = (): boolean => {
    if (now() - counted.since > COUNTED_SECONDS * 1_000) counted = { since: now(), messages: 0 };
    counted.messages += 1;
    const most = MESSAGES_PER_SECOND * COUNTED_SECONDS;
    if (counted.messages === most + 1) {
      send(errorEvent(errors.rateLimited('Too many messages.')));
      close(CLOSE.abused, 'rate_limit_exceeded');
    }
    return counted.messages <= most;
  };

  // What comes before it is known who answers waits here; reading goes on, so that a client that leaves is noticed.
  const early: (readonly [Buffer, boolean])[] = [];
  let earlyBytes = 0;
  let receive: Receive = (data, isBinary) => {
    early.push([data, isBinary]);
    earlyBytes += data.length;
    if (earlyBytes > HIGH_WATER) socket.pause();
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isAllowed()) receive(data, isBinary);
  });
  socket.on('pong', () => {
    isAlive = true;
  });
  const longest = setTimeout(() => {
    send(errorEvent(new RealtimeProblem('session_expired', 'A session lasts 60 minutes at most.')));
    close(CLOSE.goingAway, 'session_expired');
  }, LONGEST_SESSION_MS).unref();
  socket.on('close', () => {
    clearTimeout(longest);
    gone.abort();
  });

  return {
    socket,
    dialect,
    gone: gone.signal,
    send,
    close,
    receiveBy: (next) => {
      receive = next;
      socket.resume();
      for (const [data, isBinary] of early.splice(0)) next(data, isBinary);
    },
    fail: (error) => {
      send(errorEvent(error));
      close(closeCodeOf(error), presentOpenAIError(error).error.code ?? '');
    },
    drained: async () => {
      while (socket.readyState === WebSocket.OPEN && socket.bufferedAmount > HIGH_WATER)
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
    beat: () => {
      if (!isAlive) socket.terminate();
      isAlive = false;
      socket.ping();
    },
  };
}

/** Closes a socket, and cuts it off when the client does not answer that. */
export function closePatiently(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason.slice(0, 100));
  setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS).unref();
}

export function closeCodeOf({ statusCode }: AppError): number {
  if (statusCode === 401) return CLOSE.unauthorized;
  return statusCode === 429 ? CLOSE.later : CLOSE.failed;
}

export const asAppError = (error: unknown): AppError =>
  error instanceof AppError ? error : errors.internal({ cause: error });
