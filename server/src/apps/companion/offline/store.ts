import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { CompanionTables, OfflineFileRow } from '../tables.js';

type Key = Pick<OfflineFileRow, 'user_id' | 'file_name' | 'sha256'>;

/** Which recordings were taken in. */
export function createOfflineStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  return {
    /** What came of a recording, null while nothing has. */
    result: async ({ user_id, file_name, sha256 }: Key): Promise<string | null> =>
      (
        await read
          .selectFrom('companion_offline_files')
          .select('result')
          .where('user_id', '=', user_id)
          .where('file_name', '=', file_name)
          .where('sha256', '=', sha256)
          .where('status', '=', 'completed')
          .executeTakeFirst()
      )?.result ?? null,

    /** False when it was taken in before. Whoever asks at the same time waits for this transaction. */
    claim: async (tx: Transaction, key: Key, now: number): Promise<boolean> =>
      (await withTables<CompanionTables>(tx)
        .insertInto('companion_offline_files')
        .values({
          ...key,
          status: 'completed',
          media_key: null,
          result: null,
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('sha256')
        .executeTakeFirst()) !== undefined,

    complete: async (tx: Transaction, key: Key, result: string): Promise<void> => {
      await withTables<CompanionTables>(tx)
        .updateTable('companion_offline_files')
        .set({ result })
        .where('user_id', '=', key.user_id)
        .where('file_name', '=', key.file_name)
        .where('sha256', '=', key.sha256)
        .execute();
    },
  };
}

export type OfflineStore = ReturnType<typeof createOfflineStore>;
