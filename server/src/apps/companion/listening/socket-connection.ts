import { WebSocket } from 'ws';
import type { Clock } from '../../../platform/clock.js';

/** Twice what the fastest device sends (100 packets a second), and what it sends at once after a minute in a tunnel. */
const messages = { perSecond: 400, burst: 6_000 };
const bytes = { perSecond: 256 << 10, burst: 4 << 20 };
/** Bytes that may wait for one slow client. */
const mostWaiting = 1 << 20;
/** Messages that may wait to be worked on. */
const longestQueue = 64;
const resumeMilliseconds = 50;
/** How long a client may take to answer a close before its connection is cut. */
const closePatience = 1_000;

/** A socket with limits: who sends faster than anybody speaks is read more slowly, and disturbs nobody. */
export interface Connection {
  readonly socket: WebSocket;
  readonly isOpen: boolean;
  /** When the client's last message came. */
  readonly heardAt: number;
  send(text: string): void;
  close(code: number, reason?: string): void;
  /** Work that is done one by one, in the order it came. */
  inTurn(work: () => Promise<void>): void;
  /** Reads nothing until the work is done: what comes meanwhile waits in the network. */
  holdWhile(work: Promise<unknown>): void;
}

/**
 * @param hear every message in order; binary ones as they are
 * @param failed told of work in turn that failed
 */
export function createConnection(
  socket: WebSocket,
  clock: Clock,
  hear: (message: Buffer, isBinary: boolean) => void,
  failed: (error: unknown) => void,
): Connection {
  let allowedMessages = messages.burst;
  let allowedBytes = bytes.burst;
  let countedAt = clock.now();
  let heardAt = countedAt;
  const holds = new Set<unknown>();
  let queued = 0;
  let last: Promise<void> = Promise.resolve();

  const hold = (reason: unknown) => {
    holds.add(reason);
    if (!socket.isPaused) socket.pause();
  };
  const release = (reason: unknown) => {
    holds.delete(reason);
    if (holds.size === 0 && socket.isPaused) socket.resume();
  };
  const refill = () => {
    const now = clock.now();
    const seconds = Math.max(0, now - countedAt) / 1_000;
    countedAt = now;
    allowedMessages = Math.min(messages.burst, allowedMessages + seconds * messages.perSecond);
    allowedBytes = Math.min(bytes.burst, allowedBytes + seconds * bytes.perSecond);
  };
  const isTooFast = () => allowedMessages < 0 || allowedBytes < 0;
  const slowDown = () => {
    hold(refill);
    setTimeout(() => {
      refill();
      if (isTooFast() && socket.readyState === WebSocket.OPEN) slowDown();
      else release(refill);
    }, resumeMilliseconds).unref();
  };

  const close = (code: number, reason = '') => {
    socket.close(code, reason.slice(0, 120));
    // A paused socket does not hear the client's answer.
    holds.clear();
    if (socket.isPaused) socket.resume();
    setTimeout(() => socket.terminate(), closePatience).unref();
  };
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    heardAt = clock.now();
    if (socket.readyState !== WebSocket.OPEN) return;
    refill();
    allowedMessages -= 1;
    allowedBytes -= data.length;
    if (isTooFast() && !holds.has(refill)) slowDown();
    hear(data, isBinary);
  });

  return {
    socket,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    get heardAt() {
      // Who is kept waiting cannot be heard.
      return holds.size > 0 ? clock.now() : heardAt;
    },
    send(text) {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > mostWaiting) close(1001, 'too slow');
      else socket.send(text);
    },
    close,
    inTurn(work) {
      queued += 1;
      if (queued >= longestQueue) hold(longestQueue);
      last = last
        .then(work)
        .catch(failed)
        .finally(() => {
          queued -= 1;
          if (queued < longestQueue / 2) release(longestQueue);
        });
    },
    holdWhile(work) {
      hold(work);
      const done = () => release(work);
      work.then(done, done);
    },
  };
}
