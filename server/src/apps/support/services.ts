import type { onRequestAsyncHookHandler } from 'fastify';
import type { Transaction } from '../../platform/database/database.js';
import type { DeviceCaller, OperatorCaller } from './callers.js';
import type { Conversation, DeviceContext, SdkUser } from './conversations/conversation.js';
import type { Message, StatusChange } from './messages/message.js';
import type { Permission } from './operators/permissions.js';
import type { ConversationStatus, MessageStatus } from './tables.js';

/*
 * What the rooms of this app ask of each other. Every operation takes the verified caller first and checks that what it
 * touches is theirs before anything else; what is somebody else's is told as not found.
 */

/** Keys of apps (`keys/`). */
export interface KeyService {
  /**
   * The key that was shown, when it is a living key of that app; null otherwise. Answered from memory for about a second,
   * dropped at once everywhere when the key ends. `expiresAt` is the instant from which it is refused, as known now.
   */
  verify(
    appId: string,
    apiKey: string,
  ): Promise<{ readonly keyId: string; readonly expiresAt: number | null } | null>;
}

/** Operators and their tokens (`operators/`). */
export interface OperatorService {
  /** @throws AppError 401 `TOKEN_EXPIRED` or `INVALID_TOKEN`, 403 `ACCOUNT_DISABLED` */
  verifyAccessToken(token: string): Promise<OperatorCaller>;
}

/** The door of the operator API (`operators/`). */
export interface OperatorHooks {
  /**
   * An `onRequest` hook that lets verified operators with this right pass and sets `request.operator`.
   * It refuses others with 401, or with 403 `FORBIDDEN` and `missing_permissions`.
   */
  requirePermission(permission: Permission): onRequestAsyncHookHandler;
}

/** Conversations (`conversations/`). */
export interface ConversationService {
  /** One and the same conversation for any number of parallel callers. */
  open(device: DeviceCaller, user: SdkUser | null, context: DeviceContext | null): Promise<Conversation>;
  /** @throws AppError 404 `CONVERSATION_NOT_FOUND` when it is not this device's or this operator's app's */
  get(caller: DeviceCaller | OperatorCaller, conversationId: string): Promise<Conversation>;
  /** The device's conversation with the latest activity, which its sockets join unasked; null when it has none. */
  latestOf(device: DeviceCaller): Promise<Conversation | null>;
  /** For operators: opens a conversation with a device on its behalf, or returns the one there is. */
  openFor(
    operator: OperatorCaller,
    device: { deviceId: string; userId: string | null; context: DeviceContext | null },
  ): Promise<Conversation>;
  change(
    operator: OperatorCaller,
    conversationId: string,
    change: { readonly status?: ConversationStatus; readonly assigneeId?: string | null },
  ): Promise<Conversation>;
  /** Most recent activity first. `cursor` is opaque; null ends the list. */
  list(
    operator: OperatorCaller,
    page: {
      readonly limit: number;
      readonly cursor?: string | undefined;
      readonly status?: ConversationStatus | undefined;
      readonly assigneeId?: string | undefined;
      /** Words that must occur in the visitor's name, e-mail or id, or in the last message. */
      readonly search?: string | undefined;
    },
  ): Promise<{ readonly conversations: readonly Conversation[]; readonly next: string | null }>;
}

/** Devices (`devices/`). */
export interface DeviceService {
  /**
   * The device belongs to this user now. Its conversation with the user learns who that is; an anonymous conversation
   * becomes theirs when they have none on the device. Conversations of other users stay as they are.
   */
  identify(device: DeviceCaller, user: SdkUser): Promise<void>;
  /** Where the device is reached by push; a token that another device of the app holds is taken from it. */
  setPushToken(
    device: DeviceCaller,
    push: { readonly token: string; readonly platform: 'android' | 'ios' | 'web' },
  ): Promise<void>;
}

/** Messages (`messages/`). */
export interface MessageService {
  /**
   * Stores a message, once per `localId` and conversation; a repeat returns the first one and has no effect.
   *
   * @throws AppError 404 `CONVERSATION_NOT_FOUND`, 400 `VALIDATION_ERROR`, 429 `RATE_LIMIT_EXCEEDED` (abuse only)
   */
  send(
    caller: DeviceCaller | OperatorCaller,
    conversationId: string,
    message: { readonly localId: string; readonly body: string },
  ): Promise<Message>;
  /** By sequence, ascending, exclusive; never passes over a message that is not visible yet. */
  since(
    caller: DeviceCaller | OperatorCaller,
    conversationId: string,
    afterSequence: number,
    limit: number,
  ): Promise<{ readonly messages: readonly Message[]; readonly hasMore: boolean }>;
  /** Created after an instant (epoch ms, exclusive), ascending. */
  createdAfter(
    caller: DeviceCaller | OperatorCaller,
    conversationId: string,
    after: number,
    limit: number,
  ): Promise<{ readonly messages: readonly Message[]; readonly hasMore: boolean }>;
  /** The newest page before a sequence (exclusive), in ascending order: how a thread is read upwards. */
  before(
    caller: OperatorCaller,
    conversationId: string,
    beforeSequence: number | null,
    limit: number,
  ): Promise<{ readonly messages: readonly Message[]; readonly hasMore: boolean }>;
  /** @throws AppError 404 `CONVERSATION_NOT_FOUND` or `MESSAGE_NOT_FOUND` */
  get(caller: DeviceCaller | OperatorCaller, conversationId: string, messageId: string): Promise<Message>;
  /** The id of the newest message, null when there is none. */
  lastId(caller: DeviceCaller | OperatorCaller, conversationId: string): Promise<string | null>;
  /** Upward moves only; ids that are unknown or in another conversation are left out of the answer. */
  setStatus(
    caller: DeviceCaller | OperatorCaller,
    conversationId: string,
    messageIds: readonly string[],
    status: MessageStatus,
  ): Promise<readonly StatusChange[]>;
  /** Marks what the other side wrote as read, up to a message or all of it. */
  markRead(
    caller: DeviceCaller | OperatorCaller,
    conversationId: string,
    upToMessageId: string | null,
  ): Promise<readonly StatusChange[]>;
}

/** Who is connected (`realtime/`), over the presence port. */
export interface PresenceService {
  isOnline(appId: string, deviceId: string): Promise<boolean>;
  /** Which of these devices are online. */
  online(appId: string, deviceIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** How many distinct devices of the app are online. */
  countOnline(appId: string): Promise<number>;
  sessions(appId: string): Promise<
    readonly {
      readonly connectionId: string;
      readonly deviceId: string;
      readonly appId: string;
      readonly connectedAt: number;
    }[]
  >;
}

/** What happens after a write, enqueued in its transaction (`effects` of `push/` and `webhooks/`). */
export type MessageEffect = (tx: Transaction, message: Message, conversation: Conversation) => Promise<void>;

/** The same for a conversation that was made or resolved. */
export type ConversationEffect = (
  tx: Transaction,
  change: 'created' | 'resolved',
  conversation: Conversation,
) => Promise<void>;
