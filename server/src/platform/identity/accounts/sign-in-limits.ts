import type { Config } from '../../../config.js';
import type { RateLimitRule, RateLimits } from '../../limits/rate-limits.js';
import { accountErrors } from './errors.js';

/** Keeps guesses at passwords few, before any of them is hashed. */
export interface SignInLimits {
  /**
   * Runs one attempt; one that throws `isFailure` errors counts against its account and its address. Attempts that come
   * side by side wait until they could not exceed what is left, so guessing in parallel gains nothing, and fifty devices
   * with the right password all get in.
   *
   * @throws AppError 429 when too many have failed already
   */
  attempt<T>(
    of: { readonly account: string; readonly address: string },
    work: () => Promise<T>,
    isFailure: (error: unknown) => boolean,
  ): Promise<T>;
  /** Counts one new account. @throws AppError 429 after too many from this address */
  signUp(address: string): Promise<void>;
}

/** From all addresses together an account may be guessed at so many times as often as from one: others cannot lock its owner out easily. */
const ALL_ADDRESSES = 10;
/** What contracts/stories.md §6 asks for; elsewhere than in production tests and demos make many accounts. */
const SIGN_UPS_PER_HOUR = { production: 5, development: 1_000, test: 1_000 } as const;

export function createSignInLimits(limits: RateLimits, config: Config): SignInLimits {
  const hourly = config.SIGN_IN_FAILURES_PER_HOUR;
  const perPair: RateLimitRule = { name: 'account-sign-in-pair', points: hourly, seconds: 3_600 };
  const perAccount: RateLimitRule = {
    name: 'account-sign-in-account',
    points: hourly * ALL_ADDRESSES,
    seconds: 3_600,
  };
  const perAddress: RateLimitRule = {
    name: 'account-sign-in-address',
    points: config.AUTH_FAILURES_PER_MINUTE,
    seconds: 60,
  };
  const signUps: RateLimitRule = {
    name: 'account-sign-ups',
    points: config.SIGN_UPS_PER_HOUR ?? SIGN_UPS_PER_HOUR[config.NODE_ENV],
    seconds: 3_600,
  };
  const underWay = new Map<string, { count: number; readonly waiting: (() => void)[] }>();

  let exits = 0;

  const enter = async (doors: readonly Door[]) => {
    for (;;) {
      const full = await tryToEnter(doors);
      if (!full) return;
      await full.nextOut;
    }
  };

  /** Null once all doors are entered; else what to wait for at the first through which nobody may go now. */
  const tryToEnter = async (doors: readonly Door[]): Promise<{ nextOut: Promise<void> } | null> => {
    const left: number[] = [];
    const exitsBefore = exits;
    for (const { rule, key } of doors) {
      const verdict = await limits.peek(rule, key);
      if (!verdict.allowed) throw accountErrors.tooMany('sign-in', rule.points, verdict.retryAfterSeconds);
      left.push(verdict.remaining);
    }
    // Who came out while we looked may have used up what we saw.
    if (exits !== exitsBefore) return { nextOut: Promise.resolve() };
    // No await from here: what is looked at is what is entered, and nobody comes out before we wait for it.
    for (const [index, { id }] of doors.entries()) {
      const inside = underWay.get(id);
      if (inside && inside.count >= (left[index] ?? 0)) {
        return { nextOut: new Promise<void>((wake) => inside.waiting.push(wake)) };
      }
    }
    for (const { id } of doors) {
      const inside = underWay.get(id) ?? { count: 0, waiting: [] };
      inside.count += 1;
      underWay.set(id, inside);
    }
    return null;
  };

  const leave = (doors: readonly Door[]) => {
    exits += 1;
    for (const { id } of doors) {
      const inside = underWay.get(id);
      if (!inside) continue;
      inside.count -= 1;
      if (inside.count === 0) underWay.delete(id);
      for (const wake of inside.waiting.splice(0)) wake();
    }
  };

  return {
    attempt: async ({ account, address }, work, isFailure) => {
      const doors = [
        doorOf(perPair, `${account} ${address}`),
        doorOf(perAccount, account),
        doorOf(perAddress, address),
      ];
      await enter(doors);
      try {
        const done = await work();
        await limits.reset(perPair, `${account} ${address}`);
        return done;
      } catch (error) {
        if (isFailure(error)) for (const { rule, key } of doors) await limits.consume(rule, key);
        throw error;
      } finally {
        leave(doors);
      }
    },
    signUp: async (address) => {
      const verdict = await limits.consume(signUps, address);
      if (!verdict.allowed) throw accountErrors.tooMany('sign-up', signUps.points, verdict.retryAfterSeconds);
    },
  };
}

interface Door {
  readonly id: string;
  readonly rule: RateLimitRule;
  readonly key: string;
}

const doorOf = (rule: RateLimitRule, key: string): Door => ({ id: `${rule.name} ${key}`, rule, key });
