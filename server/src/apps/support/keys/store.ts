import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { SupportApiKeyRow, SupportTables } from '../tables.js';

export type ApiKey = Readonly<Selectable<SupportApiKeyRow>>;

const within = (tx: Transaction) => withTables<SupportTables>(tx);

/** The queries over `support_api_keys`. */
export function createKeyStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  return {
    insert: async (tx: Transaction, row: SupportApiKeyRow): Promise<void> => {
      await within(tx).insertInto('support_api_keys').values(row).execute();
    },

    byHash: (hash: string): Promise<ApiKey | undefined> =>
      read.selectFrom('support_api_keys').selectAll().where('key_hash', '=', hash).executeTakeFirst(),

    /** Notes that keys were shown, each with the instant it last was. */
    touch: async (tx: Transaction, uses: readonly { readonly id: string; readonly at: number }[]) => {
      for (const { id, at } of uses) {
        await within(tx)
          .updateTable('support_api_keys')
          .set({ last_used_at: at })
          .where('id', '=', id)
          .execute();
      }
    },
  };
}

export type KeyStore = ReturnType<typeof createKeyStore>;
