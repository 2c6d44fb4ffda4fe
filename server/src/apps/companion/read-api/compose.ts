import type { HttpServer } from '../../../platform/http/server.js';
import { requireCaller } from '../../../platform/identity/require-caller.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { RouteHooks } from '../route-hooks.js';
import { type KeyKind, keyRoutes } from './key-routes.js';
import { mcpRoute } from './mcp/route.js';
import { createNotes } from './notes.js';
import { readRoutes } from './routes.js';

/** What one user's programs may ask; a person's own devices have the server's usual limit. */
const LIMIT = { points: 600, seconds: 60 };

/** Keys for own programs, and what they open: contract §8.4 and §8.5. */
export function createReadApi(platform: Platform, rooms: Rooms) {
  const notes = createNotes(rooms);
  const byKey = (kind: KeyKind): RouteHooks => ({
    authenticated: {
      onRequest: requireCaller(platform, {
        apiKeys: [kind],
        limit: { name: `companion-${kind}`, ...LIMIT },
      }),
    },
  });
  return {
    routes: (server: HttpServer, hooks: RouteHooks): void => {
      const [mcp, dev] = [byKey('mcp'), byKey('dev')];
      keyRoutes(server, platform.apiKeys, hooks);
      readRoutes(server, '/v1/mcp', notes, mcp);
      readRoutes(server, '/v1/dev/user', notes, dev);
      mcpRoute(server, platform, notes, mcp);
    },
  };
}
