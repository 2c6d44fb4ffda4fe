import type { Changes } from '../../../platform/changes/changes.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { unindexed } from '../../../platform/database/unindexed.js';
import { recordStore, type Stamp } from '../record-store.js';
import type { IllustrationRow } from '../tables.js';

/** What a write may change of an illustration; the store stamps the rest. */
export type IllustrationColumns = Partial<
  Omit<IllustrationRow, 'id' | 'user_id' | 'story_id' | 'created_at' | 'updated_at' | 'version'>
>;

/** The queries over `stories_illustrations`. */
export function createIllustrationStore(database: Database, changes: Changes) {
  const { on, instant, noteWrite } = recordStore(database, changes, 'illustration');

  return {
    /** An illustration of whoever. */
    byId: (id: string, tx?: Transaction | null): Promise<IllustrationRow | undefined> =>
      on(tx).selectFrom('stories_illustrations').selectAll().where('id', '=', id).executeTakeFirst(),

    byIds: async (
      tx: Transaction | null,
      userId: string,
      ids: readonly string[],
    ): Promise<ReadonlyMap<string, IllustrationRow>> => {
      if (ids.length === 0) return new Map();
      const found = await on(tx)
        .selectFrom('stories_illustrations')
        .selectAll()
        .where(unindexed(database.dialect, 'user_id'), '=', userId)
        .where('id', 'in', ids)
        .execute();
      return new Map(found.map((row) => [row.id, row]));
    },

    /** Those of the given stories, in the order in which they are shown. */
    ofStories: async (
      storyIds: readonly string[],
      tx?: Transaction | null,
    ): Promise<readonly IllustrationRow[]> => {
      if (storyIds.length === 0) return [];
      return on(tx)
        .selectFrom('stories_illustrations')
        .selectAll()
        .where('story_id', 'in', storyIds)
        .orderBy('story_id')
        .orderBy('display_order')
        .orderBy('id')
        .execute();
    },

    /** All of a hero's stories, with their media. */
    ofHero: (tx: Transaction, heroId: string): Promise<Pick<IllustrationRow, 'id' | 'image_key'>[]> =>
      on(tx)
        .selectFrom('stories_illustrations')
        .innerJoin('stories_stories', 'stories_stories.id', 'stories_illustrations.story_id')
        .select(['stories_illustrations.id', 'stories_illustrations.image_key'])
        .where('stories_stories.hero_id', '=', heroId)
        .orderBy('stories_illustrations.id')
        .execute(),

    insert: async (tx: Transaction, row: Omit<IllustrationRow, 'updated_at'>): Promise<IllustrationRow> => {
      const written = { ...row, updated_at: await instant(tx, row.user_id, row.created_at) };
      await on(tx).insertInto('stories_illustrations').values(written).execute();
      await noteWrite(tx, row.user_id, row.id, row.version);
      return written;
    },

    update: async (
      tx: Transaction,
      illustration: Pick<IllustrationRow, 'id' | 'user_id'>,
      { version, now }: Stamp,
      columns: IllustrationColumns,
    ): Promise<IllustrationRow> => {
      const written = await on(tx)
        .updateTable('stories_illustrations')
        .set({ ...columns, version, updated_at: await instant(tx, illustration.user_id, now) })
        .where('id', '=', illustration.id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await noteWrite(tx, illustration.user_id, illustration.id, version);
      return written;
    },
  };
}

export type IllustrationStore = ReturnType<typeof createIllustrationStore>;
