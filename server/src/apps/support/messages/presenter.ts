import { isoInstant } from '../../../platform/http/timestamps.js';
import type { Message, StatusChange } from './message.js';

const instantOrNull = (at: number | null): string | null => (at === null ? null : isoInstant(at));

/** A message as SDKs read it: in REST answers, in `/sync` and as the payload of `message:new`. */
export const presentMessage = (message: Message) => ({
  id: message.id,
  local_id: message.localId,
  conversation_id: message.conversationId,
  body: message.body,
  sender: message.sender,
  created_at: isoInstant(message.createdAt),
  status: message.status,
  sequence: message.sequence,
  delivered_at: instantOrNull(message.deliveredAt),
  read_at: instantOrNull(message.readAt),
});

/** The same with the spellings that the operators' page reads beside them (contract §14). */
export const presentMessageToOperators = (message: Message) => ({
  ...presentMessage(message),
  localId: message.localId,
  conversationId: message.conversationId,
  createdAt: isoInstant(message.createdAt),
  operator_id: message.operatorId,
});

/** A status change; `id` and `message_id` are the same, because SDK versions read one or the other. */
export const presentStatusChange = (change: StatusChange) => ({
  id: change.messageId,
  message_id: change.messageId,
  local_id: change.localId,
  conversation_id: change.conversationId,
  status: change.status,
  updated_at: isoInstant(change.updatedAt),
});
