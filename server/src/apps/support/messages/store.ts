import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { MessageSender, MessageStatus, SupportMessageRow, SupportTables } from '../tables.js';
import type { Message } from './message.js';
import { statusesBelow } from './status.js';

type Row = Readonly<Selectable<SupportMessageRow>>;

/** A device is seldom behind by more than these. */
const RECENT_MESSAGES = 200;

/** A row as the rest of the app knows it. */
export const messageOf = (row: Row): Message => ({
  sequence: row.sequence,
  id: row.id,
  appId: row.app_id,
  conversationId: row.conversation_id,
  localId: row.local_id,
  body: row.body,
  sender: row.sender,
  operatorId: row.operator_id,
  status: row.status,
  createdAt: row.created_at,
  deliveredAt: row.delivered_at,
  readAt: row.read_at,
});

/** Which messages a status is moved of. */
export interface StatusSelection {
  readonly conversationId: string;
  readonly senders: readonly MessageSender[];
  /** Only these; all when absent. */
  readonly ids?: readonly string[];
  /** Only up to this one, itself included. */
  readonly upToSequence?: number | null;
}

/** The queries over `support_messages`. Whoever calls them has checked whose the conversation is. */
export function createMessageStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  const of = (conversationId: string) =>
    read.selectFrom('support_messages').selectAll().where('conversation_id', '=', conversationId);

  return {
    since: async (conversationId: string, afterSequence: number, limit: number): Promise<Message[]> => {
      const rows = await of(conversationId)
        .where('sequence', '>', afterSequence)
        .orderBy('sequence')
        .limit(limit)
        .execute();
      return rows.map(messageOf);
    },

    /** In a conversation the order of the sequence is the order of time, ties included. */
    createdAfter: async (conversationId: string, after: number, limit: number): Promise<Message[]> => {
      const recent = of(conversationId).orderBy('sequence', 'desc').limit(1).offset(RECENT_MESSAGES);
      const rows = await of(conversationId)
        .where('created_at', '>', after)
        // Who has seen all but the recent ones does not have the others walked through.
        .where('sequence', '>', (eb) =>
          eb.fn.coalesce(
            eb
              .selectFrom(recent.as('recent'))
              .select('recent.sequence')
              .where('recent.created_at', '<=', after),
            eb.val(0),
          ),
        )
        .orderBy('sequence')
        .limit(limit)
        .execute();
      return rows.map(messageOf);
    },

    /** Newest first. */
    before: async (conversationId: string, before: number | null, limit: number): Promise<Message[]> => {
      const rows = await of(conversationId)
        .$if(before !== null, (query) => query.where('sequence', '<', before ?? 0))
        .orderBy('sequence', 'desc')
        .limit(limit)
        .execute();
      return rows.map(messageOf);
    },

    find: async (conversationId: string, id: string): Promise<Message | null> => {
      const row = await of(conversationId).where('id', '=', id).executeTakeFirst();
      return row ? messageOf(row) : null;
    },

    sequenceOf: async (tx: Transaction, conversationId: string, id: string): Promise<number | null> => {
      const row = await withTables<SupportTables>(tx)
        .selectFrom('support_messages')
        .select('sequence')
        .where('conversation_id', '=', conversationId)
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.sequence ?? null;
    },

    /** Moves statuses upwards, never back. @returns the messages that moved, in their order */
    moveStatus: async (
      tx: Transaction,
      { conversationId, senders, ids, upToSequence }: StatusSelection,
      status: MessageStatus,
      now: number,
    ): Promise<Message[]> => {
      const below = statusesBelow(status);
      if (below.length === 0 || ids?.length === 0) return [];
      let query = withTables<SupportTables>(tx)
        .updateTable('support_messages')
        .set((eb) => ({
          status,
          ...(status === 'DELIVERED' || status === 'READ'
            ? { delivered_at: eb.fn.coalesce('delivered_at', eb.val(now)) }
            : {}),
          ...(status === 'READ' ? { read_at: now } : {}),
        }))
        .where('conversation_id', '=', conversationId)
        .where('sender', 'in', senders)
        .where('status', 'in', below)
        // Says nothing new, but what is read already is then not looked at: there may be years of it.
        .where('read_at', 'is', null);
      if (ids) query = query.where('id', 'in', ids);
      if (upToSequence !== null && upToSequence !== undefined) {
        query = query.where('sequence', '<=', upToSequence);
      }
      const rows = await query.returningAll().execute();
      return rows.map(messageOf).sort((a, b) => a.sequence - b.sequence);
    },
  };
}
