import type { Kysely } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import { unindexed } from '../../../platform/database/unindexed.js';
import type { WholeConversation } from '../services.js';
import type {
  ActionItemRow,
  CompanionTables,
  ConversationRow,
  ConversationStatus,
  PhotoRow,
  SegmentRow,
} from '../tables.js';

export interface ConversationFilter {
  readonly statuses: readonly ConversationStatus[];
  readonly includeDiscarded: boolean;
  readonly categories?: readonly string[] | undefined;
  /** Epoch ms, by `created_at`. */
  readonly from?: number | null;
  readonly to?: number | null;
}

/** What a search leaves out of what it has found. */
export interface SearchFilter {
  readonly includeDiscarded: boolean;
  /** Epoch ms, by `created_at`. */
  readonly from: number | null;
  readonly to: number | null;
}

export type ConversationChange = Partial<Omit<ConversationRow, 'id' | 'user_id' | 'revision' | 'updated_at'>>;

/** The queries over conversations, their segments and photos; nobody finds a row by these that is not theirs. */
export function createConversationStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  const within = (tx: Transaction | null): Kysely<CompanionTables> =>
    tx === null ? read : withTables<CompanionTables>(tx);

  /** Adds segments, photos and action items to conversations: three queries for any number of them. */
  const whole = async (
    db: Kysely<CompanionTables>,
    rows: readonly ConversationRow[],
  ): Promise<WholeConversation[]> => {
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return [];
    const [segments, photos, items] = await Promise.all([
      db
        .selectFrom('companion_segments')
        .selectAll()
        .where('conversation_id', 'in', ids)
        .orderBy('start_at')
        .orderBy('created_at')
        .orderBy('id')
        .execute(),
      db
        .selectFrom('companion_photos')
        .selectAll()
        .where('conversation_id', 'in', ids)
        .orderBy('created_at')
        .orderBy('id')
        .execute(),
      db
        .selectFrom('companion_action_items')
        .selectAll()
        .where('conversation_id', 'in', ids)
        .where('deleted', '=', 0)
        .orderBy('position')
        .orderBy('id')
        .execute(),
    ]);
    const segmentsOf = byConversation<SegmentRow>(segments);
    const photosOf = byConversation<PhotoRow>(photos);
    const itemsOf = byConversation<ActionItemRow>(items);
    return rows.map((row) => ({
      ...row,
      segments: segmentsOf.get(row.id) ?? [],
      photos: photosOf.get(row.id) ?? [],
      action_items: itemsOf.get(row.id) ?? [],
    }));
  };

  return {
    whole: async (tx: Transaction | null, rows: readonly ConversationRow[]) => whole(within(tx), rows),

    find: async (tx: Transaction | null, userId: string, id: string): Promise<ConversationRow | null> =>
      (await within(tx)
        .selectFrom('companion_conversations')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst()) ?? null,

    /** Whosever it is, when its owner shares it. */
    findShared: async (id: string): Promise<ConversationRow | null> =>
      (await read
        .selectFrom('companion_conversations')
        .selectAll()
        .where('id', '=', id)
        .where('visibility', '!=', 'private')
        .executeTakeFirst()) ?? null,

    live: async (tx: Transaction | null, userId: string): Promise<ConversationRow | null> =>
      (await within(tx)
        .selectFrom('companion_conversations')
        .selectAll()
        .where('user_id', '=', userId)
        .where('status', '=', 'in_progress')
        .executeTakeFirst()) ?? null,

    /** Newest first. */
    list: (
      userId: string,
      filter: ConversationFilter,
      page: { readonly limit: number; readonly offset: number },
    ): Promise<ConversationRow[]> => {
      if (filter.statuses.length === 0) return Promise.resolve([]);
      let query = read
        .selectFrom('companion_conversations')
        .selectAll()
        .where('user_id', '=', userId)
        .where('status', 'in', filter.statuses);
      if (!filter.includeDiscarded) query = query.where('discarded', '=', 0);
      if (filter.categories) query = query.where('category', 'in', filter.categories);
      if (filter.from !== undefined && filter.from !== null)
        query = query.where('created_at', '>=', filter.from);
      if (filter.to !== undefined && filter.to !== null) query = query.where('created_at', '<=', filter.to);
      return query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit)
        .offset(page.offset)
        .execute();
    },

    /** Those of the ids that the filter lets through, in their order. */
    wanted: async (userId: string, ids: readonly string[], filter: SearchFilter): Promise<string[]> => {
      if (ids.length === 0) return [];
      let query = read
        .selectFrom('companion_conversations')
        .select('id')
        .where(unindexed(database.dialect, 'user_id'), '=', userId)
        .where('id', 'in', ids);
      if (!filter.includeDiscarded) query = query.where('discarded', '=', 0);
      if (filter.from !== null) query = query.where('created_at', '>=', filter.from);
      if (filter.to !== null) query = query.where('created_at', '<=', filter.to);
      const wanted = new Set((await query.execute()).map(({ id }) => id));
      return ids.filter((id) => wanted.has(id));
    },

    byIds: (userId: string, ids: readonly string[]): Promise<ConversationRow[]> =>
      ids.length === 0
        ? Promise.resolve([])
        : read
            .selectFrom('companion_conversations')
            .selectAll()
            .where(unindexed(database.dialect, 'user_id'), '=', userId)
            .where('id', 'in', ids)
            .execute(),

    newestCompleted: async (userId: string): Promise<string | null> =>
      (
        await read
          .selectFrom('companion_conversations')
          .select('id')
          .where('user_id', '=', userId)
          .where('status', '=', 'completed')
          .orderBy('created_at', 'desc')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst()
      )?.id ?? null,

    /** A finished one whose time touches a span (epoch ms), the nearest first. */
    touching: async (
      tx: Transaction,
      userId: string,
      from: number,
      to: number,
    ): Promise<ConversationRow | null> =>
      (await within(tx)
        .selectFrom('companion_conversations')
        .selectAll()
        .where('user_id', '=', userId)
        .where('started_at', '<=', to)
        .where('finished_at', '>=', from)
        .where('status', 'in', ['completed', 'processing'])
        .orderBy('started_at', 'desc')
        .limit(1)
        .executeTakeFirst()) ?? null,

    /** False when the user has one in progress already. */
    insert: async (tx: Transaction, row: ConversationRow): Promise<boolean> =>
      (await within(tx)
        .insertInto('companion_conversations')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst()) !== undefined,

    change: async (tx: Transaction, id: string, now: number, change: ConversationChange): Promise<void> => {
      await within(tx)
        .updateTable('companion_conversations')
        .set((eb) => ({ ...change, revision: eb('revision', '+', 1), updated_at: now }))
        .where('id', '=', id)
        .execute();
    },

    /** Keeps others from writing until the transaction ends. @returns false when somebody has written since it was read */
    hold: async (tx: Transaction, { id, revision }: ConversationRow): Promise<boolean> =>
      (await within(tx)
        .updateTable('companion_conversations')
        .set({ revision: revision + 1 })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .returning('id')
        .executeTakeFirst()) !== undefined,

    remove: async (tx: Transaction, id: string): Promise<void> => {
      await within(tx).deleteFrom('companion_conversations').where('id', '=', id).execute();
    },

    /** How much it holds, audio whose words are still to come included: all zero for one that nobody would miss. */
    contents: async (
      tx: Transaction,
      id: string,
    ): Promise<{ segments: number; photos: number; unheard: number }> => {
      const segments = await within(tx)
        .selectFrom('companion_segments')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where('conversation_id', '=', id)
        .executeTakeFirstOrThrow();
      const photos = await within(tx)
        .selectFrom('companion_photos')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where('conversation_id', '=', id)
        .executeTakeFirstOrThrow();
      const unheard = await within(tx)
        .selectFrom('companion_unheard')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where('conversation_id', '=', id)
        .executeTakeFirstOrThrow();
      return {
        segments: Number(segments.count),
        photos: Number(photos.count),
        unheard: Number(unheard.count),
      };
    },

    /** In progress and silent for longer than they may be, or in work since before an instant. */
    unfinished: (now: number, workingSince: number, limit: number): Promise<ConversationRow[]> =>
      read
        .selectFrom('companion_conversations')
        .selectAll()
        .where((eb) =>
          eb.or([
            eb.and([
              eb('status', '=', 'in_progress'),
              eb(eb('finished_at', '+', eb('timeout_seconds', '*', 1_000)), '<', now),
            ]),
            eb.and([eb('status', '=', 'processing'), eb('updated_at', '<', workingSince)]),
          ]),
        )
        .orderBy('finished_at')
        .limit(limit)
        .execute(),

    lastSegment: async (tx: Transaction, conversationId: string): Promise<SegmentRow | null> =>
      (await within(tx)
        .selectFrom('companion_segments')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('end_at', 'desc')
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst()) ?? null,

    segments: (tx: Transaction | null, conversationId: string): Promise<SegmentRow[]> =>
      within(tx)
        .selectFrom('companion_segments')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('start_at')
        .orderBy('created_at')
        .orderBy('id')
        .execute(),

    insertSegments: async (tx: Transaction, rows: readonly SegmentRow[]): Promise<void> => {
      // 13 columns a row: PostgreSQL and SQLite bind at most 32,766 values in one statement.
      for (let from = 0; from < rows.length; from += 1_000) {
        await within(tx)
          .insertInto('companion_segments')
          .values(rows.slice(from, from + 1_000))
          .execute();
      }
    },

    changeSegment: async (
      tx: Transaction,
      id: string,
      change: Partial<
        Pick<SegmentRow, 'text' | 'start_at' | 'end_at' | 'is_user' | 'person_id' | 'translations'>
      > &
        Pick<SegmentRow, 'updated_at'>,
    ): Promise<void> => {
      await within(tx).updateTable('companion_segments').set(change).where('id', '=', id).execute();
    },

    /** Moves the places of all segments, when a conversation turns out to have begun earlier. */
    shiftSegments: async (tx: Transaction, conversationId: string, seconds: number): Promise<void> => {
      await within(tx)
        .updateTable('companion_segments')
        .set((eb) => ({
          start_at: eb('start_at', '+', seconds),
          end_at: eb('end_at', '+', seconds),
        }))
        .where('conversation_id', '=', conversationId)
        .execute();
    },

    /** Says who spoke, in those of the segments that belong to the conversation. */
    assign: async (
      tx: Transaction,
      conversationId: string,
      segmentIds: readonly string[],
      who: Pick<SegmentRow, 'is_user' | 'person_id'>,
      now: number,
    ): Promise<void> => {
      await within(tx)
        .updateTable('companion_segments')
        .set({ ...who, updated_at: now })
        .where('conversation_id', '=', conversationId)
        .where('id', 'in', segmentIds)
        .execute();
    },

    insertPhoto: async (tx: Transaction, row: PhotoRow): Promise<void> => {
      await within(tx).insertInto('companion_photos').values(row).execute();
    },

    findPhoto: async (tx: Transaction | null, userId: string, id: string): Promise<PhotoRow | null> =>
      (await within(tx)
        .selectFrom('companion_photos')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst()) ?? null,

    photos: (tx: Transaction | null, conversationId: string): Promise<PhotoRow[]> =>
      within(tx)
        .selectFrom('companion_photos')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .orderBy('created_at')
        .orderBy('id')
        .execute(),

    changePhoto: async (
      tx: Transaction,
      id: string,
      change: Pick<PhotoRow, 'description' | 'discarded'>,
    ): Promise<void> => {
      await within(tx).updateTable('companion_photos').set(change).where('id', '=', id).execute();
    },
  };
}

function byConversation<Row extends { readonly conversation_id: string | null }>(
  rows: readonly Row[],
): ReadonlyMap<string | null, readonly Row[]> {
  const groups = new Map<string | null, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.conversation_id);
    if (group) group.push(row);
    else groups.set(row.conversation_id, [row]);
  }
  return groups;
}

export type ConversationStore = ReturnType<typeof createConversationStore>;
