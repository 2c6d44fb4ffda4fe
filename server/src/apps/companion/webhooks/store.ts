import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { CompanionTables, CompanionWebhookRow } from '../tables.js';

/** The queries over a user's webhooks. */
export function createWebhookStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  return {
    list: (userId: string): Promise<CompanionWebhookRow[]> =>
      read.selectFrom('companion_webhooks').selectAll().where('user_id', '=', userId).execute(),

    find: async (userId: string, type: string): Promise<CompanionWebhookRow | null> =>
      (await read
        .selectFrom('companion_webhooks')
        .selectAll()
        .where('user_id', '=', userId)
        .where('type', '=', type)
        .executeTakeFirst()) ?? null,

    put: async (tx: Transaction, row: CompanionWebhookRow): Promise<void> => {
      const { user_id: _user, type: _type, ...values } = row;
      await withTables<CompanionTables>(tx)
        .insertInto('companion_webhooks')
        .values(row)
        .onConflict((conflict) => conflict.columns(['user_id', 'type']).doUpdateSet(values))
        .execute();
    },

    enable: async (
      tx: Transaction,
      userId: string,
      type: string,
      isOn: boolean,
      now: number,
    ): Promise<void> => {
      await withTables<CompanionTables>(tx)
        .updateTable('companion_webhooks')
        .set({ enabled: isOn ? 1 : 0, updated_at: now })
        .where('user_id', '=', userId)
        .where('type', '=', type)
        .execute();
    },
  };
}

export type WebhookStore = ReturnType<typeof createWebhookStore>;
