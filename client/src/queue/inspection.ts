import type { Environment } from '../environment.js';
import { retryRecord, revertRecord } from '../records/edits.js';
import type { LocalStore } from '../stores/local-store.js';
import type { Operation } from './operation.js';
import type { QueueStatistics } from './statistics.js';
import { queueStatistics } from './statistics.js';

/** The queue as it is shown to people. */
export interface Queue {
  statistics(): Promise<QueueStatistics>;
  /** What is tried no more, kept for inspection. */
  exhausted(): Promise<readonly Operation[]>;
  /** Tries all of it again. */
  retryExhausted(): Promise<void>;
  /** Gives up all of it: edits and deletions go back to the server's version, what the server never had is removed. */
  clearExhausted(): Promise<void>;
}

export function createQueue(parts: {
  readonly store: LocalStore;
  readonly environment: Environment;
  readonly written: () => void;
}): Queue {
  const { store, environment } = parts;
  const exhausted = async (): Promise<readonly Operation[]> =>
    (await store.read((tx) => tx.all('operations'))).filter((operation) => operation.exhausted !== null);
  return {
    statistics: async () =>
      queueStatistics(await store.read((tx) => tx.all('operations')), environment.now()),
    exhausted,
    retryExhausted: async () => {
      const given = await exhausted();
      await store.write(async (tx) => {
        for (const { recordId } of given) await retryRecord(tx, environment, recordId);
      });
      parts.written();
    },
    clearExhausted: async () => {
      const given = await exhausted();
      await store.write(async (tx) => {
        for (const { id, recordId } of given) {
          await revertRecord(tx, recordId);
          await tx.delete('operations', id);
        }
      });
    },
  };
}
