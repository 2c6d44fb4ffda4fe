import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { RouteHooks } from '../route-hooks.js';
import { archiveOf } from './archive.js';
import { everythingOf } from './everything.js';

/** Everything is read for it, recordings included. */
const LIMIT = { name: 'companion-export', points: 10, seconds: 3_600 };

/** Everything that a user owns, as one archive. */
export function exportRoutes(server: HttpServer, platform: Platform, rooms: Rooms, hooks: RouteHooks): void {
  server.get(
    '/v1/users/export',
    {
      ...hooks.authenticated,
      schema: { tags: ['companion'], summary: 'Everything that the user owns, as a tar.gz archive' },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const verdict = await platform.limits.consume(LIMIT, userId);
      if (!verdict.allowed) {
        throw errors.rateLimited('Everything was exported often lately. Please try again later.', {
          retryAfterSeconds: verdict.retryAfterSeconds,
        });
      }
      const day = new Date(platform.clock.now()).toISOString().slice(0, 10);
      return reply
        .type('application/gzip')
        .header('content-disposition', `attachment; filename="earshot-export-${day}.tar.gz"`)
        .header('cache-control', 'no-store')
        .send(archiveOf(everythingOf(platform, rooms, userId)));
    },
  );
}
