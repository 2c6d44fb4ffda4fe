import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { Platform } from '../../../platform/platform.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { Data } from '../envelopes.js';
import { orderFor } from '../generation/answer.js';
import { fromEngine } from '../generation/engine-failures.js';
import type { OrderKind } from '../generation/order-kind.js';
import type { Orders } from '../generation/orders.js';
import { ART_STYLE, joined, looksOf, sceneHeroOf } from '../illustrating/hero-looks.js';
import { sceneOf } from '../illustrating/scene-words.js';
import { owned } from '../ownership.js';
import type { Records } from '../records.js';
import { safePrompt } from '../safety/content-filter.js';
import type { StoryMedia, UsageService } from '../services.js';
import { costOf } from '../usage/costs.js';
import { IdParams } from '../wire-fields.js';

interface AvatarInput {
  /** The user's words, fit for a picture; empty when there were none. */
  readonly prompt: string;
  readonly style: 'standard' | 'hd';
  readonly size: '1024x1024' | '1024x1536' | '1536x1024';
}

const Wish = Type.Object({
  prompt: Type.Optional(Type.String({ maxLength: 2_000 })),
  style: Type.Optional(Type.Union([Type.Literal('standard'), Type.Literal('hd')])),
  size: Type.Optional(
    Type.Union([Type.Literal('1024x1024'), Type.Literal('1024x1536'), Type.Literal('1536x1024')]),
  ),
});
const AvatarResult = Type.Object({
  heroId: Type.String(),
  avatarUrl: Type.String(),
  generationId: Type.Optional(Type.String()),
});

/** Portraits of heroes (contract §3.1, §5). @returns how their route is added */
export function createAvatarOrders(
  platform: Platform,
  parts: {
    readonly records: Records;
    readonly orders: Orders;
    readonly usage: UsageService;
    readonly media: StoryMedia;
  },
): (server: HttpServer) => void {
  const { changes, clock, images } = platform;
  const { records, orders, usage, media } = parts;
  const { heroes } = records.stores;

  const kind: OrderKind<AvatarInput> = {
    name: 'avatar',
    run: async ({ userId, subjectId, input, orderedAt }, signal) => {
      const hero = owned(await heroes.byId(subjectId), userId, 'Hero');
      const abilities: string[] = JSON.parse(hero.special_abilities);
      const prompt = [`Portrait of ${looksOf(hero)}`, abilities.join(', '), input.prompt, ART_STYLE]
        .filter(Boolean)
        .join('. ');
      const look = sceneHeroOf(hero);
      const scene = sceneOf(
        { ...look, outfit: joined(look.outfit, input.prompt) },
        joined(input.prompt, ...abilities),
      );
      const picture = await fromEngine(() =>
        images.generate({ prompt, size: input.size, quality: input.style, scene }, { signal }),
      );
      const key = media.keyFor('avatar', userId, `${subjectId}.png`, orderedAt);
      await platform.media.put(key, picture.data);
      return {
        mediaKeys: [key],
        outcome: { cost: costOf(input.style === 'hd' ? 'hdImage' : 'image', images.engine) },
        write: async (tx) => {
          const version = await changes.next(tx, userId);
          const current = owned(await heroes.byId(subjectId, tx), userId, 'Hero');
          await heroes.update(
            tx,
            current,
            { version, now: clock.now() },
            {
              avatar_key: key,
              avatar_prompt: input.prompt || null,
              avatar_generation_id: picture.generationId ?? key,
            },
          );
          if (current.avatar_key !== key) await media.erase(tx, userId, [current.avatar_key]);
          return { result: { heroId: subjectId }, version };
        },
      };
    },
  };
  orders.define(kind);

  return (server) => {
    server.post(
      '/heroes/:id/avatar',
      {
        preValidation: nullsAreAbsent,
        schema: {
          tags: ['stories: heroes'],
          summary: "Draw a hero's portrait",
          params: IdParams,
          body: Wish,
          response: { 200: Data(AvatarResult) },
        },
        config: { ordered: true },
      },
      async (request, reply) => {
        const { userId } = callerOf(request);
        const { id } = request.params;
        const { prompt = '', style = 'standard', size = '1024x1024' } = request.body;
        const told = await orderFor<AvatarInput>(orders, request, reply, {
          kind: 'avatar',
          subjectId: id,
          sameness: [prompt, style, size],
          admit: async (tx, orderId) => {
            owned(await heroes.byId(id, tx), userId, 'Hero');
            const safe = prompt.trim() === '' ? '' : safePrompt(prompt);
            await usage.reserve(tx, userId, 'avatar_generation', images.model, 1, orderId);
            return { input: { prompt: safe, style, size } };
          },
        });
        if (told === null) return reply;
        const hero = owned(await heroes.byId(id), userId, 'Hero');
        return {
          data: {
            heroId: id,
            avatarUrl: media.address(hero.avatar_key) ?? '',
            ...(hero.avatar_generation_id === null ? {} : { generationId: hero.avatar_generation_id }),
          },
          message: 'Avatar generated',
        };
      },
    );
  };
}
