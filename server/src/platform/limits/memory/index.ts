import { RateLimiterMemory } from 'rate-limiter-flexible';
import { rateLimitsOver } from '../limiters.js';
import type { RateLimits } from '../rate-limits.js';

/** Limits counted in this process. */
export function memoryRateLimits(): RateLimits {
  return rateLimitsOver(
    (rule) => new RateLimiterMemory({ keyPrefix: rule.name, points: rule.points, duration: rule.seconds }),
    async () => {},
  );
}
