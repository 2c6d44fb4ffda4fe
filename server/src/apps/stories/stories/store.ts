import type { Changes } from '../../../platform/changes/changes.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { unindexed } from '../../../platform/database/unindexed.js';
import type { Page } from '../envelopes.js';
import { recordStore, type Stamp } from '../record-store.js';
import type { StoryRow } from '../tables.js';

/** What a write may change of a story; the store stamps the rest. */
export type StoryColumns = Partial<
  Omit<StoryRow, 'id' | 'user_id' | 'hero_id' | 'created_at' | 'updated_at' | 'version'>
>;

/** A story with what lists say of its hero and its pictures. */
export interface ListedStory extends StoryRow {
  readonly hero_name: string;
  readonly hero_avatar_key: string | null;
  readonly hero_age: number;
  /** JSON: string[]. */
  readonly hero_traits: string;
  /** Scenes, whether drawn yet or not. */
  readonly scene_count: number;
}

export interface StoryFilter {
  readonly heroId: string | null;
  /** All ways to write the wanted language. */
  readonly languages: readonly string[] | null;
  readonly favoritesOnly: boolean;
  readonly updatedAfter: number | null;
}

/** The queries over `stories_stories`. */
export function createStoryStore(database: Database, changes: Changes) {
  const { on, instant, noteWrite } = recordStore(database, changes, 'story');

  const listed = (tx?: Transaction | null) =>
    on(tx)
      .selectFrom('stories_stories as story')
      .innerJoin('stories_heroes as hero', 'hero.id', 'story.hero_id')
      .selectAll('story')
      .select((eb) => [
        'hero.name as hero_name',
        'hero.avatar_key as hero_avatar_key',
        'hero.age as hero_age',
        'hero.traits as hero_traits',
        eb
          .selectFrom('stories_illustrations')
          .select((count) => count.fn.countAll<number>().as('scenes'))
          .whereRef('stories_illustrations.story_id', '=', 'story.id')
          .$asScalar()
          .$notNull()
          .as('scene_count'),
      ]);

  const byId = (id: string, tx?: Transaction | null): Promise<StoryRow | undefined> =>
    on(tx).selectFrom('stories_stories').selectAll().where('id', '=', id).executeTakeFirst();

  return {
    /** A story of whoever. */
    byId,

    byIds: async (
      tx: Transaction | null,
      userId: string,
      ids: readonly string[],
    ): Promise<ReadonlyMap<string, StoryRow>> => {
      if (ids.length === 0) return new Map();
      const found = await on(tx)
        .selectFrom('stories_stories')
        .selectAll()
        .where(unindexed(database.dialect, 'user_id'), '=', userId)
        .where('id', 'in', ids)
        .execute();
      return new Map(found.map((row) => [row.id, row]));
    },

    /** A story of whoever, with its hero. */
    detailed: (id: string): Promise<ListedStory | undefined> =>
      listed().where('story.id', '=', id).executeTakeFirst(),

    /** Newest first; behind `updatedAfter`, oldest change first. */
    list: async (
      userId: string,
      { limit, offset, heroId, languages, favoritesOnly, updatedAfter }: StoryFilter & Page,
    ): Promise<{ readonly stories: readonly ListedStory[]; readonly total: number }> => {
      const count = on(null)
        .selectFrom('stories_stories as story')
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .where('story.user_id', '=', userId)
        .$if(heroId !== null, (qb) => qb.where('story.hero_id', '=', heroId ?? ''))
        .$if(languages !== null, (qb) => qb.where('story.language', 'in', languages ?? []))
        .$if(favoritesOnly, (qb) => qb.where('story.is_favorite', '=', 1))
        .$if(updatedAfter !== null, (qb) => qb.where('story.updated_at', '>', updatedAfter ?? 0));
      const mine = listed()
        .where('story.user_id', '=', userId)
        .$if(heroId !== null, (qb) => qb.where('story.hero_id', '=', heroId ?? ''))
        .$if(languages !== null, (qb) => qb.where('story.language', 'in', languages ?? []))
        .$if(favoritesOnly, (qb) => qb.where('story.is_favorite', '=', 1))
        .limit(limit)
        .offset(offset);
      const page =
        updatedAfter === null
          ? mine.orderBy('story.created_at', 'desc').orderBy('story.id', 'desc')
          : mine.where('story.updated_at', '>', updatedAfter).orderBy('story.updated_at').orderBy('story.id');
      const [stories, { total }] = await Promise.all([page.execute(), count.executeTakeFirstOrThrow()]);
      return { stories, total: Number(total) };
    },

    /** The newest stories of each of these heroes, newest first. */
    newestOf: async (heroIds: readonly string[], each: number): Promise<readonly ListedStory[]> => {
      // One short walk along the index for each: a window would number all stories that there are.
      const newest = (heroId: string) =>
        on(null)
          .selectFrom((qb) =>
            qb
              .selectFrom('stories_stories')
              .select('id')
              .where('hero_id', '=', heroId)
              .orderBy('created_at', 'desc')
              .orderBy('id', 'desc')
              .limit(each)
              .as('newest'),
          )
          .select('newest.id');
      const [first, ...others] = heroIds.map(newest);
      if (!first) return [];
      const ids = others.reduce((all, one) => all.unionAll(one), first);
      return listed()
        .where('story.id', 'in', ids)
        .orderBy('story.created_at', 'desc')
        .orderBy('story.id', 'desc')
        .execute();
    },

    /** All stories of a hero, with the media that go with them. */
    ofHero: (tx: Transaction, heroId: string): Promise<Pick<StoryRow, 'id' | 'audio_key'>[]> =>
      on(tx)
        .selectFrom('stories_stories')
        .select(['id', 'audio_key'])
        .where('hero_id', '=', heroId)
        .orderBy('id')
        .execute(),

    idsOfEvent: async (tx: Transaction, customEventId: string): Promise<string[]> => {
      const found = await on(tx)
        .selectFrom('stories_stories')
        .select('id')
        .where('custom_event_id', '=', customEventId)
        .orderBy('id')
        .execute();
      return found.map(({ id }) => id);
    },

    /** Of whoever. */
    withAudioProcessing: (): Promise<StoryRow[]> =>
      on(null).selectFrom('stories_stories').selectAll().where('audio_status', '=', 'processing').execute(),

    /** Of whoever. */
    withIllustrationsProcessing: (): Promise<StoryRow[]> =>
      on(null)
        .selectFrom('stories_stories')
        .selectAll()
        .where('illustration_status', '=', 'processing')
        .execute(),

    insert: async (tx: Transaction, row: Omit<StoryRow, 'updated_at'>): Promise<StoryRow> => {
      const written = { ...row, updated_at: await instant(tx, row.user_id, row.created_at) };
      await on(tx).insertInto('stories_stories').values(written).execute();
      await noteWrite(tx, row.user_id, row.id, row.version);
      return written;
    },

    update: async (
      tx: Transaction,
      story: Pick<StoryRow, 'id' | 'user_id'>,
      { version, now }: Stamp,
      columns: StoryColumns,
    ): Promise<StoryRow> => {
      const written = await on(tx)
        .updateTable('stories_stories')
        .set({ ...columns, version, updated_at: await instant(tx, story.user_id, now) })
        .where('id', '=', story.id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await noteWrite(tx, story.user_id, story.id, version);
      return written;
    },
  };
}

export type StoryStore = ReturnType<typeof createStoryStore>;
