import type { Selectable } from 'kysely';
import type { Changes } from '../../../platform/changes/changes.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { unindexed } from '../../../platform/database/unindexed.js';
import type { Page } from '../envelopes.js';
import { recordStore, type Stamp } from '../record-store.js';
import type { HeroWithProfile } from '../services.js';
import type { HeroRow, VisualProfileRow } from '../tables.js';

/** What a write may change of a hero; the store stamps the rest. */
export type HeroColumns = Partial<Omit<HeroRow, 'id' | 'user_id' | 'created_at' | 'updated_at' | 'version'>>;

/** The queries over `stories_heroes` and their visual profiles. */
export function createHeroStore(database: Database, changes: Changes) {
  const { on, instant, noteWrite } = recordStore(database, changes, 'hero');

  const heroes = (tx?: Transaction | null) =>
    on(tx)
      .selectFrom('stories_heroes')
      .leftJoin('stories_visual_profiles as profile', 'profile.hero_id', 'stories_heroes.id')
      .selectAll('stories_heroes')
      .select((eb) => [
        'profile.id as profile_id',
        'profile.attributes as profile_attributes',
        'profile.created_at as profile_created_at',
        'profile.updated_at as profile_updated_at',
        eb
          .selectFrom('stories_stories')
          .select((count) => count.fn.countAll<number>().as('stories'))
          .whereRef('stories_stories.hero_id', '=', 'stories_heroes.id')
          .as('story_count'),
      ]);

  const byId = async (id: string, tx?: Transaction | null): Promise<HeroWithProfile | undefined> => {
    const found = await heroes(tx).where('stories_heroes.id', '=', id).executeTakeFirst();
    return found && heroOf(found);
  };

  return {
    /** A hero of whoever. */
    byId,

    byIds: async (
      tx: Transaction | null,
      userId: string,
      ids: readonly string[],
    ): Promise<ReadonlyMap<string, HeroWithProfile>> => {
      if (ids.length === 0) return new Map();
      const found = await heroes(tx)
        .where(unindexed(database.dialect, 'stories_heroes.user_id'), '=', userId)
        .where('stories_heroes.id', 'in', ids)
        .execute();
      return new Map(found.map((row) => [row.id, heroOf(row)]));
    },

    /** Newest first; behind `updatedAfter`, oldest change first. */
    list: async (
      userId: string,
      { limit, offset, updatedAfter }: Page & { readonly updatedAfter: number | null },
    ): Promise<{ readonly heroes: readonly HeroWithProfile[]; readonly total: number }> => {
      const mine = heroes().where('stories_heroes.user_id', '=', userId).limit(limit).offset(offset);
      const page =
        updatedAfter === null
          ? mine.orderBy('stories_heroes.created_at', 'desc').orderBy('stories_heroes.id', 'desc')
          : mine
              .where('stories_heroes.updated_at', '>', updatedAfter)
              .orderBy('stories_heroes.updated_at')
              .orderBy('stories_heroes.id');
      const count = on(null)
        .selectFrom('stories_heroes')
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .where('user_id', '=', userId)
        .$if(updatedAfter !== null, (qb) => qb.where('updated_at', '>', updatedAfter ?? 0));
      const [found, { total }] = await Promise.all([page.execute(), count.executeTakeFirstOrThrow()]);
      return { heroes: found.map(heroOf), total: Number(total) };
    },

    insert: async (tx: Transaction, row: Omit<HeroRow, 'updated_at'>): Promise<HeroWithProfile> => {
      const updatedAt = await instant(tx, row.user_id, row.created_at);
      await on(tx)
        .insertInto('stories_heroes')
        .values({ ...row, updated_at: updatedAt })
        .execute();
      await noteWrite(tx, row.user_id, row.id, row.version);
      return { ...row, updated_at: updatedAt, visual_profile: null, story_count: 0 };
    },

    /** Writes columns and the stamp; also for a change of the visual profile, which is part of the hero. */
    update: async (
      tx: Transaction,
      hero: Pick<HeroRow, 'id' | 'user_id'>,
      { version, now }: Stamp,
      columns: HeroColumns,
    ): Promise<HeroWithProfile> => {
      await on(tx)
        .updateTable('stories_heroes')
        .set({ ...columns, version, updated_at: await instant(tx, hero.user_id, now) })
        .where('id', '=', hero.id)
        .execute();
      await noteWrite(tx, hero.user_id, hero.id, version);
      const written = await byId(hero.id, tx);
      if (!written) throw new Error('A hero vanished while it was being written.');
      return written;
    },

    putProfile: async (tx: Transaction, row: VisualProfileRow): Promise<void> => {
      const { attributes, updated_at } = row;
      await on(tx)
        .insertInto('stories_visual_profiles')
        .values(row)
        .onConflict((conflict) => conflict.column('hero_id').doUpdateSet({ attributes, updated_at }))
        .execute();
    },

    removeProfile: async (tx: Transaction, heroId: string): Promise<void> => {
      await on(tx).deleteFrom('stories_visual_profiles').where('hero_id', '=', heroId).execute();
    },
  };
}

export type HeroStore = ReturnType<typeof createHeroStore>;

interface JoinedHero extends Selectable<HeroRow> {
  readonly profile_id: string | null;
  readonly profile_attributes: string | null;
  readonly profile_created_at: number | null;
  readonly profile_updated_at: number | null;
  readonly story_count: number | null;
}

function heroOf({
  profile_id: id,
  profile_attributes: attributes,
  profile_created_at: createdAt,
  profile_updated_at: updatedAt,
  story_count,
  ...hero
}: JoinedHero): HeroWithProfile {
  return {
    ...hero,
    visual_profile:
      id === null
        ? null
        : {
            id,
            hero_id: hero.id,
            attributes: attributes ?? '{}',
            created_at: createdAt ?? hero.created_at,
            updated_at: updatedAt ?? hero.updated_at,
          },
    story_count: Number(story_count ?? 0),
  };
}
