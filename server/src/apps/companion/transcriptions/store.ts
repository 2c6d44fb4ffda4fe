import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { CompanionTables, TranscriptionRow } from '../tables.js';

export function createTranscriptionStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  const within = (tx: Transaction) => withTables<CompanionTables>(tx);
  return {
    insert: async (tx: Transaction, row: TranscriptionRow): Promise<void> => {
      await within(tx).insertInto('companion_transcriptions').values(row).execute();
    },
    find: async (userId: string, id: string): Promise<TranscriptionRow | null> =>
      (await read
        .selectFrom('companion_transcriptions')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst()) ?? null,
    /** False when it was completed before, or is gone. */
    complete: async (
      tx: Transaction,
      id: string,
      change: Pick<TranscriptionRow, 'status'> &
        Partial<Pick<TranscriptionRow, 'text' | 'segments' | 'language' | 'duration'>>,
    ): Promise<boolean> =>
      (await within(tx)
        .updateTable('companion_transcriptions')
        .set(change)
        .where('id', '=', id)
        .where('status', '=', 'processing')
        .returning('id')
        .executeTakeFirst()) !== undefined,
  };
}

export type TranscriptionStore = ReturnType<typeof createTranscriptionStore>;
