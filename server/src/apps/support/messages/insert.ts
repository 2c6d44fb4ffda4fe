import { type Selectable, sql } from 'kysely';
import { type Dialect, type Transaction, withTables } from '../../../platform/database/database.js';
import { prefixedId } from '../../../platform/ids.js';
import type { Conversation } from '../conversations/conversation.js';
import { conversationOf } from '../conversations/store.js';
import type { MessageSender, SupportConversationRow, SupportMessageRow, SupportTables } from '../tables.js';
import type { Message } from './message.js';
import { rowSource } from './row-source.js';
import { messageOf } from './store.js';

/** A message on its way into the table. */
export interface NewMessage {
  readonly conversationId: string;
  /** The device that must own the conversation; null for operators, who own all of their app's. */
  readonly deviceId: string | null;
  readonly localId: string;
  readonly body: string;
  readonly sender: MessageSender;
  readonly operatorId: string | null;
}

/** What became of a message. */
export interface StoredMessage {
  readonly message: Message;
  /** Null when the message was there already. */
  readonly stored: {
    /** The conversation as it is after the batch. */
    readonly conversation: Conversation;
    /** True when it was resolved and is open again, because the visitor wrote. */
    readonly isReopened: boolean;
  } | null;
}

type NamedMessage = NewMessage & { readonly id: string };
type MessageRow = Readonly<Selectable<SupportMessageRow>>;
type ConversationRow = Readonly<Selectable<SupportConversationRow>>;

/** The first key of our advisory locks, so that they meet nobody else's. */
const ORDER_LOCK = 20_931;

/**
 * Stores messages of one app in their order, with two statements for all of them: one inserts what its sender may write
 * and has not written before, one moves their conversations on.
 *
 * The sequence must rise in the order of the commits: a reader that has seen number 7 never asks for 6 again. SQLite has
 * one writer at a time; on PostgreSQL the app's writers take turns from the drawing of the number to the commit.
 *
 * @returns one for each message, in their order; null where the conversation is not the sender's
 */
export async function insertMessages(
  tx: Transaction,
  dialect: Dialect,
  appId: string,
  messages: readonly NewMessage[],
  now: number,
): Promise<(StoredMessage | null)[]> {
  if (dialect === 'postgres') {
    await sql`select pg_advisory_xact_lock(${ORDER_LOCK}, hashtext(${appId}))`.execute(tx);
  }
  const named = messages.map((message) => ({ ...message, id: prefixedId('msg_') }));
  const inserted = await insert(tx, dialect, appId, named, now);
  const rows = new Map(inserted.map((row) => [row.id, row]));
  const moved = inserted.length === 0 ? [] : await moveOn(tx, dialect, inserted);
  const conversations = new Map(moved.map((row) => [row.id, conversationOf(row)]));
  const reopened = reopenedBy(inserted, moved);
  const outcomes: (StoredMessage | null)[] = [];
  for (const { id, ...message } of named) {
    const row = rows.get(id);
    const conversation = row && conversations.get(row.conversation_id);
    if (row && conversation) {
      const isReopened = reopened.delete(conversation.id);
      outcomes.push({ message: messageOf(row), stored: { conversation, isReopened } });
    } else {
      const earlier = await earlierMessage(tx, appId, message);
      outcomes.push(earlier && { message: messageOf(earlier), stored: null });
    }
  }
  return outcomes;
}

