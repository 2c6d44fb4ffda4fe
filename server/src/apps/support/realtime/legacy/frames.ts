import { Type } from 'typebox';
import type { presentMessage } from '../../messages/presenter.js';

/** What the older plain WebSockets are sent (contract §5). */
export type LegacyFrame =
  | { readonly type: 'connection.established'; readonly connection_id: string }
  | { readonly type: 'subscribed'; readonly conversation_id: string }
  | { readonly type: 'message.new'; readonly message: ReturnType<typeof presentMessage> }
  | {
      readonly type: 'agent.typing' | 'user.typing';
      readonly conversation_id: string;
      readonly is_typing: boolean;
    }
  | {
      readonly type: 'message.status';
      readonly message_id: string;
      readonly status: string;
      readonly updated_at: string;
    }
  | {
      readonly type: 'messages.read';
      readonly conversation_id: string;
      readonly message_ids: readonly string[];
      readonly read_at: string;
    }
  | { readonly type: 'pong' }
  | { readonly type: 'error'; readonly error: string; readonly code: string }
  | { readonly type: 'server.going_away'; readonly message: string };

/** What they send. Frames of other types are ignored. */
export const IncomingFrame = Type.Object({ type: Type.String() });

export const Subscription = Type.Object({
  conversation_id: Type.String({ minLength: 1, maxLength: 100 }),
});

export const TypingFrame = Type.Object({
  conversation_id: Type.String({ minLength: 1, maxLength: 100 }),
  is_typing: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
});

/** The protocol's own close codes. */
export const closeCodes = {
  goingAway: 1001,
  missingParameters: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  silent: 4408,
  tooSlow: 4429,
} as const;
