import type { HttpServer } from '../../../platform/http/server.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { RouteHooks } from '../route-hooks.js';
import { chatRoutes, type VoiceMessages } from './routes.js';
import { createChatService } from './service.js';
import { createChatStore } from './store.js';

/** The chat over a platform and the other rooms. */
export function createChat(platform: Platform, rooms: Rooms, voice: VoiceMessages) {
  const store = createChatStore(platform.database);
  const chat = createChatService(platform, rooms, store);
  return {
    store,
    routes: (server: HttpServer, hooks: RouteHooks): void => chatRoutes(server, chat, voice, hooks),
  };
}
