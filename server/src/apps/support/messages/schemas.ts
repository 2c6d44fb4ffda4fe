import { Type } from 'typebox';
import { DeviceContext } from '../conversations/schemas.js';
import { Instant, oneOf, optionalText } from '../sdk-shapes.js';
import { LONGEST_BODY, UUID_FORM } from './service.js';
import { messageStatuses } from './status.js';

/** How many ids one call may name. */
const MOST_IDS = 500;

const Id = Type.String({ minLength: 1, maxLength: 100 });
const optionalInstant = Type.Union([Instant, Type.Null()]);

export const ConversationParams = Type.Object({ id: Id });

export const SendBody = Type.Object({
  local_id: Type.String({
    pattern: UUID_FORM,
    description: "The sender's own UUID; a repeat stores nothing.",
  }),
  body: Type.String({
    minLength: 1,
    maxLength: LONGEST_BODY,
    description: `1 to ${LONGEST_BODY} UTF-16 code units.`,
  }),
  device_context: Type.Optional(DeviceContext),
});

export const Message = Type.Object({
  id: Type.String(),
  local_id: Type.String(),
  conversation_id: Type.String(),
  body: Type.String(),
  sender: oneOf(['user', 'agent', 'system']),
  created_at: Instant,
  status: oneOf(messageStatuses),
  sequence: Type.Integer({ description: 'Rises in the order in which messages become visible.' }),
  delivered_at: optionalInstant,
  read_at: optionalInstant,
});

export const SendAnswer = Type.Object({ message: Message });

/** Above it, more than a page is never given: larger and smaller wishes are brought within 1 to 200. */
const Limit = Type.Optional(Type.Integer({ description: '1 to 200, 50 when absent.' }));

const cursor = (description: string) =>
  Type.Optional(
    Type.Integer({ maximum: Number.MAX_SAFE_INTEGER, minimum: Number.MIN_SAFE_INTEGER, description }),
  );

export const HistoryQuery = Type.Object({
  after: cursor('Epoch milliseconds, exclusive.'),
  limit: Limit,
});

export const History = Type.Object({ messages: Type.Array(Message), has_more: Type.Boolean() });

export const SyncQuery = Type.Object({
  after_sequence: cursor('The last sequence that was seen, exclusive.'),
  limit: Limit,
});

export const SyncAnswer = Type.Object({
  messages: Type.Array(Message),
  last_sequence: Type.Integer(),
  has_more: Type.Boolean(),
});

export const StatusBody = Type.Object({ message_id: Id, status: oneOf(messageStatuses) });

export const StatusChange = Type.Object({
  id: Type.String(),
  message_id: Type.String(),
  local_id: Type.String(),
  conversation_id: Type.String(),
  status: oneOf(messageStatuses),
  updated_at: Instant,
});

export const StatusChanges = Type.Object({ updates: Type.Array(StatusChange) });

export const DeliveredBody = Type.Object({
  message_ids: Type.Array(Id, { minItems: 1, maxItems: MOST_IDS }),
});

export const ReadBody = Type.Object({
  up_to_message_id: optionalText({ maxLength: 100, description: 'All messages when absent or unknown.' }),
});