async function insert(
  tx: Transaction,
  dialect: Dialect,
  appId: string,
  messages: readonly NamedMessage[],
  now: number,
): Promise<readonly MessageRow[]> {
  const source = rowSource(
    dialect,
    {
      id: 'text',
      conversation_id: 'text',
      device_id: 'text',
      local_id: 'text',
      body: 'text',
      sender: 'text',
      operator_id: 'text',
    },
    messages.map((message) => ({
      id: message.id,
      conversation_id: message.conversationId,
      device_id: message.deviceId,
      local_id: message.localId,
      body: message.body,
      sender: message.sender,
      operator_id: message.operatorId,
    })),
  );
  // Clocks of nodes differ and are set back; within a conversation the time of messages must not.
  const createdAt = sql`${larger(dialect)}(cast(${now} as bigint), coalesce(c.last_message_at, 0))`;
  // A cross join, because SQLite takes its tables in their order; by itself it goes through all the app's conversations.
  const { rows } = await sql<MessageRow>`
    insert into support_messages
      (id, app_id, conversation_id, local_id, body, sender, operator_id, status, created_at)
    select m.id, c.app_id, c.id, m.local_id, m.body, m.sender, m.operator_id, 'SENT', ${createdAt}
    from ${source}
    cross join support_conversations c
    where c.id = m.conversation_id and c.app_id = ${appId} and (m.device_id is null or c.device_id = m.device_id)
    order by m.n
    on conflict (conversation_id, local_id) do nothing
    returning *`.execute(tx);
  return [...rows].sort((a, b) => a.sequence - b.sequence);
}

/** Makes the newest message each conversation's last, counts what operators have not seen, and opens what was resolved. */
async function moveOn(
  tx: Transaction,
  dialect: Dialect,
  inserted: readonly MessageRow[],
): Promise<readonly ConversationRow[]> {
  const news = new Map<string, { last: MessageRow; byUser: number }>();
  for (const row of inserted) {
    const byUser = (news.get(row.conversation_id)?.byUser ?? 0) + (row.sender === 'user' ? 1 : 0);
    news.set(row.conversation_id, { last: row, byUser });
  }
  const source = rowSource(
    dialect,
    { id: 'text', last_id: 'text', last_body: 'text', last_sender: 'text', at: 'bigint', by_user: 'bigint' },
    [...news].map(([id, { last, byUser }]) => ({
      id,
      last_id: last.id,
      last_body: last.body,
      last_sender: last.sender,
      at: last.created_at,
      by_user: byUser,
    })),
  );
  const { rows } = await sql<ConversationRow>`
    update support_conversations as c set
      updated_at = ${larger(dialect)}(c.updated_at, m.at),
      last_message_id = m.last_id,
      last_message_body = m.last_body,
      last_message_sender = m.last_sender,
      last_message_at = m.at,
      unread_count = c.unread_count + m.by_user,
      status_changed_at = case when c.status = 'resolved' and m.by_user > 0 then m.at else c.status_changed_at end,
      status = case when m.by_user > 0 then 'open' else c.status end
    from ${source}
    where c.id = m.id
    returning ${sql.raw(dialect === 'sqlite' ? '*' : 'c.*')}`.execute(tx);
  return rows;
}

/** The conversations whose status changed at the very instant of their last message: only {@link moveOn} does that. */
function reopenedBy(inserted: readonly MessageRow[], moved: readonly ConversationRow[]): Set<string> {
  const writtenTo = new Set(
    inserted.filter(({ sender }) => sender === 'user').map((row) => row.conversation_id),
  );
  return new Set(
    moved
      .filter((row) => writtenTo.has(row.id) && row.status_changed_at === row.last_message_at)
      .filter((row) => row.status_changed_at !== row.created_at)
      .map((row) => row.id),
  );
}

/** The same message, sent before; only where its sender may read it. */
const earlierMessage = async (
  tx: Transaction,
  appId: string,
  { conversationId, deviceId, localId }: NewMessage,
): Promise<MessageRow | null> => {
  const row = await withTables<SupportTables>(tx)
    .selectFrom('support_messages as m')
    .innerJoin('support_conversations as c', 'c.id', 'm.conversation_id')
    .selectAll('m')
    .where('m.conversation_id', '=', conversationId)
    .where('m.local_id', '=', localId)
    .where('c.app_id', '=', appId)
    .$if(deviceId !== null, (query) => query.where('c.device_id', '=', deviceId ?? ''))
    .executeTakeFirst();
  return row ?? null;
};

const larger = (dialect: Dialect) => sql.raw(dialect === 'sqlite' ? 'max' : 'greatest');
