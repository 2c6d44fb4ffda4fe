import type { Changes } from '../../../platform/changes/changes.js';
import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { HeroStore } from '../heroes/store.js';
import { owned } from '../ownership.js';
import type { HeroWithProfile, Written } from '../services.js';
import type { VisualProfileRow } from '../tables.js';
import { writesOver } from '../writes.js';
import { attributesOf, type VisualAttributes } from './presenter.js';

const ATTRIBUTES = [
  'hairStyle',
  'hairColor',
  'hairTexture',
  'eyeColor',
  'eyeShape',
  'skinTone',
  'facialFeatures',
  'bodyType',
  'height',
  'age',
  'typicalClothing',
  'accessories',
  'artStyle',
  'canonicalPrompt',
  'simplifiedPrompt',
  'colorPalette',
  'visualKeywords',
] as const satisfies readonly (keyof VisualAttributes)[];

export interface WrittenProfile extends Written<HeroWithProfile> {
  readonly profile: VisualProfileRow;
  /** False when the hero had one before. */
  readonly isNew: boolean;
}

/** How a hero looks. The profile is part of the hero: every change of it is a change of the hero. */
export function createVisualProfileService(parts: {
  readonly clock: Clock;
  readonly database: Database;
  readonly changes: Changes;
  readonly heroes: HeroStore;
}) {
  const { clock, database, changes, heroes } = parts;
  const write = writesOver(database, changes);

  /** The hero as it is under the owner's lock, and the number of the write. */
  const opened = async (tx: Transaction, userId: string, heroId: string) => {
    const version = await changes.next(tx, userId);
    return { version, hero: owned(await heroes.byId(heroId, tx), userId, 'Hero') };
  };

  const save = async (
    tx: Transaction,
    { version, hero }: { readonly version: number; readonly hero: HeroWithProfile },
    attributes: VisualAttributes,
    newId?: string,
  ): Promise<WrittenProfile> => {
    const now = clock.now();
    const old = hero.visual_profile;
    const profile: VisualProfileRow = {
      id: old?.id ?? newId ?? uuidV7(now),
      hero_id: hero.id,
      attributes: JSON.stringify(known(attributes)),
      created_at: old?.created_at ?? now,
      updated_at: Math.max(now, (old?.updated_at ?? 0) + 1),
    };
    await heroes.putProfile(tx, profile);
    const row = await heroes.update(tx, hero, { version, now }, {});
    return { row, version, profile, isNew: old === null };
  };

  return {
    /** @throws AppError 403, 404 also when the hero has none */
    get: async (userId: string, heroId: string): Promise<VisualProfileRow> =>
      existing(owned(await heroes.byId(heroId), userId, 'Hero')),

    /** @throws AppError 403, 404, 409 when the hero has one */
    create: (
      userId: string,
      heroId: string,
      attributes: VisualAttributes,
      id?: string,
    ): Promise<WrittenProfile> =>
      write(userId, async (tx) => {
        const at = await opened(tx, userId, heroId);
        const known = at.hero.visual_profile;
        if (known && known.id === id)
          return { row: at.hero, version: at.hero.version, profile: known, isNew: true };
        if (known) throw errors.conflict('This hero has a visual profile already');
        return save(tx, at, attributes, id);
      }),

    /** Changes the given attributes; null takes one away. @throws AppError 403, 404 also when the hero has none */
    update: (userId: string, heroId: string, attributes: VisualAttributes): Promise<WrittenProfile> =>
      write(userId, async (tx) => {
        const at = await opened(tx, userId, heroId);
        return save(tx, at, { ...attributesOf(existing(at.hero)), ...known(attributes, true) });
      }),

    /** Makes or replaces the profile, for what was read from a picture. @throws AppError 403, 404 */
    replace: async (
      tx: Transaction,
      userId: string,
      heroId: string,
      attributes: VisualAttributes,
    ): Promise<WrittenProfile> => save(tx, await opened(tx, userId, heroId), attributes),

    /** @throws AppError 403, 404 also when the hero has none */
    remove: (userId: string, heroId: string): Promise<Written<HeroWithProfile>> =>
      write(userId, async (tx) => {
        const { hero, version } = await opened(tx, userId, heroId);
        existing(hero);
        await heroes.removeProfile(tx, heroId);
        return { row: await heroes.update(tx, hero, { version, now: clock.now() }, {}), version };
      }),
  };
}

export type VisualProfileService = ReturnType<typeof createVisualProfileService>;

function existing({ visual_profile: profile }: HeroWithProfile): VisualProfileRow {
  if (!profile) throw errors.notFound('This hero has no visual profile');
  return profile;
}

/** The attributes that the contract knows, without those that are absent (or null, unless those matter). */
function known(attributes: VisualAttributes, withNulls = false): VisualAttributes {
  const isTold = (value: unknown) => value !== undefined && (withNulls || value !== null);
  return Object.fromEntries(
    ATTRIBUTES.filter((name) => isTold(attributes[name])).map((name) => [name, attributes[name]]),
  );
}
