import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { OperatorRole, SupportOperatorRow, SupportTables } from '../tables.js';

export type Operator = Readonly<Selectable<SupportOperatorRow>>;

const within = (tx: Transaction) => withTables<SupportTables>(tx);

/** The queries over `support_operators`. */
export function createOperatorStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  return {
    insert: async (tx: Transaction, row: Operator): Promise<void> => {
      await within(tx).insertInto('support_operators').values(row).execute();
    },

    byEmail: (email: string, tx?: Transaction): Promise<Operator | undefined> =>
      (tx ? within(tx) : read)
        .selectFrom('support_operators')
        .selectAll()
        .where('email', '=', email)
        .executeTakeFirst(),

    byId: (id: string, tx?: Transaction): Promise<Operator | undefined> =>
      (tx ? within(tx) : read)
        .selectFrom('support_operators')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst(),

    /** The whole team, oldest first. */
    ofApp: (appId: string, tx?: Transaction): Promise<Operator[]> =>
      (tx ? within(tx) : read)
        .selectFrom('support_operators')
        .selectAll()
        .where('app_id', '=', appId)
        .orderBy('created_at')
        .orderBy('id')
        .execute(),

    anyExists: async (tx?: Transaction): Promise<boolean> =>
      (await (tx ? within(tx) : read)
        .selectFrom('support_operators')
        .select('id')
        .limit(1)
        .executeTakeFirst()) !== undefined,

    change: async (
      tx: Transaction,
      id: string,
      change: { readonly role?: OperatorRole; readonly is_active?: number },
      now: number,
    ): Promise<void> => {
      await within(tx)
        .updateTable('support_operators')
        .set({ ...change, updated_at: now })
        .where('id', '=', id)
        .execute();
    },

    setPassword: async (tx: Transaction, id: string, passwordHash: string, now: number): Promise<void> => {
      await within(tx)
        .updateTable('support_operators')
        .set({
          password_hash: passwordHash,
          // Tokens tell their time in whole seconds: the one that is issued next must not be refused.
          tokens_valid_from: Math.floor(now / 1_000) * 1_000,
          updated_at: now,
        })
        .where('id', '=', id)
        .execute();
    },

    /** Notes when operators were last here. */
    touch: async (tx: Transaction, visits: ReadonlyMap<string, number>): Promise<void> => {
      for (const [id, at] of visits) {
        await within(tx)
          .updateTable('support_operators')
          .set({ last_seen_at: at })
          .where('id', '=', id)
          .execute();
      }
    },

    remove: async (tx: Transaction, id: string): Promise<void> => {
      await within(tx).deleteFrom('support_operators').where('id', '=', id).execute();
    },
  };
}

export type OperatorStore = ReturnType<typeof createOperatorStore>;
