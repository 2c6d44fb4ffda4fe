import type { Environment } from '../environment.js';
import type { EarshotError } from './errors.js';

/** How often, and after how long, a failed request is sent again. */
export interface RetryPolicy {
  /** Attempts after the first one. */
  readonly retries: number;
  readonly baseMs: number;
  readonly capMs: number;
}

/** Contract §1.2. `aggressive` is for what the server's intelligence makes; `none` for what a person repeats by hand. */
export const retryPolicies = {
  none: { retries: 0, baseMs: 0, capMs: 0 },
  conservative: { retries: 2, baseMs: 2000, capMs: 20_000 },
  default: { retries: 3, baseMs: 1000, capMs: 30_000 },
  aggressive: { retries: 5, baseMs: 500, capMs: 60_000 },
} as const satisfies Record<string, RetryPolicy>;
export type RetryPolicyName = keyof typeof retryPolicies;

/** min(base · 2^attempt + up to 1 s of jitter, cap), in milliseconds; `attempt` counts from 0. */
export function retryDelayMs(
  policy: RetryPolicy,
  attempt: number,
  environment: Pick<Environment, 'random'>,
): number {
  return Math.min(policy.baseMs * 2 ** attempt + environment.random() * 1000, policy.capMs);
}

/** Whether another attempt may end otherwise: no answer, 408, 429 and 5xx. */
export function isRetryable(error: EarshotError): boolean {
  if (error.status === undefined) return error.code === 'offline' || error.code === 'timeout';
  return error.status === 408 || error.status === 429 || error.status >= 500;
}
