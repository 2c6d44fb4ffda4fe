import { createHash } from 'node:crypto';

/** Chooses; equal seeds choose alike. */
export interface Chance {
  /** One of several, which must not be none. */
  of<T>(options: readonly T[]): T;
}

/** A small generator of numbers (mulberry32) that begins at the hash of a text. */
export function chanceOf(seed: string): Chance {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    of: (options) => {
      const chosen = options[Math.floor(next() * options.length)];
      if (chosen === undefined) throw new RangeError('There is nothing to choose from.');
      return chosen;
    },
  };
}
