/** How long sockets are written to before everything else gets its turn. */
const SLICE_MS = 4;
/** How many are written to between two looks at the clock. */
const STEP = 16;

interface Delivery<T> {
  readonly recipients: readonly T[];
  readonly hand: (recipient: T) => void;
  next: number;
  readonly done: () => void;
}

/**
 * Hands things to many sockets without holding up the process: a slice at a time, and in the order in which they were
 * given, so that nobody hears of two things the wrong way round.
 */
export class Deliveries<T> {
  readonly #waiting: Delivery<T>[] = [];
  #scheduled = false;
  #working = false;

  /** Small deliveries are made at once when nothing waits. Resolves when everybody has been handed theirs. */
  deliver(recipients: readonly T[], hand: (recipient: T) => void): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ recipients, hand, next: 0, done });
      if (!this.#scheduled && !this.#working) this.#work();
    });
  }

  #work(): void {
    this.#scheduled = false;
    this.#working = true;
    try {
      const until = performance.now() + SLICE_MS;
      do this.#step();
      while (this.#waiting.length > 0 && performance.now() < until);
    } finally {
      this.#working = false;
      if (this.#waiting.length > 0) {
        this.#scheduled = true;
        setImmediate(() => this.#work());
      }
    }
  }

  #step(): void {
    for (let left = STEP; left > 0; left -= 1) {
      const delivery = this.#waiting[0];
      if (!delivery) return;
      if (delivery.next < delivery.recipients.length) {
        const recipient = delivery.recipients[delivery.next] as T;
        // Passed before it is handed: one that throws is not tried again for ever.
        delivery.next += 1;
        delivery.hand(recipient);
      }
      if (delivery.next >= delivery.recipients.length) {
        this.#waiting.shift();
        delivery.done();
      }
    }
  }
}
