import type { Exchange } from './http/client.js';
import type { Unsubscribe } from './signal.js';
import { createSignal } from './signal.js';
import type { LimitedOperation, RateLimit, Usage } from './wire/account.js';

/** What is known of one limit. Times in epoch milliseconds. */
export interface LimitState {
  readonly limit: number | null;
  readonly remaining: number;
  readonly resetAt: number;
}

/** Knows what the server allows, so that the app can say so before it asks. */
export interface RateLimits {
  /** Null when nothing is known, or when the limit has been lifted since. */
  state(operation: LimitedOperation): LimitState | null;
  /** Milliseconds until it is worth asking; 0 = now. */
  waitMs(operation: LimitedOperation): number;
  takeUsage(usage: Usage): void;
  takeExchange(exchange: Exchange): void;
  forget(): void;
  subscribe(listener: () => void): Unsubscribe;
}

const BY_PATH: readonly (readonly [RegExp, LimitedOperation])[] = [
  [/\/heroes\/[^/]+\/avatar$|\/images\/generate-avatar$/, 'avatar_generation'],
  [/\/stories\/[^/]+\/audio$|\/audio\/generate$/, 'audio_generation'],
  [/\/stories\/[^/]+\/illustrations$|\/images\/generate-illustration$/, 'illustration_generation'],
  [/\/ai-assistant\//, 'ai_assistant'],
  [/\/stories(\/generate(-custom)?)?$/, 'story_generation'],
];

const OPERATIONS: readonly string[] = BY_PATH.map(([, operation]) => operation);

export function createRateLimits(clock: { now(): number }): RateLimits {
  const states = new Map<LimitedOperation, LimitState>();
  const changed = createSignal<void>();
  const set = (operation: LimitedOperation, state: LimitState): void => {
    states.set(operation, state);
    changed.emit();
  };
  const state = (operation: LimitedOperation): LimitState | null => {
    const known = states.get(operation);
    return known && known.resetAt > clock.now() ? known : null;
  };
  return {
    state,
    waitMs: (operation) => {
      const known = state(operation);
      return known && known.remaining <= 0 ? known.resetAt - clock.now() : 0;
    },
    takeUsage: (usage) => {
      for (const [operation, { limit, remaining, resetAt }] of Object.entries(usage.rateLimits ?? {}) as [
        LimitedOperation,
        RateLimit,
      ][]) {
        set(operation, { limit, remaining, resetAt: new Date(resetAt).getTime() });
      }
    },
    takeExchange: ({ path, headers, error }) => {
      const told = error?.operation;
      const operation =
        told !== undefined && OPERATIONS.includes(told)
          ? (told as LimitedOperation)
          : BY_PATH.find(([pattern]) => pattern.test(path))?.[1];
      if (operation === undefined) return;
      const limit = numberOf(headers, 'x-ratelimit-limit');
      const remaining = numberOf(headers, 'x-ratelimit-remaining');
      const reset = numberOf(headers, 'x-ratelimit-reset');
      if (error?.code === 'rateLimited' && error.resetAt !== undefined) {
        set(operation, { limit, remaining: 0, resetAt: error.resetAt });
      } else if (remaining !== null && reset !== null) {
        set(operation, { limit, remaining, resetAt: reset > 1e11 ? reset : reset * 1000 });
      }
    },
    forget: () => {
      states.clear();
      changed.emit();
    },
    subscribe: (listener) => changed.subscribe(listener),
  };
}

function numberOf(headers: Headers | null, name: string): number | null {
  const value = headers?.get(name);
  return value !== undefined && value !== null && Number.isFinite(Number(value)) ? Number(value) : null;
}
