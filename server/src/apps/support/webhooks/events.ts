import { isoInstant } from '../../../platform/http/timestamps.js';
import type { Conversation } from '../conversations/conversation.js';
import type { Message } from '../messages/message.js';

/** What a webhook can ask for. The broadcast events are named so that existing settings stay valid; none happen yet. */
export const webhookEvents = [
  'message.created',
  'conversation.created',
  'conversation.resolved',
  'broadcast.sent',
  'broadcast.failed',
] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

/** What only a trial sends. */
export const TEST_EVENT = 'webhook.test';

/** The body of a delivery (contract §11.10), exactly as it is signed and sent, however often. */
export const payloadOf = (event: string, appId: string, at: number, data: object): string =>
  JSON.stringify({ event, app_id: appId, timestamp: isoInstant(at), data });

export const messageData = (message: Message, conversation: Conversation) => ({
  message_id: message.id,
  conversation_id: message.conversationId,
  body: message.body,
  sender: message.sender,
  created_at: isoInstant(message.createdAt),
  user_id: conversation.userId,
  device_id: conversation.deviceId,
});

export const conversationData = (conversation: Conversation) => ({
  conversation_id: conversation.id,
  user_id: conversation.userId,
  device_id: conversation.deviceId,
  status: conversation.status,
  created_at: isoInstant(conversation.createdAt),
});
