import type { Static } from 'typebox';
import type { Changes } from '../../../platform/changes/changes.js';
import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import { withoutNulls } from '../both-prefixes.js';
import { fieldsOf } from '../check-fields.js';
import type { Page } from '../envelopes.js';
import { owned } from '../ownership.js';
import type { Removals } from '../removals.js';
import type { HeroWithProfile, StoryMedia, SyncedRoom, Written } from '../services.js';
import type { ListedStory, StoryStore } from '../stories/store.js';
import { type Base, refuseStale } from '../unmodified-since.js';
import { writesOver } from '../writes.js';
import { presentHero } from './presenter.js';
import { HeroCreate, HeroUpdate } from './schemas.js';
import type { HeroColumns, HeroStore } from './store.js';

export type NewHero = Static<typeof HeroCreate>;
export type HeroChange = Static<typeof HeroUpdate>;

/** A hero and, when they were asked for, its newest stories. */
export interface ToldHero {
  readonly hero: HeroWithProfile;
  readonly stories: readonly ListedStory[] | undefined;
}

/** How many stories go along with each hero of a list, and with a single hero (contract §3.1). */
const STORIES_IN_LIST = 5;
const STORIES_OF_ONE = 10;

const checkCreate = fieldsOf(HeroCreate);
const checkUpdate = fieldsOf(HeroUpdate);

/** Heroes: the rules. `room` is what sync and batch use. */
export function createHeroService(parts: {
  readonly clock: Clock;
  readonly database: Database;
  readonly changes: Changes;
  readonly media: StoryMedia;
  readonly heroes: HeroStore;
  readonly stories: StoryStore;
  readonly removals: Removals;
}) {
  const { clock, database, changes, media, heroes, stories, removals } = parts;
  const write = writesOver(database, changes);
  const present = (hero: HeroWithProfile) => presentHero(media, hero);

  const create = async (tx: Transaction, userId: string, fields: NewHero, id?: string) => {
    const version = await changes.next(tx, userId);
    const known = id === undefined ? undefined : await heroes.byId(id, tx);
    if (known) return { row: known, version: known.version };
    const now = clock.now();
    const row = await heroes.insert(tx, {
      id: id ?? uuidV7(now),
      user_id: userId,
      name: fields.name,
      age: fields.age,
      traits: JSON.stringify(fields.traits),
      special_abilities: JSON.stringify(abilitiesOf(fields) ?? []),
      appearance: fields.appearance ?? null,
      hair_color: fields.hairColor ?? null,
      eye_color: fields.eyeColor ?? null,
      skin_tone: fields.skinTone ?? null,
      height: fields.height ?? null,
      avatar_key: null,
      avatar_prompt: null,
      avatar_generation_id: null,
      created_at: now,
      version,
    });
    return { row, version };
  };

  /** The key of one of the user's own pictures. */
  const avatarKeyOf = async (userId: string, address: string): Promise<string> => {
    const key = await media.keyOf(userId, address);
    if (!key?.startsWith('avatar/')) {
      throw errors.validation('avatarUrl: must be the address of one of your own pictures on this server', {
        field: 'avatarUrl',
      });
    }
    return key;
  };

  const update = async (
    tx: Transaction,
    userId: string,
    id: string,
    change: HeroChange,
    base: Base | null = null,
  ): Promise<Written<HeroWithProfile>> => {
    const version = await changes.next(tx, userId);
    const hero = owned(await heroes.byId(id, tx), userId, 'Hero');
    refuseStale(hero, base, present);
    const columns = columnsOf(change);
    if (change.avatarUrl !== undefined) {
      columns.avatar_key = change.avatarUrl && (await avatarKeyOf(userId, change.avatarUrl));
      // The old id names the picture that is replaced.
      const isReplaced = hero.avatar_key !== null && hero.avatar_key !== columns.avatar_key;
      if (isReplaced && change.avatarGenerationId === undefined) columns.avatar_generation_id = null;
    }
    if (Object.keys(columns).length === 0) return { row: hero, version };
    const row = await heroes.update(tx, hero, { version, now: clock.now() }, columns);
    if (row.avatar_key !== hero.avatar_key) await media.erase(tx, userId, [hero.avatar_key]);
    return { row, version };
  };

  const remove = async (tx: Transaction, userId: string, id: string, base: Base | null = null) => {
    const version = await changes.next(tx, userId);
    const hero = owned(await heroes.byId(id, tx), userId, 'Hero');
    refuseStale(hero, base, present);
    return { version: await removals.hero(tx, hero, version) };
  };

  const room: SyncedRoom<HeroWithProfile> = {
    create: (tx, userId, fields) => create(tx, userId, checkCreate(withoutNulls(fields))),
    update: (tx, userId, id, fields) => update(tx, userId, id, checkUpdate(fields)),
    remove: (tx, userId, id) => remove(tx, userId, id),
    byIds: heroes.byIds,
    present,
  };

  return {
    room,

    list: async (
      userId: string,
      query: Page & { readonly updatedAfter: number | null; readonly includeStories: boolean },
    ): Promise<{ readonly heroes: readonly ToldHero[]; readonly total: number }> => {
      const { heroes: found, total } = await heroes.list(userId, query);
      if (!query.includeStories)
        return { heroes: found.map((hero) => ({ hero, stories: undefined })), total };
      const told = await stories.newestOf(
        found.map(({ id }) => id),
        STORIES_IN_LIST,
      );
      const storiesOf = (hero: HeroWithProfile) => told.filter(({ hero_id }) => hero_id === hero.id);
      return { heroes: found.map((hero) => ({ hero, stories: storiesOf(hero) })), total };
    },

    /** @throws AppError 403, 404 */
    get: async (userId: string, id: string, includeStories: boolean): Promise<ToldHero> => {
      const hero = owned(await heroes.byId(id), userId, 'Hero');
      return { hero, stories: includeStories ? await stories.newestOf([id], STORIES_OF_ONE) : undefined };
    },

    /** @param id of a request that may be sent again: what it has made already is found, not made anew */
    create: async (userId: string, fields: NewHero, id?: string): Promise<HeroWithProfile> =>
      (await write(userId, (tx) => create(tx, userId, fields, id))).row,

    /** @throws AppError 400, 403, 404, 409 */
    update: async (userId: string, id: string, change: HeroChange, base: Base | null) =>
      (await write(userId, (tx) => update(tx, userId, id, change, base))).row,

    /** Takes its profile, stories and pictures along. @throws AppError 403, 404, 409 */
    remove: async (userId: string, id: string, base: Base | null): Promise<void> => {
      await write(userId, (tx) => remove(tx, userId, id, base));
    },
  };
}

