import type { HttpServer } from '../../../platform/http/server.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import type { RouteHooks } from '../route-hooks.js';
import { chatRoutes, type VoiceMessages } from './routes.js';
import { createChatService } from './service.js';

/** The chat over a platform and the other rooms. */
export function createChat(platform: Platform, rooms: Rooms, voice: VoiceMessages) {
  const chat = createChatService(platform, rooms, rooms.stores.chat);
  return {
    routes: (server: HttpServer, hooks: RouteHooks): void => chatRoutes(server, chat, voice, hooks),
  };
}
