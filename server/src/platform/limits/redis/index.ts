import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '../../log.js';
import { closeRedis, openRedis, type RedisServer } from '../../redis/connection.js';
import { rateLimitsOver } from '../limiters.js';
import type { RateLimits } from '../rate-limits.js';

export interface RedisRateLimitsOptions extends RedisServer {
  readonly log: Log;
  /** Put before every key, so that several installations can share one Redis. */
  readonly prefix?: string;
}

/** Limits counted by all nodes together in Redis; while it is away, each node counts for itself. */
export async function openRedisRateLimits(options: RedisRateLimitsOptions): Promise<RateLimits> {
  const { prefix = 'earshot:limit:' } = options;
  const redis = await openRedis({ ...options, purpose: 'limits' });
  return rateLimitsOver(
    (rule) =>
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: prefix + rule.name,
        points: rule.points,
        duration: rule.seconds,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory({
          keyPrefix: rule.name,
          points: rule.points,
          duration: rule.seconds,
        }),
      }),
    async () => closeRedis(redis),
  );
}
