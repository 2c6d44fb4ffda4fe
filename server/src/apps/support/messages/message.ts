import type { MessageSender, MessageStatus } from '../tables.js';

/** A message as the server knows it. */
export interface Message {
  /** Rises in the order in which messages become visible, over all conversations of an app. */
  readonly sequence: number;
  readonly id: string;
  readonly appId: string;
  readonly conversationId: string;
  readonly localId: string;
  readonly body: string;
  readonly sender: MessageSender;
  readonly operatorId: string | null;
  readonly status: MessageStatus;
  /** Epoch milliseconds; never goes back within a conversation. */
  readonly createdAt: number;
  readonly deliveredAt: number | null;
  readonly readAt: number | null;
}

/** One message's new status, as both sides are told. */
export interface StatusChange {
  readonly messageId: string;
  readonly localId: string;
  readonly conversationId: string;
  readonly status: MessageStatus;
  readonly updatedAt: number;
}
