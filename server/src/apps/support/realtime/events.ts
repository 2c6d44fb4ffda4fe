import { type Static, Type } from 'typebox';
import type {
  presentMessage,
  presentMessageToOperators,
  presentStatusChange,
} from '../messages/presenter.js';

/*
 * Every event of the Socket.IO namespaces: what each side sends, in the contract's names and spellings (contract §4.4,
 * §4.5). What arrives is checked against the schemas here before anything looks at it.
 */

// What arrives.

/** A conversation, named by its bare id or in an object: SDK versions and pages differ. */
export const ConversationReference = Type.Union([
  Type.String({ minLength: 1, maxLength: 100 }),
  Type.Object({ conversation_id: Type.String({ minLength: 1, maxLength: 100 }) }),
]);
export type ConversationReference = Static<typeof ConversationReference>;

export const conversationIdOf = (reference: ConversationReference): string =>
  typeof reference === 'string' ? reference : reference.conversation_id;

/** The body's length is the message service's rule, because it counts UTF-16 units. */
export const OperatorMessage = Type.Object({
  conversation_id: Type.String({ minLength: 1, maxLength: 100 }),
  body: Type.String(),
  local_id: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 100 }), Type.Null()])),
});

export const TokenRenewal = Type.Object({ admin_token: Type.String({ minLength: 1, maxLength: 8_192 }) });

export const HistoryRequest = Type.Optional(
  Type.Union([
    Type.Null(),
    Type.Object({
      limit: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 1_000 }), Type.Null()])),
    }),
  ]),
);

export const Anything = Type.Unknown();

/** How an event with an acknowledgement is answered. */
export type Answer =
  | { readonly success: false; readonly error: string }
  | { readonly success: true; readonly [member: string]: unknown };

// What is sent.

interface Connected {
  readonly connection_id: string;
  readonly server_time: string;
}

interface Joined {
  readonly conversation_id: string;
  readonly last_message_id?: string;
}

interface OperatorTyping {
  readonly conversation_id: string;
  readonly is_typing: boolean;
}

interface DeviceTyping extends OperatorTyping {
  readonly device_id: string;
}

interface MessagesRead {
  readonly conversation_id: string;
  readonly message_ids: readonly string[];
  readonly read_at: string;
}

interface Both {
  connected: (payload: Connected) => void;
  'server:shutdown': (payload: { readonly message: string; readonly reconnect_delay_ms: number }) => void;
  error: (payload: { readonly code: string; readonly message?: string }) => void;
  pong: () => void;
}

/** `/client`, from the server. */
export interface ToDevice extends Both {
  'conversation:joined': (payload: Joined) => void;
  'conversation:updated': (payload: {
    readonly conversation_id: string;
    readonly status: 'open' | 'resolved';
    readonly updated_at: string;
  }) => void;
  'message:new': (payload: ReturnType<typeof presentMessage>) => void;
  'message:status': (payload: ReturnType<typeof presentStatusChange>) => void;
  'messages:read': (payload: MessagesRead) => void;
  'agent:typing': (payload: OperatorTyping) => void;
  'user:typing': (payload: DeviceTyping) => void;
}

/** `/admin`, from the server. The camelCase members are what the older page reads (contract §14). */
export interface ToOperator extends Both {
  'conversation:joined': (payload: Joined & { readonly conversationId: string }) => void;
  'conversation:new': (payload: { readonly conversation: object }) => void;
  'conversation:updated': (payload: { readonly conversation: object }) => void;
  'message:new': (payload: ReturnType<typeof presentMessageToOperators>) => void;
  'message:status': (
    payload: ReturnType<typeof presentStatusChange> & {
      readonly messageId: string;
      readonly localId: string;
      readonly conversationId: string;
      readonly updatedAt: string;
    },
  ) => void;
  'messages:read': (
    payload: MessagesRead & {
      readonly conversationId: string;
      readonly messageIds: readonly string[];
      readonly readAt: string;
    },
  ) => void;
  'agent:typing': (
    payload: OperatorTyping & {
      readonly operator_id: string;
      readonly conversationId: string;
      readonly isTyping: boolean;
    },
  ) => void;
  'user:typing': (
    payload: DeviceTyping & {
      readonly conversationId: string;
      readonly deviceId: string;
      readonly isTyping: boolean;
    },
  ) => void;
  'session:connect': (payload: {
    readonly connection_id: string;
    readonly device_id: string;
    readonly app_id: string;
    readonly connected_at: string;
    readonly connectionId: string;
    readonly deviceId: string;
    readonly appId: string;
    readonly connectedAt: string;
  }) => void;
  'session:disconnect': (payload: {
    readonly connection_id: string;
    readonly device_id: string;
    readonly reason: string;
    readonly connectionId: string;
    readonly deviceId: string;
  }) => void;
  'presence:change': (payload: {
    readonly app_id: string;
    readonly device_id: string;
    readonly is_online: boolean;
    readonly active_connections: number;
    readonly appId: string;
    readonly deviceId: string;
    readonly isOnline: boolean;
  }) => void;
}

/** One line of the test console. */
export interface SdkEvent {
  readonly timestamp: string;
  readonly type:
    | 'connection'
    | 'disconnection'
    | 'message_sent'
    | 'message_delivered'
    | 'message_read'
    | 'user_identified'
    | 'error';
  readonly data: Readonly<Record<string, unknown>>;
  readonly deviceId?: string;
  readonly userId?: string;
  readonly conversationId?: string;
}

/** `/admin/test-console`, from the server. */
export interface ToTestConsole {
  connected: (payload: { readonly message: string; readonly appId: string }) => void;
  'sdk:event': (payload: SdkEvent) => void;
  history: (payload: { readonly events: readonly SdkEvent[]; readonly message: string }) => void;
  paused: (payload: { readonly message: string }) => void;
  resumed: (payload: { readonly message: string }) => void;
  error: Both['error'];
  'server:shutdown': Both['server:shutdown'];
}

/** An event of an interface above with its payload, as it goes through the fan-out of this node. */
export type Emission<Events> = {
  [Name in keyof Events & string]: Events[Name] extends (...payload: infer Payload) => void
    ? readonly [Name, ...Payload]
    : never;
}[keyof Events & string];
