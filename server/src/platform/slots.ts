/** Runs so many tasks at a time, the others in the order they came. */
export interface Slots {
  /** Tasks that wait for a slot. */
  readonly waiting: number;
  /** Runs the task when its turn has come; rejects with the signal's reason when that is aborted before. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const queue = new Set<() => void>();
  const take = async (signal: AbortSignal | undefined) => {
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const mine = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        queue.delete(mine);
        reject(signal?.reason);
      };
      queue.add(mine);
      signal?.addEventListener('abort', leave, { once: true });
    });
  };
  const give = () => {
    const [next] = queue;
    if (!next) free += 1;
    else {
      queue.delete(next);
      next();
    }
  };
  return {
    get waiting() {
      return queue.size;
    },
    async run(task, signal) {
      signal?.throwIfAborted();
      await take(signal);
      try {
        return await task();
      } finally {
        give();
      }
    },
  };
}
