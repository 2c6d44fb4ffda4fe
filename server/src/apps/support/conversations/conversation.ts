import type { ConversationStatus, MessageSender } from '../tables.js';

/** What the SDK says of the device it runs on; every member optional, as sent. */
export type DeviceContext = Readonly<Record<string, unknown>>;

/** Who the SDK says its user is. Said by the device, so it names nobody's account here. */
export interface SdkUser {
  readonly id: string;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly attributes?: Readonly<Record<string, unknown>> | null;
}

export interface Conversation {
  readonly id: string;
  readonly appId: string;
  readonly deviceId: string;
  /** The SDK user's id, null for an anonymous visitor. */
  readonly userId: string | null;
  readonly visitorId: string;
  readonly status: ConversationStatus;
  readonly assigneeId: string | null;
  readonly metadata: { readonly device_context?: DeviceContext; readonly user?: SdkUser };
  readonly createdAt: number;
  /** The last activity. */
  readonly updatedAt: number;
  readonly lastMessage: {
    readonly id: string;
    readonly body: string;
    readonly sender: MessageSender;
    readonly at: number;
  } | null;
  /** How many of the visitor's messages no operator has seen. */
  readonly unreadCount: number;
}
