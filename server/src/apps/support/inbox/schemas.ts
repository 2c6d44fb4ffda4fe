import { Type } from 'typebox';
import { DeviceContext } from '../conversations/schemas.js';
import { Message } from '../messages/schemas.js';
import { UUID_FORM } from '../messages/service.js';
import { Instant, oneOf, optional, optionalText } from '../sdk-shapes.js';

const text = Type.String();
const textOrNull = Type.Union([Type.String(), Type.Null()]);
const instantOrNull = Type.Union([Instant, Type.Null()]);
const anyObject = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true });
const Status = oneOf(['open', 'resolved']);
const Sender = Type.Union([oneOf(['user', 'agent', 'system']), Type.Null()]);

/** Enough to fill any page; an older inbox asks for everything and pages nothing. */
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 200;
const Limit = Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT });
const Cursor = Type.String({
  minLength: 1,
  maxLength: 1_000,
  description: '`next_cursor` of the page before.',
});
const Search = Type.String({ maxLength: 200, description: 'Words that must all occur.' });

export const ConversationsQuery = Type.Object({
  limit: Limit,
  cursor: Type.Optional(Cursor),
  status: Type.Optional(Status),
  assignee_id: Type.Optional(Type.String({ maxLength: 100 })),
  search: Type.Optional(Search),
});

export const PeopleQuery = Type.Object({
  limit: Limit,
  cursor: Type.Optional(Cursor),
  search: Type.Optional(Search),
});

export const ThreadQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: MAX_LIMIT, default: MAX_LIMIT }),
  cursor: Type.Optional(
    Type.Integer({ minimum: 1, description: '`next_cursor` of the page before: reads upwards.' }),
  ),
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'Epoch milliseconds: reads downwards.' })),
  after_sequence: Type.Optional(Type.Integer({ minimum: 0, description: 'Reads downwards.' })),
});

export const ConversationParams = Type.Object({ id: Type.String({ maxLength: 100 }) });
/** A user's id has 300 characters at most, and so the key a few more. */
export const PersonParams = Type.Object({ userKey: Type.String({ maxLength: 400 }) });

export const WriteBody = Type.Object({
  body: optionalText(),
  local_id: optionalText({ pattern: UUID_FORM, description: "The sender's own UUID, for safe retries." }),
});

export const OpenBody = Type.Object({
  device_id: optionalText({ maxLength: 300 }),
  user_id: optionalText({ maxLength: 300 }),
  device_context: Type.Optional(DeviceContext),
});

export const ChangeBody = Type.Object({
  status: optional(Status),
  assignee_id: optionalText({ maxLength: 100, description: '`null` takes it from everybody.' }),
});

export const ReadBody = Type.Object({ up_to_message_id: optionalText({ maxLength: 100 }) });

const last = { last_message: textOrNull, last_sender: Sender, last_message_at: instantOrNull };

const listed = {
  conversation_id: text,
  user_id: textOrNull,
  device_id: text,
  status: Status,
  updated_at: Instant,
  created_at: Instant,
  device_context: anyObject,
  ...last,
  is_online: Type.Boolean(),
  display_name: text,
  name: textOrNull,
  email: textOrNull,
  assignee_id: textOrNull,
  unread_count: Type.Integer(),
};

export const ConversationsAnswer = Type.Object({
  conversations: Type.Array(Type.Object(listed)),
  next_cursor: textOrNull,
});

export const ConversationAnswer = Type.Object({ id: text, ...listed });

export const PeopleAnswer = Type.Object({
  users: Type.Array(
    Type.Object({
      user_key: text,
      user_id: textOrNull,
      device_ids: Type.Array(text),
      conversation_count: Type.Integer(),
      primary_conversation_id: textOrNull,
      ...last,
      last_seen_at: instantOrNull,
      created_at: instantOrNull,
      is_online: Type.Boolean(),
      display_name: text,
      name: textOrNull,
      email: textOrNull,
    }),
  ),
  next_cursor: textOrNull,
});

export const PersonAnswer = Type.Object({
  user: Type.Object({
    user_key: text,
    user_id: textOrNull,
    device_id: textOrNull,
    display_name: text,
    name: textOrNull,
    email: textOrNull,
    attributes: Type.Union([anyObject, Type.Null()]),
    device_context: Type.Union([anyObject, Type.Null()]),
    devices: Type.Array(
      Type.Object({
        device_id: text,
        user_id: textOrNull,
        platform: text,
        push_token_provider: textOrNull,
        push_token_updated_at: instantOrNull,
        created_at: Instant,
        updated_at: Instant,
      }),
    ),
    created_at: instantOrNull,
    last_seen_at: instantOrNull,
    is_online: Type.Boolean(),
  }),
  conversations: Type.Array(
    Type.Object({
      id: text,
      user_id: textOrNull,
      device_id: text,
      status: Status,
      updated_at: Instant,
      created_at: Instant,
      ...last,
    }),
  ),
  broadcasts: Type.Array(anyObject),
});

export const StatsAnswer = Type.Object({
  total_conversations: Type.Integer(),
  open_conversations: Type.Integer(),
  resolved_conversations: Type.Integer(),
  online_conversations: Type.Integer({ description: 'Distinct devices that are online.' }),
  generated_at: Instant,
});

/** Both spellings, because pages of either kind read them (contract §14). */
const OperatorMessage = Type.Object({
  ...Message.properties,
  localId: text,
  conversationId: text,
  createdAt: Instant,
  operator_id: textOrNull,
});

export const ThreadAnswer = Type.Object({
  messages: Type.Array(OperatorMessage),
  has_more: Type.Boolean(),
  next_cursor: Type.Union([Type.Integer(), Type.Null()]),
});

export const WrittenAnswer = Type.Object({ message: OperatorMessage });

export const OpenedAnswer = Type.Object({
  conversation: Type.Object({
    id: text,
    device_id: text,
    user_id: textOrNull,
    status: Status,
    created_at: Instant,
  }),
});

export { StatusChanges } from '../messages/schemas.js';
