import type { Static } from 'typebox';
import type { Changes } from '../../../platform/changes/changes.js';
import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import { withoutNulls } from '../both-prefixes.js';
import { fieldsOf } from '../check-fields.js';
import type { CustomEventStore } from '../custom-events/store.js';
import type { Page } from '../envelopes.js';
import type { HeroStore } from '../heroes/store.js';
import type { IllustrationStore } from '../illustrations/store.js';
import { languageOf } from '../language.js';
import { owned } from '../ownership.js';
import type { Removals } from '../removals.js';
import type { StoryMedia, SyncedRoom, Written } from '../services.js';
import type { IllustrationRow, StoryRow } from '../tables.js';
import { type Base, refuseStale } from '../unmodified-since.js';
import { writesOver } from '../writes.js';
import { presentStory, type StoryDetail } from './presenter.js';
import { StoryFields, StoryUpdate } from './schemas.js';
import type { ListedStory, StoryColumns, StoryFilter, StoryStore } from './store.js';

export type NewStory = Static<typeof StoryFields>;
export type StoryChange = Static<typeof StoryUpdate>;

const checkCreate = fieldsOf(StoryFields);
const checkUpdate = fieldsOf(StoryUpdate);

/** What a story is like whose words are not those that were spoken. */
const UNSPOKEN = {
  audio_key: null,
  audio_duration: null,
  audio_voice: null,
  audio_language: null,
  audio_status: 'pending',
  audio_error: null,
} as const satisfies StoryColumns;

/** Stories: the rules. `room` is what sync and batch use. */
export function createStoryService(parts: {
  readonly clock: Clock;
  readonly database: Database;
  readonly changes: Changes;
  readonly media: StoryMedia;
  readonly heroes: HeroStore;
  readonly stories: StoryStore;
  readonly customEvents: CustomEventStore;
  readonly illustrations: IllustrationStore;
  readonly removals: Removals;
}) {
  const { clock, database, changes, media, heroes, stories, customEvents, illustrations, removals } = parts;
  const write = writesOver(database, changes);
  const present = (story: StoryRow) => presentStory(media, story);

  const create = async (
    tx: Transaction,
    userId: string,
    fields: NewStory,
    id?: string,
  ): Promise<Written<StoryRow>> => {
    languageOf(fields.language);
    const version = await changes.next(tx, userId);
    const known = id === undefined ? undefined : await stories.byId(id, tx);
    if (known) return { row: known, version: known.version };
    owned(await heroes.byId(fields.heroId, tx), userId, 'Hero');
    if (fields.customEventId) {
      owned(await customEvents.byId(fields.customEventId, tx), userId, 'Custom event');
    }
    const now = clock.now();
    const row = await stories.insert(tx, {
      id: id ?? uuidV7(now),
      user_id: userId,
      hero_id: fields.heroId,
      title: fields.title,
      content: fields.content,
      language: fields.language,
      event_type: fields.eventType ?? null,
      custom_event_id: fields.customEventId ?? null,
      is_favorite: fields.isFavorite ? 1 : 0,
      play_count: fields.playCount,
      last_played_at: null,
      ...UNSPOKEN,
      illustration_status: 'none',
      illustration_count: 0,
      generation_metadata: null,
      created_at: now,
      version,
    });
    return { row, version };
  };

  const update = async (
    tx: Transaction,
    userId: string,
    id: string,
    change: StoryChange,
    base: Base | null = null,
  ): Promise<Written<StoryRow>> => {
    if (change.language != null) languageOf(change.language);
    const version = await changes.next(tx, userId);
    const story = owned(await stories.byId(id, tx), userId, 'Story');
    refuseStale(story, base, present);
    const isReworded = change.content != null && change.content !== story.content;
    const columns: StoryColumns = {
      ...(change.title == null ? {} : { title: change.title }),
      ...(change.content == null ? {} : { content: change.content }),
      ...(change.language == null ? {} : { language: change.language }),
      ...(change.isFavorite == null ? {} : { is_favorite: change.isFavorite ? 1 : 0 }),
      ...(isReworded ? UNSPOKEN : {}),
    };
    if (Object.keys(columns).length === 0) return { row: story, version };
    const row = await stories.update(tx, story, { version, now: clock.now() }, columns);
    if (isReworded) await media.erase(tx, userId, [story.audio_key]);
    return { row, version };
  };

  const remove = async (tx: Transaction, userId: string, id: string, base: Base | null = null) => {
    const version = await changes.next(tx, userId);
    const story = owned(await stories.byId(id, tx), userId, 'Story');
    refuseStale(story, base, present);
    return { version: await removals.story(tx, story, version) };
  };

  const room: SyncedRoom<StoryRow> = {
    create: (tx, userId, fields) => create(tx, userId, checkCreate(withoutNulls(fields))),
    update: (tx, userId, id, fields) => update(tx, userId, id, checkUpdate(fields)),
    remove: (tx, userId, id) => remove(tx, userId, id),
    byIds: stories.byIds,
    present,
  };

  /** @throws AppError 403, 404 */
  const get = async (userId: string, id: string, includeIllustrations: boolean): Promise<StoryDetail> => {
    const story = owned(await stories.detailed(id), userId, 'Story');
    const customEvent = story.custom_event_id ? await customEvents.byId(story.custom_event_id) : undefined;
    return {
      story,
      customEvent: customEvent ?? null,
      illustrations: includeIllustrations ? await illustrations.ofStories([id]) : undefined,
    };
  };

  return {
    room,
    get,

    list: async (
      userId: string,
      query: StoryFilter & Page & { readonly includeIllustrations: boolean },
    ): Promise<{
      readonly stories: readonly {
        readonly story: ListedStory;
        readonly illustrations: readonly IllustrationRow[] | undefined;
      }[];
      readonly total: number;
    }> => {
      const { stories: found, total } = await stories.list(userId, query);
      const drawn = query.includeIllustrations
        ? byStory(await illustrations.ofStories(found.map(({ id }) => id)))
        : null;
      return {
        stories: found.map((story) => ({
          story,
          illustrations: drawn ? (drawn.get(story.id) ?? []) : undefined,
        })),
        total,
      };
    },

    /**
     * Stores a finished story as it is, without any engine.
     *
     * @param id of a request that may be sent again: what it has made already is found, not made anew
     * @throws AppError 400, 403, 404
     */
    create: async (userId: string, fields: unknown, id?: string): Promise<StoryDetail> => {
      const checked = checkCreate(fields);
      const { row } = await write(userId, (tx) => create(tx, userId, checked, id));
      return get(userId, row.id, false);
    },

    /** Other words make the narration void. @throws AppError 400, 403, 404, 409 */
    update: async (
      userId: string,
      id: string,
      change: StoryChange,
      base: Base | null,
    ): Promise<StoryDetail> => {
      await write(userId, (tx) => update(tx, userId, id, change, base));
      return get(userId, id, false);
    },

    /** Takes its pictures along. @throws AppError 403, 404, 409 */
    remove: async (userId: string, id: string, base: Base | null): Promise<void> => {
      await write(userId, (tx) => remove(tx, userId, id, base));
    },
  };
}

export type StoryService = ReturnType<typeof createStoryService>;

function byStory(illustrations: readonly IllustrationRow[]): Map<string, IllustrationRow[]> {
  const found = new Map<string, IllustrationRow[]>();
  for (const one of illustrations) {
    const siblings = found.get(one.story_id);
    if (siblings) siblings.push(one);
    else found.set(one.story_id, [one]);
  }
  return found;
}
