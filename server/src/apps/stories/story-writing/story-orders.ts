import { withTables } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import { dayOf } from '../custom-events/day.js';
import { orderFor } from '../generation/answer.js';
import type { OrderKind } from '../generation/order-kind.js';
import type { Orders } from '../generation/orders.js';
import { languageOf } from '../language.js';
import { owned } from '../ownership.js';
import type { Records } from '../records.js';
import { estimatedSeconds } from '../scenes/narration-time.js';
import type { FindScenes } from '../scenes/scene.js';
import type { GenerateStory, StoryWish, UsageService } from '../services.js';
import type { HeroRow, StoriesTables } from '../tables.js';
import { costOf } from '../usage/costs.js';
import { countMade } from '../usage/counters.js';
import type { StoryBrief, StoryHero, Storyteller } from './brief.js';

interface StoryInput {
  readonly wish: StoryWish;
  readonly customEventId: string | null;
}

/** The day of a story that says nothing about it. */
const USUAL_DAY = 'Bedtime Adventure';

/** Orders narration or pictures of a finished story, in the transaction that finishes it. */
export type FollowUp = (
  tx: Parameters<Orders['placeIn']>[0],
  userId: string,
  storyId: string,
  language: string,
) => Promise<string | null>;

/** Stories that are written for a user: the order's kind, and what `POST stories` calls. */
export function createStoryOrders(
  { changes, clock, log, text }: Pick<Platform, 'changes' | 'clock' | 'log' | 'text'>,
  parts: {
    readonly records: Records;
    readonly orders: Orders;
    readonly usage: UsageService;
    readonly storyteller: Storyteller;
    readonly findScenes: FindScenes;
    readonly scenesByRules: FindScenes;
    readonly followUps: { readonly narration: FollowUp; readonly illustrations: FollowUp };
  },
): GenerateStory {
  const { records, orders, usage, storyteller, findScenes, scenesByRules, followUps } = parts;
  const { heroes, stories, illustrations, customEvents } = records.stores;

  /** A language model's scenes are worth waiting for, but not worth losing a finished story. */
  const scenesOf: FindScenes = async (wish, signal) => {
    try {
      return await findScenes(wish, signal);
    } catch (error) {
      signal?.throwIfAborted();
      log.warn({ err: error }, 'scenes are taken from the paragraphs, as the model found none');
      return scenesByRules(wish, signal);
    }
  };

  const kind: OrderKind<StoryInput> = {
    name: 'story',
    run: async ({ id, userId, input: { wish, customEventId } }, signal) => {
      const hero = owned(await heroes.byId(wish.heroId), userId, 'Hero');
      const event = customEventId === null ? undefined : await customEvents.byId(customEventId);
      const brief: StoryBrief = {
        language: languageOf(wish.language),
        hero: storyHeroOf(hero),
        day: event ? dayOf(event) : { title: wish.eventType ?? USUAL_DAY },
        title: wish.title,
        customPrompt: wish.customPrompt,
        maxTokens: wish.maxTokens,
        seed: id,
      };
      const { title, content, metadata, tokens } = await storyteller.write(brief, signal);
      const duration = estimatedSeconds(content.length);
      const { scenes } = await scenesOf(
        { content, duration, hero: hero.name, eventContext: brief.day.title },
        signal,
      );
      return {
        outcome: { cost: costOf('story', text.engine), ...(tokens === undefined ? {} : { tokens }) },
        write: async (tx) => {
          const first = await changes.next(tx, userId, scenes.length + (event ? 2 : 1));
          const now = clock.now();
          owned(await heroes.byId(wish.heroId, tx), userId, 'Hero');
          const known = event ? await customEvents.byId(event.id, tx) : undefined;
          const storyId = uuidV7(now);
          await stories.insert(tx, {
            id: storyId,
            user_id: userId,
            hero_id: wish.heroId,
            title,
            content,
            language: wish.language,
            event_type: wish.eventType ?? (known ? known.title : USUAL_DAY),
            custom_event_id: known?.id ?? null,
            is_favorite: 0,
            play_count: 0,
            last_played_at: null,
            audio_key: null,
            audio_duration: null,
            audio_voice: null,
            audio_language: null,
            audio_status: 'pending',
            audio_error: null,
            illustration_status: scenes.length > 0 ? 'pending' : 'none',
            illustration_count: 0,
            generation_metadata: JSON.stringify(metadata),
            created_at: now,
            version: first,
          });
          for (const [index, scene] of scenes.entries()) {
            const end = scenes[index + 1]?.timestamp ?? duration;
            await illustrations.insert(tx, {
              id: uuidV7(now),
              user_id: userId,
              story_id: storyId,
              image_key: null,
              image_prompt: scene.illustrationPrompt,
              scene_description: scene.textSegment,
              display_order: index,
              audio_timestamp: scene.timestamp,
              audio_duration: Math.max(0, end - scene.timestamp),
              generation_id: null,
              previous_generation_id: null,
              status: 'pending',
              error: null,
              retry_count: 0,
              created_at: now,
              version: first + 1 + index,
            });
          }
          const version = first + scenes.length + (event ? 1 : 0);
          if (known) {
            await customEvents.update(
              tx,
              known,
              { version, now },
              { usage_count: known.usage_count + 1, last_used_at: now },
            );
          }
          await countMade(tx, userId, 'total_stories', { last_story_at: now });
          const follow = [
            ...(wish.generateAudio ? [followUps.narration] : []),
            ...(wish.generateIllustrations && scenes.length > 0 ? [followUps.illustrations] : []),
          ];
          const followed: string[] = [];
          for (const place of follow) {
            const placed = await place(tx, userId, storyId, wish.language);
            if (placed) followed.push(placed);
          }
          return { result: { storyId, followed }, version };
        },
      };
    },
  };
  orders.define(kind);

  return async (request, reply, wish) => {
    const { userId } = callerOf(request);
    const language = languageOf(wish.language);
    storyteller.checkLanguage(language);
    const told = await orderFor<StoryInput>(orders, request, reply, {
      kind: 'story',
      subjectId: wish.heroId,
      sameness: [
        wish.language,
        wish.title,
        wish.eventType,
        wish.customEventId,
        wish.customPrompt,
        wish.maxTokens,
      ],
      admit: async (tx, id) => {
        owned(await heroes.byId(wish.heroId, tx), userId, 'Hero');
        const event =
          wish.customEventId === undefined
            ? await eventByTitle(tx, userId, wish.eventType)
            : owned(await customEvents.byId(wish.customEventId, tx), userId, 'Custom event');
        await usage.reserve(tx, userId, 'story_generation', storyteller.model, 1, id);
        return { input: { wish: onlyWish(wish), customEventId: event?.id ?? null } };
      },
    });
    if (told === null) return null;
    // What was ordered along is waited for, but its failure is told by the story's own states.
    const followed = Array.isArray(told.followed) ? told.followed : [];
    await Promise.allSettled(followed.map((id) => orders.outcome(String(id))));
    if (typeof told.storyId !== 'string') throw errors.internal();
    return told.storyId;
  };
}

/** The app sends a custom event's title without its id (contract §3.2). */
const eventByTitle = (
  tx: Parameters<Orders['placeIn']>[0],
  userId: string,
  title: string | undefined,
): Promise<{ readonly id: string } | undefined> =>
  withTables<StoriesTables>(tx)
    .selectFrom('stories_custom_events')
    .select('id')
    .where('user_id', '=', userId)
    .where('title', '=', title ?? '')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();

/** Without what else the body carried. */
const onlyWish = (wish: StoryWish): StoryWish => ({
  heroId: wish.heroId,
  language: wish.language,
  title: wish.title,
  eventType: wish.eventType,
  customPrompt: wish.customPrompt,
  maxTokens: wish.maxTokens,
  generateAudio: wish.generateAudio,
  generateIllustrations: wish.generateIllustrations,
});

const storyHeroOf = (hero: HeroRow): StoryHero => ({
  name: hero.name,
  age: hero.age,
  traits: JSON.parse(hero.traits),
  abilities: JSON.parse(hero.special_abilities),
  appearance: hero.appearance,
  hairColor: hero.hair_color,
  eyeColor: hero.eye_color,
});
