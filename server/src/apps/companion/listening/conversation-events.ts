import type { Events, Unsubscribe } from '../../../platform/events/events.js';
import type { ConversationEvents } from '../services.js';

/** What happened to one of a user's conversations. */
export interface ConversationNews {
  readonly kind: 'processing' | 'created';
  readonly conversationId: string;
}

const topicOf = (userId: string): string => `companion.conversations.${userId}`;

/** Tells open sockets on all nodes; a socket that misses it hears of the conversation by `last_memory` or its list. */
export function createConversationEvents(events: Events): ConversationEvents & {
  follow(userId: string, heard: (news: ConversationNews) => void): Promise<Unsubscribe>;
} {
  const tell = (userId: string, kind: ConversationNews['kind'], conversationId: string) =>
    events.publish(topicOf(userId), { kind, conversationId });
  return {
    processingStarted: (userId, conversationId) => tell(userId, 'processing', conversationId),
    created: (userId, conversationId) => tell(userId, 'created', conversationId),
    follow: (userId, heard) =>
      events.subscribe(topicOf(userId), (message) => {
        if (typeof message !== 'object' || message === null || Array.isArray(message)) return;
        const { kind, conversationId } = message as Partial<ConversationNews>;
        if ((kind === 'processing' || kind === 'created') && typeof conversationId === 'string') {
          heard({ kind, conversationId });
        }
      }),
  };
}
