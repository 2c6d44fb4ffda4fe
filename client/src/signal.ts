export type Unsubscribe = () => void;

/** Something that happens, and those who want to hear of it. */
export interface Signal<T> {
  emit(value: T): void;
  subscribe(listener: (value: T) => void): Unsubscribe;
}

export function createSignal<T>(): Signal<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    emit: (value) => {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          // A listener's fault is its own: it must neither stop the others nor what is being told of.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    subscribe: (listener) => {
      // Wrapped, so that one function subscribed twice is told twice and leaves once.
      const entry = (value: T): void => listener(value);
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}
