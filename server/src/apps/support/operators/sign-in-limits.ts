import type { RateLimitRule, RateLimits } from '../../../platform/limits/rate-limits.js';
import { supportErrors } from '../errors.js';

/** How often a sign-in may fail before it has to wait, per quarter of an hour. */
export interface SignInAllowance {
  /** One account from one address: what somebody who mistypes uses up. */
  readonly perAccountAndAddress: number;
  /** One account from all addresses together: generous, so that nobody is locked out by others' attempts. */
  readonly perAccount: number;
  /** One address over all accounts: a whole office may sit behind it. */
  readonly perAddress: number;
  /** New accounts that one address may make in an hour. */
  readonly signUpsPerHour: number;
}

export const DEFAULT_SIGN_IN_ALLOWANCE: SignInAllowance = {
  perAccountAndAddress: 10,
  perAccount: 100,
  perAddress: 100,
  signUpsPerHour: 100,
};

const WINDOW_SECONDS = 900;

/** Only failures count, and each kind of attempt is counted for itself: renewing a token never uses up sign-ins. */
export interface SignInLimits {
  /** @throws AppError 429 with the seconds to wait */
  enter(account: string, address: string): Promise<void>;
  failed(account: string, address: string): Promise<void>;
  passed(account: string, address: string): Promise<void>;
}

/** @param purpose keeps the counters of different doors apart */
export function createSignInLimits(
  limits: RateLimits,
  purpose: string,
  allowance: SignInAllowance = DEFAULT_SIGN_IN_ALLOWANCE,
): SignInLimits {
  const rule = (scope: string, points: number): RateLimitRule => ({
    name: `support-${purpose}-${scope}`,
    points,
    seconds: WINDOW_SECONDS,
  });
  const perPair = rule('pair', allowance.perAccountAndAddress);
  const perAccount = rule('account', allowance.perAccount);
  const perAddress = rule('address', allowance.perAddress);
  const pair = (account: string, address: string) => `${account} ${address}`;
  return {
    enter: async (account, address) => {
      // The pair is charged beforehand, so that guesses sent side by side are counted too; success gives it back.
      for (const verdict of [
        await limits.peek(perAccount, account),
        await limits.peek(perAddress, address),
        await limits.consume(perPair, pair(account, address)),
      ]) {
        if (!verdict.allowed) {
          throw supportErrors.rateLimited('Too many failed attempts. Please wait a while.', {
            retryAfterSeconds: verdict.retryAfterSeconds,
          });
        }
      }
    },
    failed: async (account, address) => {
      await limits.consume(perAccount, account);
      await limits.consume(perAddress, address);
    },
    passed: (account, address) => limits.reset(perPair, pair(account, address)),
  };
}
