import type { Platform } from '../../platform/platform.js';
import { createEventStore } from './analytics/event-store.js';
import { createConversationService } from './conversations/service.js';
import { createDeviceHooks } from './devices/device-hooks.js';
import { createDeviceService } from './devices/service.js';
import { createKeyService } from './keys/service.js';
import { createMessageService } from './messages/service.js';
import type { SupportMetrics } from './metrics.js';
import type { FanOut } from './realtime/fan-out.js';
import { sdkErrorsOver } from './realtime/sdk-errors.js';
import type { SdkRooms } from './sdk-routes.js';
import type { ConversationEffect, KeyService, MessageEffect } from './services.js';

/** The rooms that everything else in the app stands on. */
export interface Core extends SdkRooms {
  readonly keys: KeyService;
  close(): Promise<void>;
}

/**
 * Builds keys, devices, conversations and messages.
 *
 * @param effects what is enqueued with a message or a conversation's change: push and webhooks
 */
export async function createCore(
  platform: Platform,
  fanOut: FanOut,
  effects: {
    readonly messages?: readonly MessageEffect[];
    readonly conversations?: readonly ConversationEffect[];
  } = {},
  metrics?: SupportMetrics,
): Promise<Core> {
  const { clock, config, database, limits, log } = platform;
  const keys = await createKeyService({ database, clock, fanOut, log });
  const messagesPerMinute = config.SUPPORT_MESSAGES_PER_MINUTE;
  return {
    clock,
    keys,
    hooks: createDeviceHooks({
      keys,
      limits,
      requestsPerMinute: config.SUPPORT_REQUESTS_PER_MINUTE,
      messagesPerMinute,
    }),
    conversations: createConversationService({
      database,
      clock,
      fanOut,
      effects: effects.conversations ?? [],
    }),
    messages: createMessageService({
      database,
      clock,
      fanOut,
      limits,
      messagesPerMinute,
      effects: effects.messages ?? [],
      metrics,
    }),
    devices: createDeviceService({ database, clock, fanOut }),
    events: createEventStore(database),
    reportError: sdkErrorsOver(fanOut, clock),
    close: () => keys.close(),
  };
}
