import type { Log } from '../log.js';
import type { JsonValue } from './events.js';

type Handler = (message: JsonValue) => void;

/** Who in this process listens to what. Shared by the adapters, so that local delivery is the same in all of them. */
export class Subscribers {
  readonly #log: Log;
  readonly #byTopic = new Map<string, Set<{ readonly handler: Handler }>>();

  constructor(log: Log) {
    this.#log = log;
  }

  get topics(): readonly string[] {
    return [...this.#byTopic.keys()];
  }

  has(topic: string): boolean {
    return this.#byTopic.has(topic);
  }

  /** @returns how to take the handler away again; doing it twice is harmless */
  add(topic: string, handler: Handler): () => void {
    // Wrapped, so that one function may subscribe twice and leave once.
    const entry = { handler };
    const entries = this.#byTopic.get(topic) ?? new Set();
    this.#byTopic.set(topic, entries.add(entry));
    return () => {
      entries.delete(entry);
      if (entries.size === 0 && this.#byTopic.get(topic) === entries) this.#byTopic.delete(topic);
    };
  }

  deliver(topic: string, message: JsonValue): void {
    for (const { handler } of this.#byTopic.get(topic) ?? []) {
      try {
        // An async function is a valid handler to TypeScript; its rejection must not end the process.
        const returned: unknown = handler(message);
        if (returned instanceof Promise) returned.catch((error: unknown) => this.#failed(topic, error));
      } catch (error) {
        this.#failed(topic, error);
      }
    }
  }

  clear(): void {
    this.#byTopic.clear();
  }

  #failed(topic: string, error: unknown): void {
    this.#log.error({ err: error, topic }, 'an event handler failed');
  }
}
