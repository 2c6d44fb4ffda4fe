import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { NewOrder, OrderKind } from '../generation/order-kind.js';
import type { Orders } from '../generation/orders.js';
import { languageCodeOf, languageOf } from '../language.js';
import { owned } from '../ownership.js';
import type { Records } from '../records.js';
import { estimatedSeconds } from '../scenes/narration-time.js';
import type { StoryMedia, UsageService } from '../services.js';
import type { StoryRow } from '../tables.js';
import { costOf } from '../usage/costs.js';
import { countMade } from '../usage/counters.js';
import { NARRATION_MODEL, narrate } from './narrate.js';
import { isVoice, voiceForTraits } from './voices.js';

export interface NarrationWish {
  readonly language?: string | undefined;
  readonly voice?: string | undefined;
  readonly regenerate?: boolean | undefined;
}

interface NarrationInput {
  readonly voice: string;
  readonly language: string;
}

/** Narrations of stories (contract §3.2, §5). */
export function createNarrationOrders(
  platform: Platform,
  parts: {
    readonly records: Records;
    readonly orders: Orders;
    readonly usage: UsageService;
    readonly media: StoryMedia;
  },
) {
  const { changes, clock, database, speech } = platform;
  const { records, orders, usage, media } = parts;
  const { heroes, stories, illustrations } = records.stores;

  /** The voice asked for, else the one that suits the hero. */
  const voiceOf = async (story: StoryRow, asked: string | undefined): Promise<string> => {
    if (asked !== undefined && !isVoice(asked)) {
      throw errors.validation('must be the name of a voice such as coral, nova or fable', { field: 'voice' });
    }
    const hero = await heroes.byId(story.hero_id);
    return asked ?? voiceForTraits(JSON.parse(hero?.traits ?? '[]'));
  };

  const orderOf = (userId: string, storyId: string, input: NarrationInput): NewOrder<NarrationInput> => ({
    kind: 'narration',
    subjectId: storyId,
    sameness: [input.voice, languageCodeOf(input.language)],
    admit: async (tx, id) => {
      const version = await changes.next(tx, userId);
      const story = owned(await stories.byId(storyId, tx), userId, 'Story');
      await usage.reserve(tx, userId, 'audio_generation', NARRATION_MODEL, 1, id);
      await stories.update(
        tx,
        story,
        { version, now: clock.now() },
        { audio_status: 'processing', audio_error: null },
      );
      return { input, version };
    },
  });

  const kind: OrderKind<NarrationInput> = {
    name: 'narration',
    run: async ({ id, userId, subjectId, input, orderedAt }, signal) => {
      const story = owned(await stories.byId(subjectId), userId, 'Story');
      const { audio, duration } = await narrate(
        platform,
        { text: story.content, voice: input.voice, language: languageOf(input.language) },
        id,
        signal,
      );
      const key = media.keyFor('audio', userId, `${subjectId}.mp3`, orderedAt);
      await platform.media.put(key, audio);
      return {
        mediaKeys: [key],
        outcome: { cost: costOf('audio', speech.synthesizer.engine) },
        write: async (tx) => {
          const scenes = await illustrations.ofStories([subjectId], tx);
          const version = await changes.next(tx, userId, scenes.length + 1);
          const now = clock.now();
          const current = owned(await stories.byId(subjectId, tx), userId, 'Story');
          if (current.content !== story.content)
            throw new Error('The story was changed while it was read aloud.');
          // Scenes were placed by the duration known until now; they keep their places in the measured one.
          const known = current.audio_duration ?? estimatedSeconds(current.content.length);
          const scale = known > 0 ? duration / known : 1;
          for (const [index, scene] of scenes.entries()) {
            await illustrations.update(
              tx,
              scene,
              { version: version + index, now },
              {
                audio_timestamp: scene.audio_timestamp * scale,
                audio_duration: scene.audio_duration === null ? null : scene.audio_duration * scale,
              },
            );
          }
          await stories.update(
            tx,
            current,
            { version: version + scenes.length, now },
            {
              audio_key: key,
              audio_duration: duration,
              audio_voice: input.voice,
              audio_language: input.language,
              audio_status: 'completed',
              audio_error: null,
            },
          );
          if (current.audio_key !== key) await media.erase(tx, userId, [current.audio_key]);
          await countMade(tx, userId, 'total_audio');
          return { result: { storyId: subjectId }, version: version + scenes.length };
        },
      };
    },
    failed: async (tx, { userId, subjectId }, reason) => {
      const version = await changes.next(tx, userId);
      const story = await stories.byId(subjectId, tx);
      if (story?.audio_status !== 'processing') return version;
      // A busy upstream says nothing about the story (contract §6).
      const isBusy = reason.statusCode === 429;
      const without = isBusy ? 'pending' : 'failed';
      await stories.update(
        tx,
        story,
        { version, now: clock.now() },
        {
          audio_status: story.audio_key === null ? without : 'completed',
          audio_error: isBusy ? null : reason.message,
        },
      );
      return version;
    },
  };
  orders.define(kind);

  return {
    /** The user's story. @throws AppError 403, 404 */
    story: async (userId: string, storyId: string): Promise<StoryRow> =>
      owned(await stories.byId(storyId), userId, 'Story'),

    /** What to order, or null when the story has just such a narration already. @throws AppError 400, 403, 404 */
    wanted: async (
      userId: string,
      storyId: string,
      wish: NarrationWish,
    ): Promise<NewOrder<NarrationInput> | null> => {
      const story = owned(await stories.byId(storyId), userId, 'Story');
      const language = wish.language ?? story.language;
      const code = languageOf(language);
      const voice = await voiceOf(story, wish.voice);
      const isSame =
        story.audio_status === 'completed' &&
        story.audio_key !== null &&
        wish.regenerate !== true &&
        (wish.voice === undefined || story.audio_voice === null || story.audio_voice === voice) &&
        (story.audio_language === null || languageCodeOf(story.audio_language) === code);
      return isSame ? null : orderOf(userId, storyId, { voice, language });
    },

    /** For a story that was ordered with its narration; null when the limit does not allow it. */
    followUp: async (
      tx: Parameters<Orders['placeIn']>[0],
      userId: string,
      storyId: string,
      language: string,
    ): Promise<string | null> => {
      const story = await stories.byId(storyId, tx);
      const hero = story && (await heroes.byId(story.hero_id, tx));
      const voice = voiceForTraits(JSON.parse(hero?.traits ?? '[]'));
      return placedOrNull(orders, tx, userId, orderOf(userId, storyId, { voice, language }));
    },

    /** Stories that say `processing` although nobody reads them aloud. */
    recover: async (): Promise<void> => {
      const stuck = await stories.withAudioProcessing();
      // Read afterwards: what another node orders meanwhile is none of these.
      const open = new Set((await orders.inFlight()).map((row) => row.subject_id));
      for (const { id, user_id } of stuck) {
        if (open.has(id)) continue;
        const version = await database.transaction(async (tx) => {
          const next = await changes.next(tx, user_id);
          const story = await stories.byId(id, tx);
          // Finished by another node since.
          if (story?.audio_status !== 'processing') return next;
          const status = story.audio_key === null ? 'pending' : 'completed';
          await stories.update(tx, story, { version: next, now: clock.now() }, { audio_status: status });
          return next;
        });
        await changes.announce(user_id, version);
      }
    },
  };
}

export type NarrationOrders = ReturnType<typeof createNarrationOrders>;

/** A limit that is reached must not undo what the order follows. */
export async function placedOrNull<Input>(
  orders: Orders,
  tx: Parameters<Orders['placeIn']>[0],
  userId: string,
  order: NewOrder<Input>,
): Promise<string | null> {
  try {
    return (await orders.placeIn(tx, userId, order)).id;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 429) return null;
    throw error;
  }
}
