import { PassThrough, type Readable } from 'node:stream';
import type { Changes } from '../../../platform/changes/changes.js';
import type { Unsubscribe } from '../../../platform/events/events.js';
import { toAppError } from '../../../platform/http/error-body.js';
import { errors } from '../../../platform/http/errors.js';
import type { Caller } from '../../../platform/identity/caller.js';
import type { CredentialHeaders } from '../../../platform/identity/callers.js';
import type { Platform } from '../../../platform/platform.js';

/** Open streams of one user on one node: more devices than a family has. */
const STREAMS_PER_USER = 30;
/** Keeps proxies from dropping the connection, and finds out whether the credential has expired. */
const HEARTBEAT_MS = 15_000;
/** A stream tells of changes at most so often. */
const COALESCE_MS = 100;

/** Server-sent events that say when to pull. */
export interface Streams {
  /**
   * Opens a stream; it begins with `ready` and ends when the reader goes or the credential opens nothing any more.
   *
   * @throws AppError 429 when the user has too many of them open
   */
  open(caller: Caller, headers: CredentialHeaders): Promise<Readable>;
  /** How many are open on this node. */
  count(): number;
  /** Ends all of them: their readers come back to another node. */
  close(): void;
}

export function createStreams({
  callers,
  changes,
  log,
}: Pick<Platform, 'callers' | 'changes' | 'log'>): Streams {
  const openOf = new Map<string, Set<PassThrough>>();

  return {
    open: async (caller, headers) => {
      const { userId } = caller;
      const mine = openOf.get(userId) ?? new Set();
      if (mine.size >= STREAMS_PER_USER) {
        throw errors.rateLimited('Too many streams are open. Close one first.', { retryAfterSeconds: 30 });
      }
      const stream = new PassThrough();
      openOf.set(userId, mine.add(stream));
      const cleanUp: (() => void)[] = [];
      stream.once('close', () => {
        for (const undo of cleanUp) undo();
        mine.delete(stream);
        if (mine.size === 0) openOf.delete(userId);
      });
      try {
        const unfollow = await tell(stream, changes, userId);
        cleanUp.push(() => {
          unfollow().catch((error: unknown) =>
            log.warn({ err: error }, 'a stream could not be unsubscribed'),
          );
        });
      } catch (error) {
        stream.destroy();
        throw error;
      }
      cleanUp.push(callers.onRevoked(caller, () => stream.end()));
      const timer = setInterval(() => {
        // Whoever has not read since the last heartbeat is gone without having said so.
        if (stream.writableEnded || stream.writableNeedDrain) stream.destroy();
        else stream.write(': still here\n\n');
        callers.verify(headers, { isSafe: true }).catch((error: unknown) => {
          if (toAppError(error).statusCode === 401) stream.end();
        });
      }, HEARTBEAT_MS);
      cleanUp.push(() => clearInterval(timer));
      return stream;
    },
    count: () => [...openOf.values()].reduce((sum, { size }) => sum + size, 0),
    close: () => {
      for (const stream of [...openOf.values()].flatMap((streams) => [...streams])) stream.end();
    },
  };
}

/** Writes `ready` and then every new number, coalesced. Resolves once `ready` is written, with how to stop. */
async function tell(stream: PassThrough, changes: Changes, userId: string): Promise<Unsubscribe> {
  let told = Number.POSITIVE_INFINITY;
  let newest = 0;
  let pause: NodeJS.Timeout | null = null;
  const send = () => {
    if (pause || newest <= told || stream.writableEnded || stream.destroyed) return;
    told = newest;
    stream.write(event('change', { latest: newest }));
    pause = setTimeout(() => {
      pause = null;
      send();
    }, COALESCE_MS);
  };
  const unfollow = await changes.follow(userId, (latest) => {
    newest = Math.max(newest, latest);
    send();
  });
  try {
    // Followed before it is read, so that nothing falls between the two.
    const { epoch, latest } = await changes.state(userId);
    told = latest;
    stream.write(event('ready', { epoch, latest }));
    send();
  } catch (error) {
    await unfollow();
    throw error;
  }
  return async () => {
    if (pause) clearTimeout(pause);
    await unfollow();
  };
}

const event = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
