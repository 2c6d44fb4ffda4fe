import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { SupportAppRow, SupportTables } from '../tables.js';

export type SupportAppRecord = Readonly<Selectable<SupportAppRow>>;

const within = (tx: Transaction) => withTables<SupportTables>(tx);

/** The queries over `support_apps`. */
export function createAppStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  return {
    insert: async (tx: Transaction, row: SupportAppRow): Promise<void> => {
      await within(tx).insertInto('support_apps').values(row).execute();
    },

    byId: (id: string, tx?: Transaction): Promise<SupportAppRecord | undefined> =>
      (tx ? within(tx) : read).selectFrom('support_apps').selectAll().where('id', '=', id).executeTakeFirst(),

    /** Newest first. */
    list: (limit: number): Promise<SupportAppRecord[]> =>
      read
        .selectFrom('support_apps')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute(),

    change: async (
      tx: Transaction,
      id: string,
      change: { readonly name: string; readonly settings: string },
      now: number,
    ): Promise<void> => {
      await within(tx)
        .updateTable('support_apps')
        .set({ ...change, updated_at: now })
        .where('id', '=', id)
        .execute();
    },
  };
}

export type AppStore = ReturnType<typeof createAppStore>;
