import type { WireMessage } from '../../../chat/messages.ts';
import type { ConversationQuery, WireConversation } from '../api.ts';

export type Filter = 'open' | 'mine' | 'resolved';

export const filters: readonly { readonly filter: Filter; readonly label: string }[] = [
  { filter: 'open', label: 'Open' },
  { filter: 'mine', label: 'Mine' },
  { filter: 'resolved', label: 'Resolved' },
];

export const isFilter = (value: unknown): value is Filter => filters.some(({ filter }) => filter === value);

export function queryOf(filter: Filter, operatorId: string): ConversationQuery {
  if (filter === 'resolved') return { status: 'resolved' };
  return filter === 'mine' ? { status: 'open', assignee_id: operatorId } : { status: 'open' };
}

export function belongsTo(filter: Filter, conversation: WireConversation, operatorId: string): boolean {
  if (filter === 'resolved') return conversation.status === 'resolved';
  return conversation.status === 'open' && (filter === 'open' || conversation.assignee_id === operatorId);
}

export type Conversations = ReadonlyMap<string, WireConversation>;

/** Latest activity first; the id decides between equals, so that nothing jumps. */
export function inOrder(conversations: Iterable<WireConversation>): readonly WireConversation[] {
  return [...conversations].sort(
    (a, b) => b.updated_at.localeCompare(a.updated_at) || a.conversation_id.localeCompare(b.conversation_id),
  );
}

/**
 * What a filtered list shows of everything known: nothing older than `floor`, the last row that was asked for,
 * because between older rows there may be some that nobody has asked for yet.
 */
export function listed(
  all: Conversations,
  filter: Filter,
  operatorId: string,
  floor: string,
): readonly WireConversation[] {
  return inOrder(
    [...all.values()].filter(
      (conversation) => belongsTo(filter, conversation, operatorId) && conversation.updated_at >= floor,
    ),
  );
}

/** Takes in rows as the server lists them. */
export function withAll(all: Conversations, rows: readonly WireConversation[]): Conversations {
  const next = new Map(all);
  for (const row of rows) next.set(row.conversation_id, row);
  return next;
}

/** Takes in a change of some members; null when the conversation is not known and must be asked for. */
export function withChange(
  all: Conversations,
  change: Partial<WireConversation> & { readonly conversation_id: string },
): Conversations | null {
  const known = all.get(change.conversation_id);
  if (!known) return null;
  // An announcement may be late: it never takes activity back.
  const updated_at =
    change.updated_at && change.updated_at > known.updated_at ? change.updated_at : known.updated_at;
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return new Map(all).set(known.conversation_id, { ...known, ...given, updated_at });
}

/** A new message moves its conversation up and counts as unread when the visitor wrote it. */
export function withMessage(all: Conversations, message: WireMessage): Conversations | null {
  const known = all.get(message.conversation_id);
  if (!known) return null;
  if (known.last_message_at && message.created_at < known.last_message_at) return all;
  const isNews = known.last_message_at !== message.created_at || known.last_message !== message.body;
  return new Map(all).set(known.conversation_id, {
    ...known,
    last_message: message.body,
    last_sender: message.sender,
    last_message_at: message.created_at,
    updated_at: message.created_at > known.updated_at ? message.created_at : known.updated_at,
    unread_count: known.unread_count + (isNews && message.sender === 'user' ? 1 : 0),
  });
}

export function withPresence(all: Conversations, deviceId: string, isOnline: boolean): Conversations {
  const affected = [...all.values()].filter(
    (conversation) => conversation.device_id === deviceId && conversation.is_online !== isOnline,
  );
  if (affected.length === 0) return all;
  return withAll(
    all,
    affected.map((conversation) => ({ ...conversation, is_online: isOnline })),
  );
}

/** How a visitor is called: by name, else by e-mail, else as the server names them. */
export const titleOf = (who: Pick<WireConversation, 'name' | 'email' | 'display_name'>): string =>
  who.name || who.email || who.display_name;
