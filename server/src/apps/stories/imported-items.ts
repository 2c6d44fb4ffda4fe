import { type Transaction, withTables } from '../../platform/database/database.js';
import type { ImportedItemRow, StoriesTables } from './tables.js';

/** The queries over `stories_imported_items`: what clients sent under ids of their own, so that it is made once. */
export const importedItems = {
  /** The server's id of what came under this id, or null. It may have been deleted since. */
  find: async (tx: Transaction, userId: string, kind: string, localId: string): Promise<string | null> => {
    const row = await withTables<StoriesTables>(tx)
      .selectFrom('stories_imported_items')
      .select('server_id')
      .where('user_id', '=', userId)
      .where('kind', '=', kind)
      .where('local_id', '=', localId)
      .executeTakeFirst();
    return row?.server_id ?? null;
  },

  remember: async (tx: Transaction, row: ImportedItemRow): Promise<void> => {
    await withTables<StoriesTables>(tx)
      .insertInto('stories_imported_items')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'kind', 'local_id']).doUpdateSet({ server_id: row.server_id }),
      )
      .execute();
  },
};
