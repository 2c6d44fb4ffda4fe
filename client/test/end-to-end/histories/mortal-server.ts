import type { ChildServer } from '../../../../server/test/support/child-server.js';
import { startChildServer } from '../../../../server/test/support/child-server.js';

/** A server that is killed every so many requests, and comes back on the same data. */
export interface MortalServer {
  /** Where it is, once it is there. */
  url(): Promise<string>;
  /** Null while it is dead. */
  urlNow(): string | null;
  /** A request is about to be sent; it may be one of those that the server does not survive. */
  count(): void;
  readonly kills: number;
  /** The longest time in milliseconds from a kill to a server that accepts requests. */
  readonly slowestReturn: number;
  stop(): Promise<void>;
}

/** The server dies at a random moment within this time after the request that it does not survive was sent. */
const LAST_MS = 8;

export async function startMortalServer(
  environment: Readonly<Record<string, string>>,
  { requestsPerLife }: { readonly requestsPerLife: number },
): Promise<MortalServer> {
  let living: Promise<ChildServer> = startChildServer(environment);
  let now: ChildServer | null = await living;
  let left = requestsPerLife * Math.random();
  let kills = 0;
  let slowestReturn = 0;

  async function kill(victim: ChildServer): Promise<ChildServer> {
    const began = performance.now();
    await victim.end('SIGKILL');
    // A machine that is too busy for a start now may be less so in a minute.
    const next = await startChildServer(environment).catch(() => startChildServer(environment));
    now = next;
    left = requestsPerLife * (0.5 + Math.random());
    slowestReturn = Math.max(slowestReturn, performance.now() - began);
    return next;
  }

  return {
    url: async () => (await living).url,
    urlNow: () => now?.url ?? null,
    count: () => {
      left -= 1;
      const victim = now;
      if (left > 0 || !victim) return;
      left = Number.POSITIVE_INFINITY;
      setTimeout(() => {
        now = null;
        kills += 1;
        living = kill(victim);
        // Whoever asks for its address hears of it.
        living.catch(() => undefined);
      }, Math.random() * LAST_MS);
    },
    get kills() {
      return kills;
    },
    get slowestReturn() {
      return slowestReturn;
    },
    stop: async () => {
      await (await living).end('SIGTERM');
    },
  };
}
