import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { RouteHooks } from '../route-hooks.js';
import { readUploads } from '../wire/uploads.js';
import type { OfflineService } from './service.js';

/** Files last about a minute: half a megabyte. */
const uploads = { fields: ['files'], maxFiles: 20, maxBytes: 32 << 20 };

export function offlineRoutes(server: HttpServer, offline: OfflineService, hooks: RouteHooks): void {
  server.post(
    '/v1/sync-local-files',
    {
      ...hooks.authenticated,
      schema: { tags: ['companion'], summary: 'Takes in what a device recorded without a network' },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { created, updated } = await offline.sync(userId, await readUploads(request, uploads));
      return { new_memories: created, updated_memories: updated };
    },
  );
}
