import type { Kysely } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import { unindexed } from '../../../platform/database/unindexed.js';
import type { CompanionTables, MemoryRow } from '../tables.js';

export type MemoryChange = Partial<
  Pick<MemoryRow, 'content' | 'edited' | 'reviewed' | 'user_review' | 'visibility'>
>;

/** The queries over memories. */
export function createMemoryStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  const within = (tx: Transaction | null): Kysely<CompanionTables> =>
    tx === null ? read : withTables<CompanionTables>(tx);

  return {
    find: async (tx: Transaction, userId: string, id: string): Promise<MemoryRow | null> =>
      (await within(tx)
        .selectFrom('companion_memories')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst()) ?? null,

    /** By score: manual ones first, then the interesting ones, then the newest. Those that the user said are wrong are left out. */
    list: (
      userId: string,
      page: { readonly limit: number; readonly offset: number; readonly categories?: readonly string[] },
    ): Promise<MemoryRow[]> => {
      let query = read
        .selectFrom('companion_memories')
        .selectAll()
        .where('user_id', '=', userId)
        .where((eb) => eb.or([eb('user_review', 'is', null), eb('user_review', '=', 1)]));
      if (page.categories && page.categories.length > 0) {
        query = query.where('category', 'in', page.categories as MemoryRow['category'][]);
      }
      return query
        .orderBy('manually_added', 'desc')
        .orderBy('category')
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
    },

    byIds: (userId: string, ids: readonly string[]): Promise<MemoryRow[]> =>
      ids.length === 0
        ? Promise.resolve([])
        : read
            .selectFrom('companion_memories')
            .selectAll()
            .where(unindexed(database.dialect, 'user_id'), '=', userId)
            .where('id', 'in', ids)
            .execute(),

    ofConversation: (tx: Transaction, userId: string, conversationId: string): Promise<MemoryRow[]> =>
      within(tx)
        .selectFrom('companion_memories')
        .selectAll()
        .where('user_id', '=', userId)
        .where('conversation_id', '=', conversationId)
        .execute(),

    allIds: async (tx: Transaction, userId: string): Promise<string[]> =>
      (
        await within(tx).selectFrom('companion_memories').select('id').where('user_id', '=', userId).execute()
      ).map(({ id }) => id),

    insert: async (tx: Transaction, rows: readonly MemoryRow[]): Promise<void> => {
      if (rows.length > 0) await within(tx).insertInto('companion_memories').values(rows).execute();
    },

    change: async (tx: Transaction, id: string, change: MemoryChange, now: number): Promise<void> => {
      await within(tx)
        .updateTable('companion_memories')
        .set({ ...change, updated_at: now })
        .where('id', '=', id)
        .execute();
    },

    /** By the owner: the list of ids may be long. */
    removeAll: async (tx: Transaction, userId: string): Promise<void> => {
      await within(tx).deleteFrom('companion_memories').where('user_id', '=', userId).execute();
    },

    remove: async (tx: Transaction, ids: readonly string[]): Promise<void> => {
      if (ids.length > 0) await within(tx).deleteFrom('companion_memories').where('id', 'in', ids).execute();
    },
  };
}

export type MemoryStore = ReturnType<typeof createMemoryStore>;
