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

    /** All keys of an app, newest first, those that ended included. */
    ofApp: (appId: string, tx?: Transaction): Promise<ApiKey[]> =>
      (tx ? within(tx) : read)
        .selectFrom('support_api_keys')
        .selectAll()
        .where('app_id', '=', appId)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute(),

    owned: (appId: string, id: string, tx?: Transaction): Promise<ApiKey | undefined> =>
      (tx ? within(tx) : read)
        .selectFrom('support_api_keys')
        .selectAll()
        .where('id', '=', id)
        .where('app_id', '=', appId)
        .executeTakeFirst(),

    byId: (id: string): Promise<ApiKey | undefined> =>
      read.selectFrom('support_api_keys').selectAll().where('id', '=', id).executeTakeFirst(),

    /** Ends a key: at once when `revokedAt` is set, or at `expiresAt`. */
    end: async (
      tx: Transaction,
      id: string,
      end: { readonly expiresAt: number | null; readonly revokedAt: number | null },
    ): Promise<void> => {
      await within(tx)
        .updateTable('support_api_keys')
        .set({ expires_at: end.expiresAt, revoked_at: end.revokedAt })
        .where('id', '=', id)
        .execute();
    },

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
