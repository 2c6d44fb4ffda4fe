import type { Static } from 'typebox';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { Conversation } from './conversation.js';
import type { Conversation as ConversationShape } from './schemas.js';

/** A conversation as SDKs read it. */
export const presentConversation = (conversation: Conversation): Static<typeof ConversationShape> => ({
  id: conversation.id,
  visitor_id: conversation.visitorId,
  status: conversation.status,
  created_at: isoInstant(conversation.createdAt),
  updated_at: isoInstant(conversation.updatedAt),
  metadata: { ...conversation.metadata },
});
