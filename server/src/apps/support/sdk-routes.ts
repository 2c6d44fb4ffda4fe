import type { Clock } from '../../platform/clock.js';
import { toAppError } from '../../platform/http/error-body.js';
import type { HttpServer } from '../../platform/http/server.js';
import type { EventStore } from './analytics/event-store.js';
import { trackRoute } from './analytics/track-route.js';
import { conversationRoutes } from './conversations/routes.js';
import type { DeviceHooks } from './devices/device-hooks.js';
import { deviceRoutes } from './devices/routes.js';
import { messageRoutes } from './messages/routes.js';
import { presentSupportError, supportErrorHandler } from './present-error.js';
import type { ReportSdkError } from './realtime/sdk-errors.js';
import type { ConversationService, DeviceService, MessageService } from './services.js';

/** SDKs of all ages, and their `localhost` preset, use the one or the other. */
const PREFIXES = ['/v1', '/api/v1'];
const BODY_LIMIT_BYTES = 100 * 1_024;

export interface SdkRooms {
  readonly hooks: DeviceHooks;
  readonly clock: Clock;
  readonly conversations: ConversationService;
  readonly messages: MessageService;
  readonly devices: DeviceService;
  readonly events: EventStore;
  readonly reportError: ReportSdkError;
}

/** All REST routes of the SDK (contract §3), the same under both prefixes, with errors in the contract's shape. */
export async function sdkRoutes(server: HttpServer, rooms: SdkRooms): Promise<void> {
  const { hooks, clock, conversations, messages, devices, events, reportError } = rooms;
  if (!server.hasRequestDecorator('device')) server.decorateRequest('device', null);
  for (const prefix of PREFIXES) {
    await server.register(
      async (plain) => {
        const scope = plain as HttpServer;
        scope.setErrorHandler(supportErrorHandler);
        scope.addHook('onError', async (request, _reply, error) => {
          if (!request.device) return;
          const { code } = presentSupportError(toAppError(error), request);
          reportError(request.device, { code, where: `${request.method} ${request.routeOptions.url}` });
        });
        scope.addHook('onRoute', (route) => {
          route.bodyLimit = BODY_LIMIT_BYTES;
        });
        conversationRoutes(scope, conversations, hooks);
        messageRoutes(scope, messages, hooks);
        deviceRoutes(scope, devices, hooks);
        trackRoute(scope, { events, clock }, hooks);
      },
      { prefix },
    );
  }
}
