import { AppError, errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import { fromEngine, isOurs } from '../generation/engine-failures.js';
import type { NewOrder, Order, OrderKind } from '../generation/order-kind.js';
import type { Orders } from '../generation/orders.js';
import { restingStatusOf } from '../illustrations/progress.js';
import { languageCodeOf } from '../language.js';
import { placedOrNull } from '../narration/narration-orders.js';
import { owned } from '../ownership.js';
import type { Records } from '../records.js';
import { makeSafe } from '../safety/content-filter.js';
import type { HeroWithProfile, StoryMedia, UsageService } from '../services.js';
import type { IllustrationRow, StoryRow } from '../tables.js';
import { costOf } from '../usage/costs.js';
import { countMade } from '../usage/counters.js';
import { ART_STYLE, looksOf, sceneHeroOf } from './hero-looks.js';
import { sceneOf } from './scene-words.js';

/** How often a scene is tried, over all orders (contract §5). */
const MOST_TRIES = 3;
const USUAL_MAXIMUM = 10;

export interface IllustrationWish {
  readonly style?: 'standard' | 'hd' | undefined;
  readonly maxIllustrations?: number | undefined;
}

interface IllustrationInput {
  readonly style: 'standard' | 'hd';
  /** What is to be drawn, with the tries that had failed before this order. */
  readonly scenes: readonly { readonly id: string; readonly tries: number }[];
}

/** The pictures of a story, one after the other (contract §5): each is its own transaction, so progress is seen and kept. */
export function createIllustrationOrders(
  platform: Platform,
  parts: {
    readonly records: Records;
    readonly orders: Orders;
    readonly usage: UsageService;
    readonly media: StoryMedia;
  },
) {
  const { changes, clock, database, images, log } = platform;
  const { records, orders, usage, media } = parts;
  const { heroes, stories, illustrations } = records.stores;

  const isOpen = ({ status, retry_count }: IllustrationRow) =>
    status === 'pending' || (status === 'failed' && retry_count < MOST_TRIES);

  const orderOf = (userId: string, storyId: string, wish: IllustrationWish): NewOrder<IllustrationInput> => ({
    kind: 'illustrations',
    subjectId: storyId,
    sameness: null,
    admit: async (tx) => {
      const version = await changes.next(tx, userId);
      const story = owned(await stories.byId(storyId, tx), userId, 'Story');
      const rows = await illustrations.ofStories([storyId], tx);
      const open = rows.filter(isOpen).slice(0, wish.maxIllustrations ?? USUAL_MAXIMUM);
      await usage.check(tx, userId, 'illustration_generation');
      await stories.update(tx, story, { version, now: clock.now() }, { illustration_status: 'processing' });
      return {
        input: {
          style: wish.style ?? 'standard',
          scenes: open.map(({ id, retry_count }) => ({ id, tries: retry_count })),
        },
        version,
      };
    },
  });

  /** Writes one scene, and the story's count with it. */
  const note = async (
    scene: IllustrationRow,
    columns: Parameters<typeof illustrations.update>[3],
    also: (tx: Parameters<Orders['placeIn']>[0], version: number) => Promise<void> = async () => undefined,
  ) => {
    const version = await database.transaction(async (tx) => {
      const first = await changes.next(tx, scene.user_id, 2);
      await illustrations.update(tx, scene, { version: first, now: clock.now() }, columns);
      await also(tx, first + 1);
      return first + 1;
    });
    await changes.announce(scene.user_id, version);
  };

  const draw = async (
    order: Order<IllustrationInput>,
    scene: IllustrationRow,
    context: {
      readonly story: StoryRow;
      readonly hero: HeroWithProfile;
      readonly previous: string | null;
      /** The words of earlier scenes, the nearest first. */
      readonly before: readonly string[];
    },
    signal: AbortSignal,
  ): Promise<void> => {
    const { story, hero, previous, before } = context;
    const usageId = `${order.id}.${scene.id}`;
    await database.transaction(async (tx) => {
      await usage.reserve(tx, order.userId, 'illustration_generation', images.model, 1, usageId);
    });
    await note(scene, { status: 'processing', error: null });
    const began = performance.now();
    const durationMs = () => performance.now() - began;
    try {
      const safe = makeSafe(scene.image_prompt, languageCodeOf(story.language) ?? 'en').text;
      const picture = await fromEngine(() =>
        images.generate(
          {
            prompt: `${looksOf(hero)}. ${safe} ${ART_STYLE}`,
            size: '1024x1024',
            quality: order.input.style,
            scene: sceneOf(sceneHeroOf(hero), scene.scene_description, before),
            ...(previous ? { previousGenerationId: previous } : {}),
          },
          { signal },
        ),
      );
      const key = media.keyFor('illustration', order.userId, `${story.id}-${scene.id}.png`, order.orderedAt);
      await platform.media.put(key, picture.data);
      const cost = costOf(order.input.style === 'hd' ? 'hdImage' : 'image', images.engine);
      await note(
        scene,
        {
          status: 'completed',
          image_key: key,
          generation_id: picture.generationId ?? key,
          previous_generation_id: previous,
          error: null,
        },
        async (tx, version) => {
          const rows = await illustrations.ofStories([story.id], tx);
          const illustration_count = rows.filter(({ status }) => status === 'completed').length;
          await stories.update(tx, story, { version, now: clock.now() }, { illustration_count });
          await usage.settle(usageId, { success: true, cost, durationMs: durationMs() }, tx);
          await countMade(tx, order.userId, 'total_illustrations');
        },
      );
    } catch (error) {
      if (signal.aborted || !(error instanceof AppError) || isOurs(error)) throw error;
      const isBusy = error.statusCode === 429;
      await note(
        scene,
        isBusy
          ? { status: 'pending' }
          : { status: 'failed', error: error.message, retry_count: scene.retry_count + 1 },
        (tx) => usage.settle(usageId, { success: false, durationMs: durationMs(), error: error.message }, tx),
      );
      if (isBusy) throw error;
      log.warn({ code: error.code, illustration: scene.id }, 'a scene could not be drawn');
    }
  };

  const kind: OrderKind<IllustrationInput> = {
    name: 'illustrations',
    run: async (order, signal) => {
      const { userId, subjectId, input } = order;
      const story = owned(await stories.byId(subjectId), userId, 'Story');
      const hero = owned(await heroes.byId(story.hero_id), userId, 'Hero');
      const told = await illustrations.ofStories([subjectId]);
      let previous = hero.avatar_generation_id;
      for (const { id, tries } of input.scenes) {
        signal.throwIfAborted();
        const scene = await illustrations.byId(id);
        const isDue = scene && scene.status !== 'completed' && scene.retry_count === tries;
        if (isDue) {
          try {
            const before = told
              .filter(({ display_order }) => display_order < scene.display_order)
              .map(({ scene_description }) => scene_description)
              .reverse();
            await draw(order, scene, { story, hero, previous, before }, signal);
          } catch (error) {
            if (!(error instanceof AppError) || error.statusCode !== 429) throw error;
            // The limit ends the order; what was drawn before it stays, and is told when there is something.
            if ((await tally(input)).generated === 0) throw error;
            break;
          }
        }
        previous = (await illustrations.byId(id))?.generation_id ?? previous;
      }
      return {
        write: async (tx) => {
          const version = await changes.next(tx, userId);
          await rest(tx, userId, subjectId, version);
          return { result: { storyId: subjectId, ...(await tally(input, tx)) }, version };
        },
      };
    },
    failed: async (tx, { userId, subjectId, input }) => {
      const rows = (await illustrations.ofStories([subjectId], tx)).filter(
        ({ id, status }) => status === 'processing' && input.scenes.some((scene) => scene.id === id),
      );
      const first = await changes.next(tx, userId, rows.length + 1);
      for (const [index, row] of rows.entries()) {
        await illustrations.update(
          tx,
          row,
          { version: first + index, now: clock.now() },
          { status: 'pending' },
        );
      }
      await rest(tx, userId, subjectId, first + rows.length);
      return first + rows.length;
    },
  };
  orders.define(kind);

  /** What became of the order's scenes. */
  const tally = async ({ scenes }: IllustrationInput, tx?: Parameters<Orders['placeIn']>[0]) => {
    const tries = new Map(scenes.map(({ id, tries }) => [id, tries]));
    const rows = await Promise.all(scenes.map(({ id }) => illustrations.byId(id, tx ?? null)));
    const present = rows.filter((row) => row !== undefined);
    return {
      generated: present.filter(({ status }) => status === 'completed').length,
      failed: present.filter(
        ({ id, status, retry_count }) => status === 'failed' && retry_count > (tries.get(id) ?? 0),
      ).length,
    };
  };

  /** The story says again what its pictures say. */
  const rest = async (
    tx: Parameters<Orders['placeIn']>[0],
    userId: string,
    storyId: string,
    version: number,
  ) => {
    const story = await stories.byId(storyId, tx);
    if (!story || story.user_id !== userId) return;
    const rows = await illustrations.ofStories([storyId], tx);
    await stories.update(
      tx,
      story,
      { version, now: clock.now() },
      {
        illustration_status: restingStatusOf(rows),
        illustration_count: rows.filter(({ status }) => status === 'completed').length,
      },
    );
  };

  return {
    /** What to order, or null when nothing is left to draw. @throws AppError 400 without scenes, 403, 404 */
    wanted: async (
      userId: string,
      storyId: string,
      wish: IllustrationWish,
    ): Promise<NewOrder<IllustrationInput> | null> => {
      owned(await stories.byId(storyId), userId, 'Story');
      const rows = await illustrations.ofStories([storyId]);
      if (rows.length === 0) throw errors.badRequest('This story has no scenes to illustrate');
      const isBeingDrawn = rows.some(({ status }) => status === 'processing');
      return isBeingDrawn || rows.some(isOpen) ? orderOf(userId, storyId, wish) : null;
    },

    followUp: (
      tx: Parameters<Orders['placeIn']>[0],
      userId: string,
      storyId: string,
    ): Promise<string | null> => placedOrNull(orders, tx, userId, orderOf(userId, storyId, {})),

    /** Scenes and stories that say `processing` although nobody draws. */
    recover: async (): Promise<void> => {
      const stuck = await stories.withIllustrationsProcessing();
      // Read afterwards: what another node orders meanwhile is none of these.
      const open = new Set((await orders.inFlight()).map((row) => row.subject_id));
      for (const story of stuck) {
        if (open.has(story.id)) continue;
        const version = await database.transaction(async (tx) => {
          const rows = (await illustrations.ofStories([story.id], tx)).filter(
            ({ status }) => status === 'processing',
          );
          const first = await changes.next(tx, story.user_id, rows.length + 1);
          for (const [index, row] of rows.entries()) {
            await illustrations.update(
              tx,
              row,
              { version: first + index, now: clock.now() },
              { status: 'pending' },
            );
          }
          await rest(tx, story.user_id, story.id, first + rows.length);
          return first + rows.length;
        });
        await changes.announce(story.user_id, version);
      }
    },
  };
}

export type IllustrationOrders = ReturnType<typeof createIllustrationOrders>;
