import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import type { ImageGenerator, Scene } from '../../../platform/ai/image-generator.js';
import type { Clock } from '../../../platform/clock.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { fromEngine } from '../generation/engine-failures.js';
import { ART_STYLE } from '../illustrating/hero-looks.js';
import { sceneOf } from '../illustrating/scene-words.js';
import { helperErrorHandler } from '../present-error.js';
import { safePrompt } from '../safety/content-filter.js';
import type { LimitedOperation } from '../services.js';
import { costOf } from '../usage/costs.js';
import { looksOf, sceneHeroOf } from './helper-hero.js';
import { askedBy, type Metered } from './metered.js';
import * as shapes from './schemas.js';

const tags = ['stories: helpers'];
const PICTOGRAM_STYLE =
  'One simple, friendly pictogram with clear outlines and few colours on a plain background. No text, no letters.';
/** What costs more, by the names that clients have for it. */
const HIGH = new Set(['high', 'hd']);

/** Pictures that are answered and not kept (contract §3.6). */
export function pictureRoutes(
  server: HttpServer,
  {
    images,
    metered,
    clock,
  }: { readonly images: ImageGenerator; readonly metered: Metered; readonly clock: Clock },
): void {
  const common = { preValidation: nullsAreAbsent, errorHandler: helperErrorHandler(clock) };

  const draw = async (
    request: FastifyRequest,
    operation: LimitedOperation,
    wish: Static<typeof shapes.PictogramBody>,
    { prompt, scene }: { readonly prompt: string; readonly scene: Scene },
  ): Promise<Static<typeof shapes.PictureAnswer>> => {
    const { size = '1024x1024', quality = 'standard', previousGenerationId } = wish;
    const isHigh = HIGH.has(quality.toLowerCase());
    const call = {
      operation,
      model: images.model,
      cost: costOf(isHigh ? 'hdImage' : 'image', images.engine),
      sameness: askedBy(request),
    };
    const { value } = await metered(callerOf(request).userId, call, async (signal) => ({
      value: await fromEngine(() =>
        images.generate(
          {
            prompt,
            size,
            quality: isHigh ? 'hd' : 'standard',
            scene,
            ...(previousGenerationId ? { previousGenerationId } : {}),
          },
          { signal },
        ),
      ),
    }));
    const { data, revisedPrompt, generationId } = value;
    return {
      imageData: Buffer.from(data).toString('base64'),
      ...(revisedPrompt === undefined ? {} : { revisedPrompt }),
      ...(generationId === undefined ? {} : { generationId }),
    };
  };

  server.post(
    '/images/generate-pictogram',
    {
      ...common,
      schema: {
        tags,
        summary: 'A pictogram for an event',
        body: shapes.PictogramBody,
        response: { 200: shapes.PictureAnswer },
      },
    },
    async (request) => {
      const safe = safePrompt(request.body.prompt);
      return draw(request, 'illustration_generation', request.body, {
        prompt: `${safe} ${PICTOGRAM_STYLE}`,
        scene: sceneOf(null, safe),
      });
    },
  );

  server.post(
    '/images/generate-avatar',
    {
      ...common,
      schema: {
        tags,
        summary: 'A portrait of a hero',
        body: shapes.AvatarBody,
        response: { 200: shapes.PictureAnswer },
      },
    },
    async (request) => {
      const { hero, quality = 'high', ...wish } = request.body;
      const safe = safePrompt(wish.prompt);
      return draw(
        request,
        'avatar_generation',
        { ...wish, quality },
        {
          prompt: `Portrait of ${looksOf(hero)}. ${safe} ${ART_STYLE}`,
          scene: sceneOf(sceneHeroOf(hero), safe),
        },
      );
    },
  );

  server.post(
    '/images/generate-illustration',
    {
      ...common,
      schema: {
        tags,
        summary: 'A picture of a scene',
        body: shapes.IllustrationBody,
        response: { 200: shapes.PictureAnswer },
      },
    },
    async (request) => {
      const { hero, ...wish } = request.body;
      const safe = safePrompt(wish.prompt);
      return draw(request, 'illustration_generation', wish, {
        prompt: `${looksOf(hero)}. ${safe} ${ART_STYLE}`,
        scene: sceneOf(sceneHeroOf(hero), safe),
      });
    },
  );
}
