import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { Pull } from './pull.js';
import type { Push } from './push.js';
import { ChangesPage, ChangesQuery, PushBody, PushResult } from './schemas.js';
import type { Streams } from './streams.js';

const tags = ['stories: sync'];
/** 200 stories of the greatest length that a story may have, and then some. */
const PUSH_BYTES = 32 * 1_048_576;

/** How devices stay alike: pull, push, and a stream that says when to pull. Belongs in the authenticated scope. */
export function syncRoutes(
  server: HttpServer,
  { pull, push, streams }: { readonly pull: Pull; readonly push: Push; readonly streams: Streams },
): void {
  server.get(
    '/sync/changes',
    {
      schema: {
        tags,
        summary: 'What has changed behind a number',
        querystring: ChangesQuery,
        response: { 200: ChangesPage },
      },
    },
    async (request) => {
      const { since, limit } = request.query;
      return { data: await pull(callerOf(request).userId, since, limit) };
    },
  );

  server.post(
    '/sync/push',
    {
      bodyLimit: PUSH_BYTES,
      // Each mutation is known by its own id; to keep whole answers besides would only cost writes.
      config: { ordered: true },
      schema: {
        tags,
        summary: 'What happened on a device; each mutation is applied once',
        body: PushBody,
        response: { 200: PushResult },
      },
    },
    async (request) => ({ data: await push(callerOf(request).userId, request.body.mutations) }),
  );

  server.get(
    '/sync/stream',
    { exposeHeadRoute: false, schema: { tags, summary: 'Server-sent events: when to pull' } },
    async (request, reply) => {
      const stream = await streams.open(callerOf(request), request.headers);
      return reply
        .headers({
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // Tells nginx to pass events on at once.
          'x-accel-buffering': 'no',
        })
        .send(stream);
    },
  );
}
