import type { HttpServer } from '../../../platform/http/server.js';
import { deviceOf } from '../callers.js';
import type { DeviceHooks } from '../devices/device-hooks.js';
import type { ConversationService } from '../services.js';
import { presentConversation } from './presenter.js';
import { OpenAnswer, OpenBody } from './schemas.js';

/** The SDK's routes over conversations, relative to the prefix of its scope. */
export function conversationRoutes(
  server: HttpServer,
  conversations: ConversationService,
  { device }: DeviceHooks,
): void {
  server.post(
    '/conversations',
    {
      ...device,
      preValidation: async (request) => {
        request.body ??= {};
      },
      schema: {
        tags: ['support'],
        summary: "Open the device's conversation",
        description:
          'One and the same for each user of a device, however often and in parallel it is asked for.',
        body: OpenBody,
        response: { 200: OpenAnswer },
      },
    },
    async (request) => {
      const { user, device_context: context } = request.body;
      const conversation = await conversations.open(deviceOf(request), user ?? null, context ?? null);
      return { conversation: presentConversation(conversation) };
    },
  );
}
