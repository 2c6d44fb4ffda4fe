import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { SupportTables } from '../tables.js';

const within = (tx: Transaction) => withTables<SupportTables>(tx);

/** The queries over `support_setup_tokens`. */
export function createSetupTokenStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  return {
    insert: async (tx: Transaction, hash: string, now: number, expiresAt: number): Promise<void> => {
      await within(tx).deleteFrom('support_setup_tokens').where('expires_at', '<=', now).execute();
      await within(tx)
        .insertInto('support_setup_tokens')
        .values({ token_hash: hash, created_at: now, expires_at: expiresAt })
        .execute();
    },

    isGood: async (hash: string, now: number): Promise<boolean> =>
      (await read
        .selectFrom('support_setup_tokens')
        .select('token_hash')
        .where('token_hash', '=', hash)
        .where('expires_at', '>', now)
        .executeTakeFirst()) !== undefined,

    /** Voids all of them. True for the one caller whose token it still was. */
    use: async (tx: Transaction, hash: string): Promise<boolean> => {
      const used = await within(tx)
        .deleteFrom('support_setup_tokens')
        .where('token_hash', '=', hash)
        .executeTakeFirst();
      await within(tx).deleteFrom('support_setup_tokens').execute();
      return used.numDeletedRows > 0n;
    },
  };
}

export type SetupTokenStore = ReturnType<typeof createSetupTokenStore>;
