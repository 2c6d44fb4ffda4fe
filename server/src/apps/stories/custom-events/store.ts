import type { Changes } from '../../../platform/changes/changes.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { unindexed } from '../../../platform/database/unindexed.js';
import type { Page } from '../envelopes.js';
import { recordStore, type Stamp } from '../record-store.js';
import type { CustomEventRow } from '../tables.js';

/** What a write may change of a custom event; the store stamps the rest. */
export type CustomEventColumns = Partial<
  Omit<CustomEventRow, 'id' | 'user_id' | 'created_at' | 'updated_at' | 'version'>
>;

export interface CustomEventFilter {
  readonly category: string | null;
  readonly favoritesOnly: boolean;
  readonly updatedAfter: number | null;
}

/** The queries over `stories_custom_events`. */
export function createCustomEventStore(database: Database, changes: Changes) {
  const { on, instant, noteWrite } = recordStore(database, changes, 'customEvent');

  return {
    /** A custom event of whoever. */
    byId: (id: string, tx?: Transaction | null): Promise<CustomEventRow | undefined> =>
      on(tx).selectFrom('stories_custom_events').selectAll().where('id', '=', id).executeTakeFirst(),

    byIds: async (
      tx: Transaction | null,
      userId: string,
      ids: readonly string[],
    ): Promise<ReadonlyMap<string, CustomEventRow>> => {
      if (ids.length === 0) return new Map();
      const found = await on(tx)
        .selectFrom('stories_custom_events')
        .selectAll()
        .where(unindexed(database.dialect, 'user_id'), '=', userId)
        .where('id', 'in', ids)
        .execute();
      return new Map(found.map((row) => [row.id, row]));
    },

    /** Favourites first, then the most used, then the newest; behind `updatedAfter`, oldest change first. */
    list: async (
      userId: string,
      { limit, offset, category, favoritesOnly, updatedAfter }: CustomEventFilter & Page,
    ): Promise<{ readonly customEvents: readonly CustomEventRow[]; readonly total: number }> => {
      const matching = on(null)
        .selectFrom('stories_custom_events')
        .where('user_id', '=', userId)
        .$if(category !== null, (qb) => qb.where('category', '=', category ?? ''))
        .$if(favoritesOnly, (qb) => qb.where('is_favorite', '=', 1))
        .$if(updatedAfter !== null, (qb) => qb.where('updated_at', '>', updatedAfter ?? 0));
      const page = matching.selectAll().limit(limit).offset(offset);
      const ordered =
        updatedAfter === null
          ? page
              .orderBy('is_favorite', 'desc')
              .orderBy('usage_count', 'desc')
              .orderBy('created_at', 'desc')
              .orderBy('id', 'desc')
          : page.orderBy('updated_at').orderBy('id');
      const [customEvents, { total }] = await Promise.all([
        ordered.execute(),
        matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
      ]);
      return { customEvents, total: Number(total) };
    },

    insert: async (tx: Transaction, row: Omit<CustomEventRow, 'updated_at'>): Promise<CustomEventRow> => {
      const written = { ...row, updated_at: await instant(tx, row.user_id, row.created_at) };
      await on(tx).insertInto('stories_custom_events').values(written).execute();
      await noteWrite(tx, row.user_id, row.id, row.version);
      return written;
    },

    update: async (
      tx: Transaction,
      event: Pick<CustomEventRow, 'id' | 'user_id'>,
      { version, now }: Stamp,
      columns: CustomEventColumns,
    ): Promise<CustomEventRow> => {
      const written = await on(tx)
        .updateTable('stories_custom_events')
        .set({ ...columns, version, updated_at: await instant(tx, event.user_id, now) })
        .where('id', '=', event.id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await noteWrite(tx, event.user_id, event.id, version);
      return written;
    },
  };
}

export type CustomEventStore = ReturnType<typeof createCustomEventStore>;
