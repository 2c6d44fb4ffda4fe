/** Where the time comes from, so that tests decide what time it is. */
export interface Clock {
  /** The instant in milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
