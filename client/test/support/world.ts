import type { Environment } from '../../src/index.js';

/** A device's surroundings under the control of a test: time stands still until it is told to pass. */
export interface World extends Environment {
  /** Runs what is due until then, in order, letting promises settle in between. */
  pass(ms: number): Promise<void>;
  /** The device slept: that much later nothing has fired yet. */
  skip(ms: number): void;
  /** Timers that have not fired. */
  timers(): number;
}

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Lets everything that is ready happen, including what waits for the next turn of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function createWorld(
  fetch: typeof globalThis.fetch,
  options: { readonly seed?: number; readonly now?: number; readonly name?: string } = {},
): World {
  const random = seededRandom(options.seed ?? 1);
  let now = options.now ?? Date.UTC(2026, 10, 21, 12);
  let ids = 0;
  let timers: { readonly at: number; readonly work: () => void }[] = [];
  return {
    now: () => now,
    random,
    newId: () => {
      ids += 1;
      return `${options.name ?? 'device'}-${String(ids).padStart(6, '0')}`;
    },
    fetch,
    after: (ms, work) => {
      const timer = { at: now + Math.max(ms, 0), work };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    timers: () => timers.length,
    skip: (ms) => {
      now += ms;
    },
    pass: async (ms) => {
      const end = now + ms;
      for (;;) {
        await settle();
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        now = Math.max(now, due.at);
        due.work();
      }
      now = end;
    },
  };
}
