/** Events that one socket may send at once after a pause. */
const BURST = 60;
/** Events a second that it may go on sending. */
const PER_SECOND = 30;
/** Refusals beyond what an honest client could collect: the socket is closed. Each allowed event makes up for ten. */
const TOLERATED_REFUSALS = 1_000;
const FORGIVEN_PER_EVENT = 10;

/** How many events one socket may still send: a token bucket of two numbers, because there are ten thousand of them. */
export class Allowance {
  #tokens = BURST;
  #at: number;
  #refusals = 0;

  /** @param now epoch milliseconds */
  constructor(now: number) {
    this.#at = now;
  }

  take(now: number): 'allowed' | 'refused' | 'abused' {
    this.#tokens = Math.min(BURST, this.#tokens + (Math.max(0, now - this.#at) * PER_SECOND) / 1_000);
    this.#at = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      this.#refusals = Math.max(0, this.#refusals - FORGIVEN_PER_EVENT);
      return 'allowed';
    }
    this.#refusals += 1;
    return this.#refusals > TOLERATED_REFUSALS ? 'abused' : 'refused';
  }
}
