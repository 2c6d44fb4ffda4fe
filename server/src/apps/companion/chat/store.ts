import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import { unindexed } from '../../../platform/database/unindexed.js';
import type { ChatFileRow, ChatMessageRow, CompanionTables } from '../tables.js';
import type { NewMessage } from './new-message.js';

/** The queries over chat messages and the files sent with them. */
export function createChatStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  const within = (tx: Transaction | null) => (tx === null ? read : withTables<CompanionTables>(tx));

  return {
    /** Newest first. */
    newest: (userId: string, appId: string, limit: number): Promise<ChatMessageRow[]> =>
      read
        .selectFrom('companion_chat_messages')
        .selectAll()
        .where('user_id', '=', userId)
        .where('app_id', '=', appId)
        .orderBy('position', 'desc')
        .limit(limit)
        .execute(),

    find: async (userId: string, id: string): Promise<ChatMessageRow | null> =>
      (await read
        .selectFrom('companion_chat_messages')
        .selectAll()
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst()) ?? null,

    hasDaySummary: async (tx: Transaction, userId: string, since: number): Promise<boolean> =>
      (await within(tx)
        .selectFrom('companion_chat_messages')
        .select('id')
        .where('user_id', '=', userId)
        .where('type', '=', 'day_summary')
        .where('created_at', '>=', since)
        .executeTakeFirst()) !== undefined,

    /** All of a user's messages, oldest first, page by page. */
    page: (userId: string, after: ChatMessageRow | null, limit: number): Promise<ChatMessageRow[]> => {
      let query = read.selectFrom('companion_chat_messages').selectAll().where('user_id', '=', userId);
      if (after) {
        query = query.where((eb) =>
          eb.or([
            eb('app_id', '>', after.app_id),
            eb.and([eb('app_id', '=', after.app_id), eb('position', '>', after.position)]),
          ]),
        );
      }
      return query.orderBy('app_id').orderBy('position').limit(limit).execute();
    },

    /** Gives the message the next place of its chat. @returns null when another one has taken that place */
    add: async (tx: Transaction, row: NewMessage): Promise<ChatMessageRow | null> => {
      const last = await within(tx)
        .selectFrom('companion_chat_messages')
        .select((eb) => eb.fn.max('position').as('position'))
        .where('user_id', '=', row.user_id)
        .where('app_id', '=', row.app_id)
        .executeTakeFirst();
      const added = await within(tx)
        .insertInto('companion_chat_messages')
        .values({ ...row, position: (last?.position ?? 0) + 1 })
        .onConflict((conflict) => conflict.columns(['user_id', 'app_id', 'position']).doNothing())
        .returningAll()
        .executeTakeFirst();
      return added ?? null;
    },

    /** The first message of a chat; nothing happens when it has one. */
    begin: async (tx: Transaction, row: NewMessage): Promise<void> => {
      await within(tx)
        .insertInto('companion_chat_messages')
        .values({ ...row, position: 1 })
        .onConflict((conflict) => conflict.columns(['user_id', 'app_id', 'position']).doNothing())
        .execute();
    },

    /** @returns false when the user has no such message */
    mark: async (
      tx: Transaction,
      userId: string,
      id: string,
      change: Partial<Pick<ChatMessageRow, 'reported' | 'rating'>>,
    ): Promise<boolean> => {
      const { numUpdatedRows } = await within(tx)
        .updateTable('companion_chat_messages')
        .set(change)
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** @returns the ids of the files that belonged to the messages */
    clear: async (tx: Transaction, userId: string, appId: string): Promise<string[]> => {
      const gone = await within(tx)
        .deleteFrom('companion_chat_messages')
        .where('user_id', '=', userId)
        .where('app_id', '=', appId)
        .returning('file_ids')
        .execute();
      return gone.flatMap(({ file_ids }) => JSON.parse(file_ids) as string[]);
    },

    addFiles: async (tx: Transaction, rows: readonly ChatFileRow[]): Promise<void> => {
      await within(tx).insertInto('companion_chat_files').values(rows).execute();
    },

    files: (tx: Transaction | null, userId: string, ids: readonly string[]): Promise<ChatFileRow[]> =>
      ids.length === 0
        ? Promise.resolve([])
        : within(tx)
            .selectFrom('companion_chat_files')
            .selectAll()
            .where(unindexed(database.dialect, 'user_id'), '=', userId)
            .where('id', 'in', ids)
            .orderBy('id')
            .execute(),

    allFiles: (userId: string): Promise<ChatFileRow[]> =>
      read
        .selectFrom('companion_chat_files')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('id')
        .execute(),

    removeFiles: async (tx: Transaction, ids: readonly string[]): Promise<void> => {
      if (ids.length > 0)
        await within(tx).deleteFrom('companion_chat_files').where('id', 'in', ids).execute();
    },
  };
}

export type ChatStore = ReturnType<typeof createChatStore>;
