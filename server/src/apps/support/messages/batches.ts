import { storageError } from '../../../platform/database/failures.js';

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does together what arrives while earlier work under the same key is still running, in the order of arrival, one batch
 * at a time. A batch that fails for another reason than the storage is done again item by item, so that one bad item
 * fails alone.
 *
 * @param run does a batch and answers one result per item, in their order
 * @param limit the most items of one batch
 */
export function batchesByKey<Item, Result>(
  run: (key: string, items: readonly Item[]) => Promise<readonly Result[]>,
  limit: number,
): { add(key: string, item: Item): Promise<Result> } {
  const queues = new Map<string, Waiting<Item, Result>[]>();

  const runBatch = async (key: string, batch: readonly Waiting<Item, Result>[]): Promise<void> => {
    try {
      const items = batch.map(({ item }) => item);
      const results = await run(key, items);
      batch.forEach(({ resolve }, index) => {
        resolve(results[index] as Result);
      });
    } catch (error) {
      if (batch.length === 1 || storageError(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      for (const waiting of batch) await runBatch(key, [waiting]);
    }
  };

  const drain = async (key: string, queue: Waiting<Item, Result>[]): Promise<void> => {
    while (queue.length > 0) await runBatch(key, queue.splice(0, limit));
    queues.delete(key);
  };

  return {
    add: (key, item) =>
      new Promise((resolve, reject) => {
        const waiting = { item, resolve, reject };
        const queue = queues.get(key);
        if (queue) {
          queue.push(waiting);
          return;
        }
        const started = [waiting];
        queues.set(key, started);
        void drain(key, started);
      }),
  };
}
