import { inject } from 'vitest';

/** The Redis server of this run, or null, said aloud, when there is none. */
export function redisOrSkip(suite: string): string | null {
  const url = inject('redisUrl');
  if (url === null) console.warn(`SKIPPED ALOUD: ${suite} on redis, because no Redis server is available.`);
  return url;
}
