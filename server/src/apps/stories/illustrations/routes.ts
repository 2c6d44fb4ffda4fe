import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { StoryMedia } from '../services.js';
import { IdParams } from '../wire-fields.js';
import { presentIllustration, presentProgress } from './presenter.js';
import { IllustrationStatusAnswer, IllustrationsAnswer } from './schemas.js';
import type { IllustrationService } from './service.js';

const tags = ['stories: illustrations'];

/** The pictures of a story, read (contract §3.2). */
export function illustrationRoutes(
  server: HttpServer,
  illustrations: IllustrationService,
  media: StoryMedia,
): void {
  server.get(
    '/stories/:id/illustrations',
    {
      schema: {
        tags,
        summary: "A story's pictures in their order",
        params: IdParams,
        response: { 200: IllustrationsAnswer },
      },
    },
    async (request) => {
      const found = await illustrations.ofStory(callerOf(request).userId, request.params.id);
      return {
        data: {
          illustrations: found.illustrations.map((one) => presentIllustration(media, one)),
          total: found.illustrations.length,
        },
      };
    },
  );

  server.get(
    '/stories/:id/illustrations/status',
    {
      schema: {
        tags,
        summary: "How far a story's pictures are",
        params: IdParams,
        response: { 200: IllustrationStatusAnswer },
      },
    },
    async (request) => {
      const found = await illustrations.ofStory(callerOf(request).userId, request.params.id);
      return { data: presentProgress(found.story.illustration_status, found.illustrations) };
    },
  );
}
