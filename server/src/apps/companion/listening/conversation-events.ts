import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Events, Unsubscribe } from '../../../platform/events/events.js';
import type { ConversationEvents } from '../services.js';

/** What happened to one of a user's conversations. */
export type ConversationNews =
  | { readonly kind: 'processing' | 'created'; readonly conversationId: string }
  /** Segments were stored; `from` is the stream that has told its own socket already. */
  | {
      readonly kind: 'segments';
      readonly conversationId: string;
      readonly ids: readonly string[];
      readonly from: string;
    };

const isNews = Compile(
  Type.Union([
    Type.Object({
      kind: Type.Union([Type.Literal('processing'), Type.Literal('created')]),
      conversationId: Type.String(),
    }),
    Type.Object({
      kind: Type.Literal('segments'),
      conversationId: Type.String(),
      ids: Type.Array(Type.String()),
      from: Type.String(),
    }),
  ]),
);

const topicOf = (userId: string): string => `companion.conversations.${userId}`;

/** Tells open sockets on all nodes; a socket that misses it hears of the conversation by `last_memory` or its list. */
export function createConversationEvents(events: Events): ConversationEvents & {
  segments(userId: string, conversationId: string, ids: readonly string[], from: string): Promise<void>;
  follow(userId: string, heard: (news: ConversationNews) => void): Promise<Unsubscribe>;
} {
  const tell = (userId: string, kind: 'processing' | 'created', conversationId: string) =>
    events.publish(topicOf(userId), { kind, conversationId });
  return {
    processingStarted: (userId, conversationId) => tell(userId, 'processing', conversationId),
    created: (userId, conversationId) => tell(userId, 'created', conversationId),
    segments: (userId, conversationId, ids, from) =>
      events.publish(topicOf(userId), { kind: 'segments', conversationId, ids, from }),
    follow: (userId, heard) =>
      events.subscribe(topicOf(userId), (message) => {
        if (isNews.Check(message)) heard(message);
      }),
  };
}