export type HeroService = ReturnType<typeof createHeroService>;

const TEXT_COLUMNS = {
  appearance: 'appearance',
  hairColor: 'hair_color',
  eyeColor: 'eye_color',
  skinTone: 'skin_tone',
  height: 'height',
  avatarPrompt: 'avatar_prompt',
  avatarGenerationId: 'avatar_generation_id',
} as const;

function columnsOf(change: HeroChange): HeroColumns {
  const columns: HeroColumns = {};
  if (change.name != null) columns.name = change.name;
  if (change.age != null) columns.age = change.age;
  if (change.traits) columns.traits = JSON.stringify(change.traits);
  const abilities = abilitiesOf(change);
  if (abilities !== undefined) columns.special_abilities = JSON.stringify(abilities);
  for (const name of Object.keys(TEXT_COLUMNS) as (keyof typeof TEXT_COLUMNS)[]) {
    const value = change[name];
    if (value !== undefined) columns[TEXT_COLUMNS[name]] = value;
  }
  return columns;
}

/** The list, or the one ability of older clients; undefined when neither is told. */
function abilitiesOf({
  specialAbilities,
  specialAbility,
}: Pick<HeroChange, 'specialAbilities' | 'specialAbility'>): string[] | undefined {
  if (specialAbilities !== undefined) return specialAbilities ?? [];
  if (specialAbility === undefined) return undefined;
  return specialAbility ? [specialAbility] : [];
}
