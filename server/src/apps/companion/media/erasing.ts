import type { Transaction } from '../../../platform/database/database.js';
import type { Platform } from '../../../platform/platform.js';
import { ERASE_JOB, type ErasePayload } from './erase-job.js';

/** Erases media when `tx` commits, however often the process dies in between. */
export interface Erasing {
  erase(tx: Transaction, userId: string, keys: readonly string[]): Promise<void>;
  /** Everything under the user's own prefix. */
  eraseAll(tx: Transaction, userId: string): Promise<void>;
}

export function createErasing({ jobs }: Pick<Platform, 'jobs'>): Erasing {
  const enqueue = (tx: Transaction, payload: ErasePayload) =>
    jobs.enqueue<ErasePayload>(tx, { name: ERASE_JOB, payload, owner: payload.userId });
  return {
    erase: async (tx, userId, keys) => {
      if (keys.length > 0) await enqueue(tx, { userId, keys });
    },
    eraseAll: (tx, userId) => enqueue(tx, { userId, keys: 'all' }),
  };
}
