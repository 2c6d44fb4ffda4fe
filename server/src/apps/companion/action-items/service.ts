import type { Transaction } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { ActionItemService } from '../services.js';
import type { ActionItemRow } from '../tables.js';
import type { ActionItemChange, ActionItemFilter, ActionItemStore } from './store.js';

/** What somebody says of an action item. */
export interface ActionItemFields {
  readonly description?: string | undefined;
  readonly completed?: boolean | undefined;
  /** Epoch ms; null takes the time away. */
  readonly dueAt?: number | null | undefined;
}

const notFound = () => errors.notFound('Action item not found');

export function createActionItemService(
  { database, clock }: Pick<Platform, 'database' | 'clock'>,
  store: ActionItemStore,
  /** @throws AppError 404 unless the conversation is the user's */
  ownConversation: (tx: Transaction, userId: string, conversationId: string) => Promise<void>,
) {
  const own = async (tx: Transaction | null, userId: string, id: string): Promise<ActionItemRow> => {
    const row = await store.find(tx, userId, id);
    if (!row) throw notFound();
    return row;
  };
  const change = async (tx: Transaction, item: ActionItemRow, fields: ActionItemFields): Promise<void> => {
    const now = clock.now();
    await store.change(tx, item.id, { ...rowOf(fields, item, now) }, now);
  };
  const ofConversation = async (tx: Transaction, userId: string, conversationId: string) => {
    await ownConversation(tx, userId, conversationId);
    return store.ofConversation(tx, userId, conversationId);
  };

  return {
    get: (userId: string, id: string) => own(null, userId, id),

    list: (
      userId: string,
      filter: ActionItemFilter,
      page: { readonly limit: number; readonly offset: number },
    ) => store.list(userId, filter, page),

    recent: (userId: string, since: number) => store.list(userId, { from: since }, { limit: 500, offset: 0 }),

    /** All of them or none. */
    add: (
      userId: string,
      items: readonly (ActionItemFields & { readonly conversationId?: string | null })[],
    ): Promise<ActionItemRow[]> =>
      database.transaction(async (tx) => {
        const now = clock.now();
        for (const { conversationId } of items) {
          if (conversationId) await ownConversation(tx, userId, conversationId);
        }
        const rows = items.map((item, index) =>
          newRow(userId, now, {
            description: item.description ?? '',
            conversation_id: item.conversationId ?? null,
            completed: item.completed ? 1 : 0,
            due_at: item.dueAt ?? null,
            position: index,
          }),
        );
        await store.insert(tx, rows);
        return rows;
      }),

    change: (userId: string, id: string, fields: ActionItemFields): Promise<ActionItemRow> =>
      database.transaction(async (tx) => {
        await change(tx, await own(tx, userId, id), fields);
        return own(tx, userId, id);
      }),

    remove: (userId: string, id: string): Promise<void> =>
      database.transaction(async (tx) => {
        await own(tx, userId, id);
        await store.remove(tx, [id]);
      }),

    ofConversation: (userId: string, conversationId: string) =>
      database.transaction((tx) => ofConversation(tx, userId, conversationId)),

    /** By place in the conversation's list; other places are ignored. */
    completeByPlace: (
      userId: string,
      conversationId: string,
      places: readonly number[],
      completed: readonly boolean[],
    ): Promise<void> =>
      database.transaction(async (tx) => {
        const items = await ofConversation(tx, userId, conversationId);
        for (const [index, place] of places.entries()) {
          const item = items[place];
          const isDone = completed[index];
          if (item && isDone !== undefined) await change(tx, item, { completed: isDone });
        }
      }),

    /** By its text, since places move: contract §5.2. */
    rename: (userId: string, conversationId: string, from: string, to: string): Promise<void> =>
      database.transaction(async (tx) => {
        const items = await ofConversation(tx, userId, conversationId);
        const item = items.find(({ description }) => description === from);
        if (!item) throw notFound();
        await change(tx, item, { description: to });
      }),

    /** The one with this text, all of them for null. What is not there need not be removed. */
    removeOf: (userId: string, conversationId: string, description: string | null): Promise<void> =>
      database.transaction(async (tx) => {
        const items = await ofConversation(tx, userId, conversationId);
        const meant = items.filter((item) => description === null || item.description === description);
        await store.remove(
          tx,
          (description === null ? meant : meant.slice(0, 1)).map(({ id }) => id),
        );
      }),

    replaceOf: async (
      tx: Transaction,
      userId: string,
      conversationId: string,
      items: Parameters<ActionItemService['replaceOf']>[3],
    ): Promise<void> => {
      const now = clock.now();
      const older = await store.ofConversation(tx, userId, conversationId);
      await store.remove(
        tx,
        older.map(({ id }) => id),
      );
      // What was ticked off stays so when the summary is made again.
      const done = new Map(older.map((item) => [item.description, item]));
      await store.insert(
        tx,
        items.map(({ description, dueAt }, position) => {
          const before = done.get(description);
          return newRow(userId, now, {
            description,
            conversation_id: conversationId,
            completed: before?.completed ?? 0,
            completed_at: before?.completed_at ?? null,
            due_at: dueAt,
            position,
          });
        }),
      );
    },
  };
}

export type ActionItems = ReturnType<typeof createActionItemService>;

function rowOf(fields: ActionItemFields, item: ActionItemRow, now: number): ActionItemChange {
  const { description, completed, dueAt } = fields;
  return {
    ...(description === undefined ? {} : { description }),
    ...(dueAt === undefined ? {} : { due_at: dueAt }),
    ...(completed === undefined
      ? {}
      : { completed: completed ? 1 : 0, completed_at: completed ? (item.completed_at ?? now) : null }),
  };
}

const newRow = (
  userId: string,
  now: number,
  fields: Pick<ActionItemRow, 'description' | 'conversation_id' | 'completed' | 'due_at' | 'position'> &
    Partial<Pick<ActionItemRow, 'completed_at'>>,
): ActionItemRow => ({
  id: uuidV7(now),
  user_id: userId,
  deleted: 0,
  created_at: now,
  updated_at: now,
  completed_at: fields.completed === 1 ? now : null,
  ...fields,
});
