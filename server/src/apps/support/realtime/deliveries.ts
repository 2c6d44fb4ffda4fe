/** How many sockets are written to before everything else gets its turn: about 3 ms of work. */
const SLICE = 250;

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

  /** Small deliveries are made at once when nothing waits. Resolves when everybody has been handed theirs. */
  deliver(recipients: readonly T[], hand: (recipient: T) => void): Promise<void> {
    return new Promise((done) => {
      this.#waiting.push({ recipients, hand, next: 0, done });
      if (!this.#scheduled) this.#work();
    });
  }

  #work(): void {
    this.#scheduled = false;
    let left = SLICE;
    while (left > 0) {
      const delivery = this.#waiting[0];
      if (!delivery) return;
      const until = Math.min(delivery.recipients.length, delivery.next + left);
      left -= until - delivery.next;
      // Taken before it is handed, so that a recipient that throws is not tried again for ever.
      for (; delivery.next < until; ) {
        const recipient = delivery.recipients[delivery.next] as T;
        delivery.next += 1;
        delivery.hand(recipient);
      }
      if (delivery.next >= delivery.recipients.length) {
        this.#waiting.shift();
        delivery.done();
      }
    }
    if (this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#work());
  }
}
