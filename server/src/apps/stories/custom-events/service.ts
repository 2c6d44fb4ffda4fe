import type { Static } from 'typebox';
import type { Changes } from '../../../platform/changes/changes.js';
import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import { withoutNulls } from '../both-prefixes.js';
import { fieldsOf } from '../check-fields.js';
import type { Page } from '../envelopes.js';
import { owned } from '../ownership.js';
import type { Removals } from '../removals.js';
import type { StoryMedia, SyncedRoom, Written } from '../services.js';
import type { CustomEventRow } from '../tables.js';
import { type Base, refuseStale } from '../unmodified-since.js';
import { writesOver } from '../writes.js';
import { presentCustomEvent } from './presenter.js';
import { CustomEventCreate, CustomEventUpdate } from './schemas.js';
import type { CustomEventColumns, CustomEventFilter, CustomEventStore } from './store.js';

export type NewCustomEvent = Static<typeof CustomEventCreate>;
export type CustomEventChange = Static<typeof CustomEventUpdate>;

const checkCreate = fieldsOf(CustomEventCreate);
const checkUpdate = fieldsOf(CustomEventUpdate);

/** Events that a family makes up: the rules. `room` is what sync and batch use. */
export function createCustomEventService(parts: {
  readonly clock: Clock;
  readonly database: Database;
  readonly changes: Changes;
  readonly media: StoryMedia;
  readonly customEvents: CustomEventStore;
  readonly removals: Removals;
}) {
  const { clock, database, changes, media, customEvents, removals } = parts;
  const write = writesOver(database, changes);
  const present = (event: CustomEventRow) => presentCustomEvent(media, event);

  const create = async (tx: Transaction, userId: string, fields: NewCustomEvent, id?: string) => {
    const version = await changes.next(tx, userId);
    const known = id === undefined ? undefined : await customEvents.byId(id, tx);
    if (known) return { row: known, version: known.version };
    const now = clock.now();
    const row = await customEvents.insert(tx, {
      id: id ?? uuidV7(now),
      user_id: userId,
      title: fields.title,
      description: fields.description,
      prompt_seed: fields.promptSeed,
      category: fields.category,
      age_range: fields.ageRange ?? null,
      tone: fields.tone,
      keywords: JSON.stringify(fields.keywords),
      ai_enhanced: 0,
      enhancement: null,
      is_favorite: fields.isFavorite ? 1 : 0,
      usage_count: 0,
      last_used_at: null,
      pictogram_emoji: null,
      pictogram_symbols: null,
      pictogram_key: null,
      created_at: now,
      version,
    });
    return { row, version };
  };

  const update = async (
    tx: Transaction,
    userId: string,
    id: string,
    change: CustomEventChange,
    base: Base | null = null,
  ): Promise<Written<CustomEventRow>> => {
    const version = await changes.next(tx, userId);
    const event = owned(await customEvents.byId(id, tx), userId, 'Custom event');
    refuseStale(event, base, present);
    const columns = columnsOf(change);
    if (Object.keys(columns).length === 0) return { row: event, version };
    return { row: await customEvents.update(tx, event, { version, now: clock.now() }, columns), version };
  };

  const remove = async (tx: Transaction, userId: string, id: string, base: Base | null = null) => {
    const version = await changes.next(tx, userId);
    const event = owned(await customEvents.byId(id, tx), userId, 'Custom event');
    refuseStale(event, base, present);
    return { version: await removals.customEvent(tx, event, { version, now: clock.now() }) };
  };

  const room: SyncedRoom<CustomEventRow> = {
    create: (tx, userId, fields) => create(tx, userId, checkCreate(withoutNulls(fields))),
    update: (tx, userId, id, fields) => update(tx, userId, id, checkUpdate(fields)),
    remove: (tx, userId, id) => remove(tx, userId, id),
    byIds: customEvents.byIds,
    present,
  };

  return {
    room,

    list: (userId: string, query: CustomEventFilter & Page) => customEvents.list(userId, query),

    /** @throws AppError 403, 404 */
    get: async (userId: string, id: string): Promise<CustomEventRow> =>
      owned(await customEvents.byId(id), userId, 'Custom event'),

    /** @param id of a request that may be sent again: what it has made already is found, not made anew */
    create: async (userId: string, fields: NewCustomEvent, id?: string): Promise<CustomEventRow> =>
      (await write(userId, (tx) => create(tx, userId, fields, id))).row,

    /** @throws AppError 400, 403, 404, 409 */
    update: async (userId: string, id: string, change: CustomEventChange, base: Base | null) =>
      (await write(userId, (tx) => update(tx, userId, id, change, base))).row,

    /** The stories that were told of it stay. @throws AppError 403, 404, 409 */
    remove: async (userId: string, id: string, base: Base | null): Promise<void> => {
      await write(userId, (tx) => remove(tx, userId, id, base));
    },
  };
}

export type CustomEventService = ReturnType<typeof createCustomEventService>;

const columnsOf = (change: CustomEventChange): CustomEventColumns => ({
  ...(change.title == null ? {} : { title: change.title }),
  ...(change.description == null ? {} : { description: change.description }),
  ...(change.promptSeed == null ? {} : { prompt_seed: change.promptSeed }),
  ...(change.category == null ? {} : { category: change.category }),
  ...(change.ageRange === undefined ? {} : { age_range: change.ageRange }),
  ...(change.tone == null ? {} : { tone: change.tone }),
  ...(change.keywords == null ? {} : { keywords: JSON.stringify(change.keywords) }),
  ...(change.isFavorite == null ? {} : { is_favorite: change.isFavorite ? 1 : 0 }),
});
