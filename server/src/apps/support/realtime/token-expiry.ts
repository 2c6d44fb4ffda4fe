import type { Clock } from '../../../platform/clock.js';
import type { OperatorCaller } from '../callers.js';

/** The longest time that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Does something when an operator's token ends, because their socket must not outlive it.
 *
 * @returns how to cancel it
 */
export function afterToken(
  { expiresAt }: Pick<OperatorCaller, 'expiresAt'>,
  clock: Clock,
  then: () => void,
): () => void {
  const timer = setTimeout(then, Math.max(0, Math.min(expiresAt - clock.now(), MAX_TIMER_MS))).unref();
  return () => clearTimeout(timer);
}
