import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { ActionItemRow, CompanionTables } from '../tables.js';

export interface ActionItemFilter {
  readonly completed?: boolean | null;
  readonly conversationId?: string | null;
  /** Epoch ms, by creation. */
  readonly from?: number | null;
  readonly to?: number | null;
  readonly dueFrom?: number | null;
  readonly dueTo?: number | null;
}

export type ActionItemChange = Partial<
  Pick<ActionItemRow, 'description' | 'completed' | 'due_at' | 'completed_at'>
>;

/** The queries over action items. */
export function createActionItemStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  const within = (tx: Transaction | null): Kysely<CompanionTables> =>
    tx === null ? read : withTables<CompanionTables>(tx);

  return {
    find: async (tx: Transaction | null, userId: string, id: string): Promise<ActionItemRow | null> =>
      (await within(tx)
        .selectFrom('companion_action_items')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .where('deleted', '=', 0)
        .executeTakeFirst()) ?? null,

    /** Those that are due first, by their time; then the others, the newest first. */
    list: (
      userId: string,
      filter: ActionItemFilter,
      page: { readonly limit: number; readonly offset: number },
    ): Promise<ActionItemRow[]> => {
      let query = read
        .selectFrom('companion_action_items')
        .selectAll()
        .where('user_id', '=', userId)
        .where('deleted', '=', 0);
      if (typeof filter.completed === 'boolean')
        query = query.where('completed', '=', filter.completed ? 1 : 0);
      if (filter.conversationId) query = query.where('conversation_id', '=', filter.conversationId);
      if (typeof filter.from === 'number') query = query.where('created_at', '>=', filter.from);
      if (typeof filter.to === 'number') query = query.where('created_at', '<=', filter.to);
      if (typeof filter.dueFrom === 'number') query = query.where('due_at', '>=', filter.dueFrom);
      if (typeof filter.dueTo === 'number') query = query.where('due_at', '<=', filter.dueTo);
      return query
        .orderBy(sql`case when due_at is null then 1 else 0 end`)
        .orderBy('due_at')
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
    },

    ofConversation: (
      tx: Transaction | null,
      userId: string,
      conversationId: string,
    ): Promise<ActionItemRow[]> =>
      within(tx)
        .selectFrom('companion_action_items')
        .selectAll()
        .where('user_id', '=', userId)
        .where('conversation_id', '=', conversationId)
        .where('deleted', '=', 0)
        .orderBy('position')
        .orderBy('id')
        .execute(),

    insert: async (tx: Transaction, rows: readonly ActionItemRow[]): Promise<void> => {
      if (rows.length > 0) await within(tx).insertInto('companion_action_items').values(rows).execute();
    },

    change: async (tx: Transaction, id: string, change: ActionItemChange, now: number): Promise<void> => {
      await within(tx)
        .updateTable('companion_action_items')
        .set({ ...change, updated_at: now })
        .where('id', '=', id)
        .execute();
    },

    remove: async (tx: Transaction, ids: readonly string[]): Promise<void> => {
      if (ids.length > 0) {
        await within(tx).deleteFrom('companion_action_items').where('id', 'in', ids).execute();
      }
    },
  };
}

export type ActionItemStore = ReturnType<typeof createActionItemStore>;
