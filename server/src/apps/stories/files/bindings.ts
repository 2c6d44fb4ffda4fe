import type { Transaction } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import { importedItems } from '../imported-items.js';
import { owned } from '../ownership.js';
import type { StoryRow } from '../tables.js';
import type { FilesParts } from './confirmations.js';
import type { Upload } from './upload-store.js';

export type BoundType = 'hero' | 'story' | 'illustration' | 'customEvent';

/** What a client says about where a file belongs; which members count depends on the file's category. */
export interface Bindings {
  readonly heroId?: string;
  readonly avatarPrompt?: string;
  readonly avatarGenerationId?: string;
  readonly storyId?: string;
  /** Seconds. */
  readonly audioDuration?: number;
  readonly voice?: string;
  readonly language?: string;
  readonly illustrationId?: string;
  /** The client's own id of a new illustration: sent again, it finds the same row. */
  readonly localId?: string;
  readonly imagePrompt?: string;
  readonly sceneDescription?: string;
  readonly displayOrder?: number;
  /** Seconds from the beginning of the narration. */
  readonly audioTimestamp?: number;
  readonly generationId?: string;
  readonly customEventId?: string;
}

/** The entity that is to show a file; `id` is null for an illustration that is still to be made. */
export interface Target {
  readonly type: BoundType;
  readonly id: string | null;
  readonly bindings: Bindings;
}

/** @throws AppError 400 when the member is missing that a file of this category needs */
export function bindingOf(category: string, bindings: Bindings): Target {
  const need = (field: 'heroId' | 'storyId' | 'customEventId'): string => {
    const id = bindings[field];
    if (id === undefined)
      throw errors.validation(`is needed for a file of the category ${category}`, { field });
    return id;
  };
  switch (category) {
    case 'avatar':
      return { type: 'hero', id: need('heroId'), bindings };
    case 'audio':
      return { type: 'story', id: need('storyId'), bindings };
    case 'pictogram':
      return { type: 'customEvent', id: need('customEventId'), bindings };
    default:
      if (bindings.illustrationId === undefined) need('storyId');
      return { type: 'illustration', id: bindings.illustrationId ?? null, bindings };
  }
}

/** Has an entity show a file, inside a transaction that holds the user's turn. Resolves with the entity and the newest number. */
export type Binder = (
  tx: Transaction,
  userId: string,
  upload: Pick<Upload, 'media_key' | 'audio_duration'>,
  target: Target,
) => Promise<{ readonly id: string; readonly version: number }>;

/** Words per minute and characters per word of a narration that could not be measured (contract §5). */
const estimatedSeconds = (content: string): number => Math.ceil((content.length / 5 / 130) * 60);

export function createBinder(
  { changes, clock }: Pick<Platform, 'changes' | 'clock'>,
  { heroes, stories, illustrations, customEvents, media }: Omit<FilesParts, 'uploads' | 'rooms'>,
): Binder {
  /** Counts a story's pictures anew after one of them has changed. */
  const recount = async (tx: Transaction, userId: string, story: StoryRow) => {
    const all = await illustrations.ofStories([story.id], tx);
    const completed = all.filter(({ status }) => status === 'completed').length;
    const version = await changes.next(tx, userId);
    await stories.update(
      tx,
      story,
      { version, now: clock.now() },
      {
        illustration_count: completed,
        illustration_status: completed === all.length ? 'completed' : 'partial',
      },
    );
    return version;
  };

  const bindIllustration: Binder = async (tx, userId, { media_key: key }, { id, bindings }) => {
    const imageOf = async (illustrationId: string) => {
      const row = owned(await illustrations.byId(illustrationId, tx), userId, 'Illustration');
      const story = owned(await stories.byId(row.story_id, tx), userId, 'Story');
      const version = await changes.next(tx, userId);
      await illustrations.update(
        tx,
        row,
        { version, now: clock.now() },
        { image_key: key, status: 'completed', error: null },
      );
      if (row.image_key !== key) await media.erase(tx, userId, [row.image_key]);
      return { id: row.id, version: await recount(tx, userId, story) };
    };
    if (id !== null) return imageOf(id);

    const story = owned(await stories.byId(bindings.storyId ?? '', tx), userId, 'Story');
    const { localId } = bindings;
    const known =
      localId === undefined ? null : await importedItems.find(tx, userId, 'illustration', localId);
    if (known !== null && (await illustrations.byId(known, tx))) return imageOf(known);

    const now = clock.now();
    const scenes = await illustrations.ofStories([story.id], tx);
    const row = await illustrations.insert(tx, {
      id: uuidV7(now),
      user_id: userId,
      story_id: story.id,
      image_key: key,
      image_prompt: bindings.imagePrompt ?? '',
      scene_description: bindings.sceneDescription ?? '',
      display_order: bindings.displayOrder ?? scenes.length,
      audio_timestamp: bindings.audioTimestamp ?? 0,
      audio_duration: bindings.audioDuration ?? null,
      generation_id: bindings.generationId ?? null,
      previous_generation_id: null,
      status: 'completed',
      error: null,
      retry_count: 0,
      created_at: now,
      version: await changes.next(tx, userId),
    });
    if (localId !== undefined) {
      await importedItems.remember(tx, {
        user_id: userId,
        kind: 'illustration',
        local_id: localId,
        server_id: row.id,
        created_at: now,
      });
    }
    return { id: row.id, version: await recount(tx, userId, story) };
  };

  return async (tx, userId, upload, target) => {
    const { media_key: key, audio_duration: measured } = upload;
    const { type, bindings } = target;
    const id = target.id ?? '';
    if (type === 'illustration') return bindIllustration(tx, userId, upload, target);
    if (type === 'hero') {
      const hero = owned(await heroes.byId(id, tx), userId, 'Hero');
      const version = await changes.next(tx, userId);
      const { avatarPrompt, avatarGenerationId } = bindings;
      // The old id names the picture that is replaced.
      const isReplaced = hero.avatar_key !== null && hero.avatar_key !== key;
      await heroes.update(
        tx,
        hero,
        { version, now: clock.now() },
        {
          avatar_key: key,
          ...(avatarPrompt === undefined ? {} : { avatar_prompt: avatarPrompt }),
          ...(isReplaced || avatarGenerationId !== undefined
            ? { avatar_generation_id: avatarGenerationId ?? null }
            : {}),
        },
      );
      if (hero.avatar_key !== key) await media.erase(tx, userId, [hero.avatar_key]);
      return { id, version };
    }
    if (type === 'story') {
      const story = owned(await stories.byId(id, tx), userId, 'Story');
      const version = await changes.next(tx, userId);
      const { audioDuration, voice, language } = bindings;
      await stories.update(
        tx,
        story,
        { version, now: clock.now() },
        {
          audio_key: key,
          audio_duration: audioDuration ?? measured ?? estimatedSeconds(story.content),
          audio_voice: voice ?? null,
          audio_language: language ?? story.language,
          audio_status: 'completed',
          audio_error: null,
        },
      );
      if (story.audio_key !== key) await media.erase(tx, userId, [story.audio_key]);
      return { id, version };
    }
    const event = owned(await customEvents.byId(id, tx), userId, 'Custom event');
    const version = await changes.next(tx, userId);
    await customEvents.update(tx, event, { version, now: clock.now() }, { pictogram_key: key });
    if (event.pictogram_key !== key) await media.erase(tx, userId, [event.pictogram_key]);
    return { id, version };
  };
}
