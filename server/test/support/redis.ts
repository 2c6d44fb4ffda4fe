import { inject } from 'vitest';
import { canRunRedisCluster, startRedisCluster } from './redis-cluster.js';

/** The Redis server of this worker, null when there is none: suites that run at the same time do not share one. */
export function redisUrl(): string | null {
  const urls = inject('redisUrls');
  return urls[Number(process.env.VITEST_POOL_ID ?? 0) % urls.length] ?? null;
}

/** The Redis server of this run, or null, said aloud, when there is none. */
export function redisOrSkip(suite: string): string | null {
  const url = redisUrl();
  if (url === null) console.warn(`SKIPPED ALOUD: ${suite} on redis, because no Redis server is available.`);
  return url;
}

/** What a port's contract suite runs on: memory always, Redis and a Redis cluster where they can be had. */
export const adaptersOf = (suite: string): string[] => [
  'memory',
  ...(redisOrSkip(suite) ? ['redis'] : []),
  ...(canRunRedisCluster(suite) ? ['redis cluster'] : []),
];

/** Redis for an adapter of {@link adaptersOf}; null for memory. A cluster is started for the caller. */
export async function redisFor(
  adapter: string,
): Promise<{ readonly url: string; stop(): Promise<void> } | null> {
  if (adapter === 'redis cluster') return startRedisCluster();
  return adapter === 'redis' ? { url: String(redisUrl()), stop: async () => {} } : null;
}
