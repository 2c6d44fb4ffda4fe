import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { SupportCannedReplyRow, SupportTables } from '../tables.js';

export type CannedReply = Readonly<Selectable<SupportCannedReplyRow>>;

const within = (tx: Transaction) => withTables<SupportTables>(tx);

/** The queries over `support_canned_replies`. */
export function createCannedReplyStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  return {
    ofApp: (appId: string): Promise<CannedReply[]> =>
      read
        .selectFrom('support_canned_replies')
        .selectAll()
        .where('app_id', '=', appId)
        .orderBy('shortcut')
        .execute(),

    owned: (tx: Transaction, appId: string, id: string): Promise<CannedReply | undefined> =>
      within(tx)
        .selectFrom('support_canned_replies')
        .selectAll()
        .where('id', '=', id)
        .where('app_id', '=', appId)
        .executeTakeFirst(),

    insert: async (tx: Transaction, row: CannedReply): Promise<void> => {
      await within(tx).insertInto('support_canned_replies').values(row).execute();
    },

    replace: async (tx: Transaction, { id, shortcut, body, updated_at }: CannedReply): Promise<void> => {
      await within(tx)
        .updateTable('support_canned_replies')
        .set({ shortcut, body, updated_at })
        .where('id', '=', id)
        .execute();
    },

    /** False when the app has no such reply. */
    remove: async (tx: Transaction, appId: string, id: string): Promise<boolean> => {
      const result = await within(tx)
        .deleteFrom('support_canned_replies')
        .where('id', '=', id)
        .where('app_id', '=', appId)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

export type CannedReplyStore = ReturnType<typeof createCannedReplyStore>;
