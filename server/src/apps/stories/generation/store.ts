import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { GenerationRow, StoriesTables } from '../tables.js';

/** The queries over `stories_generations`. */
export function createOrderStore(database: Database) {
  const on = (tx?: Transaction) => withTables<StoriesTables>(tx ?? database.read);
  const select = (tx?: Transaction) => on(tx).selectFrom('stories_generations').selectAll();

  return {
    byId: (id: string): Promise<GenerationRow | undefined> =>
      select().where('id', '=', id).executeTakeFirst(),

    byKey: (tx: Transaction, userId: string, key: string): Promise<GenerationRow | undefined> =>
      select(tx).where('user_id', '=', userId).where('idempotency_key', '=', key).executeTakeFirst(),

    inFlight: (tx: Transaction, userId: string, fingerprint: string): Promise<GenerationRow | undefined> =>
      select(tx)
        .where('user_id', '=', userId)
        .where('fingerprint', '=', fingerprint)
        .where('status', '=', 'processing')
        .executeTakeFirst(),

    allInFlight: (): Promise<GenerationRow[]> => select().where('status', '=', 'processing').execute(),

    insert: async (tx: Transaction, row: GenerationRow): Promise<void> => {
      await on(tx).insertInto('stories_generations').values(row).execute();
    },

    nameIt: async (tx: Transaction, id: string, key: string): Promise<void> => {
      await on(tx)
        .updateTable('stories_generations')
        .set({ idempotency_key: key })
        .where('id', '=', id)
        .execute();
    },

    /** False when it has ended already, or is gone with its owner. */
    end: async (
      tx: Transaction,
      id: string,
      end: Partial<Pick<GenerationRow, 'status' | 'result' | 'error' | 'idempotency_key'>>,
      now: number,
    ): Promise<boolean> => {
      const { numUpdatedRows } = await on(tx)
        .updateTable('stories_generations')
        .set({ ...end, updated_at: now })
        .where('id', '=', id)
        .where('status', '=', 'processing')
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    noteResult: async (tx: Transaction, id: string, result: string): Promise<void> => {
      await on(tx).updateTable('stories_generations').set({ result }).where('id', '=', id).execute();
    },
  };
}

export type OrderStore = ReturnType<typeof createOrderStore>;
