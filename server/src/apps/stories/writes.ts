import type { Changes } from '../../platform/changes/changes.js';
import type { Database, Transaction } from '../../platform/database/database.js';

/** Runs a write of a user's records and, once it is committed, tells the user's devices. */
export type RunWrite = <Result extends { readonly version: number }>(
  userId: string,
  work: (tx: Transaction) => Promise<Result>,
) => Promise<Result>;

export const writesOver =
  (database: Database, changes: Changes): RunWrite =>
  async (userId, work) => {
    const written = await database.transaction(work);
    await changes.announce(userId, written.version);
    return written;
  };
