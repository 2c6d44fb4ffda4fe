import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimitRule, RateLimits, RateLimitVerdict } from './rate-limits.js';

/**
 * The port over any limiter of `rate-limiter-flexible`: one limiter per rule, made on the rule's first use.
 *
 * @param make makes the limiter of a rule
 * @param close lets go of what the limiters share
 */
export function rateLimitsOver(
  make: (rule: RateLimitRule) => RateLimiterAbstract,
  close: () => Promise<void>,
): RateLimits {
  const limiters = new Map<string, { readonly rule: RateLimitRule; readonly limiter: RateLimiterAbstract }>();
  const limiterOf = (rule: RateLimitRule): RateLimiterAbstract => {
    const known = limiters.get(rule.name);
    if (known && known.rule.points === rule.points && known.rule.seconds === rule.seconds)
      return known.limiter;
    const limiter = make(rule);
    limiters.set(rule.name, { rule, limiter });
    return limiter;
  };
  return {
    consume: async (rule, key, cost = 1) => {
      try {
        return verdict(await limiterOf(rule).consume(key, cost), true);
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return verdict(refusal, false);
        throw refusal;
      }
    },
    peek: async (rule, key) => {
      const state = await limiterOf(rule).get(key);
      if (!state) return { allowed: true, remaining: rule.points, resetSeconds: rule.seconds };
      return verdict(state, state.remainingPoints > 0);
    },
    reset: async (rule, key) => {
      await limiterOf(rule).delete(key);
    },
    close,
  };
}

function verdict(state: RateLimiterRes, allowed: boolean): RateLimitVerdict {
  const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
  return allowed
    ? { allowed, remaining: state.remainingPoints, resetSeconds: seconds }
    : { allowed, retryAfterSeconds: seconds };
}
