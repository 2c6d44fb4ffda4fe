import type { Transaction } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { IndexedTexts } from '../search/index-texts.js';
import type { MemoryService } from '../services.js';
import type { MemoryRow } from '../tables.js';
import type { MemoryChange, MemoryStore } from './store.js';

/** The app asks for its memories once and never for a second page (contract §5.3). */
export const ALL_MEMORIES = 5_000;

/** A fact that somebody wrote down. */
export interface NewMemory {
  readonly content: string;
  readonly category: MemoryRow['category'];
  readonly visibility: MemoryRow['visibility'];
  readonly tags: readonly string[];
}

/** Names of older versions of the app are all facts that the system found (contract §6.4). */
export const memoryCategoryOf = (text: string | null | undefined): MemoryRow['category'] =>
  text === undefined || text === null || text === 'interesting' ? 'interesting' : 'system';

export function createMemoryService(
  { database, clock }: Pick<Platform, 'database' | 'clock'>,
  store: MemoryStore,
  texts: Pick<IndexedTexts, 'putMemories' | 'remove'>,
) {
  const own = async (tx: Transaction, userId: string, id: string): Promise<MemoryRow> => {
    const row = await store.find(tx, userId, id);
    if (!row) throw errors.notFound('Memory not found');
    return row;
  };
  const change = (userId: string, id: string, changes: MemoryChange): Promise<MemoryRow> =>
    database.transaction(async (tx) => {
      await own(tx, userId, id);
      await store.change(tx, id, changes, clock.now());
      const changed = await own(tx, userId, id);
      await texts.putMemories(tx, [changed]);
      return changed;
    });

  return {
    list: (
      userId: string,
      page: { readonly limit: number; readonly offset: number; readonly categories?: readonly string[] } = {
        limit: ALL_MEMORIES,
        offset: 0,
      },
    ) => store.list(userId, page),

    byIds: (userId: string, ids: readonly string[]) => store.byIds(userId, ids),

    /** What a person writes down needs no review. */
    add: (userId: string, { content, category, visibility, tags }: NewMemory): Promise<MemoryRow> =>
      database.transaction(async (tx) => {
        const now = clock.now();
        const row: MemoryRow = {
          ...foundMemory(userId, now, { content, category }),
          visibility,
          tags: JSON.stringify(tags),
          reviewed: 1,
          user_review: 1,
          manually_added: 1,
        };
        await store.insert(tx, [row]);
        await texts.putMemories(tx, [row]);
        return row;
      }),

    edit: (userId: string, id: string, content: string) => change(userId, id, { content, edited: 1 }),

    /** A memory that is said to be wrong disappears from the lists. */
    review: (userId: string, id: string, isRight: boolean) =>
      database.transaction(async (tx) => {
        await own(tx, userId, id);
        await store.change(tx, id, { reviewed: 1, user_review: isRight ? 1 : 0 }, clock.now());
        if (isRight) await texts.putMemories(tx, [await own(tx, userId, id)]);
        else await texts.remove(tx, userId, 'memory', [id]);
      }),

    setVisibility: (userId: string, id: string, visibility: MemoryRow['visibility']) =>
      change(userId, id, { visibility }),

    remove: (userId: string, id: string): Promise<void> =>
      database.transaction(async (tx) => {
        await own(tx, userId, id);
        await store.remove(tx, [id]);
        await texts.remove(tx, userId, 'memory', [id]);
      }),

    removeAll: (userId: string): Promise<void> =>
      database.transaction(async (tx) => {
        const ids = await store.allIds(tx, userId);
        await store.removeAll(tx, userId);
        for (let from = 0; from < ids.length; from += 1_000) {
          await texts.remove(tx, userId, 'memory', ids.slice(from, from + 1_000));
        }
      }),

    /** Those that the user has touched stay as they are. */
    replaceOf: async (
      tx: Transaction,
      userId: string,
      conversationId: string,
      memories: Parameters<MemoryService['replaceOf']>[3],
    ): Promise<void> => {
      const now = clock.now();
      const older = await store.ofConversation(tx, userId, conversationId);
      const isUntouched = (row: MemoryRow) => row.edited === 0 && row.user_review === null;
      const replaced = older.filter(isUntouched).map(({ id }) => id);
      const kept = new Set(older.filter((row) => !isUntouched(row)).map(({ content }) => content));
      await store.remove(tx, replaced);
      await texts.remove(tx, userId, 'memory', replaced);
      const rows = memories
        .filter(({ content }) => !kept.has(content))
        .map((memory) => ({
          ...foundMemory(userId, now, memory),
          conversation_id: conversationId,
        }));
      await store.insert(tx, rows);
      await texts.putMemories(tx, rows);
    },
  };
}

export type Memories = ReturnType<typeof createMemoryService>;

const foundMemory = (
  userId: string,
  now: number,
  { content, category }: Pick<MemoryRow, 'content' | 'category'>,
): MemoryRow => ({
  id: uuidV7(now),
  user_id: userId,
  conversation_id: null,
  content,
  category,
  visibility: 'private',
  tags: '[]',
  reviewed: 0,
  user_review: null,
  manually_added: 0,
  edited: 0,
  app_id: null,
  created_at: now,
  updated_at: now,
});
