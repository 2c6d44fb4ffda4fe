import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import { prefixedId } from '../../../platform/ids.js';
import type { DeviceCaller, OperatorCaller } from '../callers.js';
import { storableJson } from '../storable-json.js';
import type { ConversationStatus, SupportConversationRow, SupportTables } from '../tables.js';
import type { Conversation } from './conversation.js';
import { visitorWords } from './metadata.js';

type Row = Readonly<Selectable<SupportConversationRow>>;

/** Where a list page ends: the last row's place in the order. */
export interface ListPlace {
  readonly updatedAt: number;
  readonly id: string;
}

const within = (tx: Transaction) => withTables<SupportTables>(tx);
const userKeyOf = (userId: string | null): string => userId ?? '';

/** A row as the rest of the app knows it. */
export const conversationOf = (row: Row): Conversation => ({
  id: row.id,
  appId: row.app_id,
  deviceId: row.device_id,
  userId: row.user_key === '' ? null : row.user_key,
  visitorId: row.visitor_id,
  status: row.status,
  assigneeId: row.assignee_id,
  metadata: JSON.parse(row.metadata) as Conversation['metadata'],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  lastMessage:
    row.last_message_id === null
      ? null
      : {
          id: row.last_message_id,
          body: row.last_message_body ?? '',
          sender: row.last_message_sender ?? 'user',
          at: row.last_message_at ?? row.updated_at,
        },
  unreadCount: row.unread_count,
});

/** What a caller may see: a device its own conversations, an operator those of the app. */
const owned =
  (caller: DeviceCaller | OperatorCaller) =>
  (eb: ExpressionBuilder<SupportTables, 'support_conversations'>) =>
    caller.kind === 'device'
      ? eb.and([eb('app_id', '=', caller.appId), eb('device_id', '=', caller.deviceId)])
      : eb('app_id', '=', caller.appId);

/** The queries over `support_conversations`. What callers may see goes through {@link owned}. */
export function createConversationStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  const replica = withTables<SupportTables>(database.replica);
  /** The larger of two values; each dialect calls it something else. */
  const larger = database.dialect === 'sqlite' ? sql.raw('max') : sql.raw('greatest');

  return {
    find: async (caller: DeviceCaller | OperatorCaller, id: string): Promise<Conversation | null> => {
      const row = await read
        .selectFrom('support_conversations')
        .selectAll()
        .where('id', '=', id)
        .where(owned(caller))
        .executeTakeFirst();
      return row ? conversationOf(row) : null;
    },

    /** The same within a transaction, in which nobody else changes it until the end when `lock` is set. */
    findWithin: async (
      tx: Transaction,
      caller: DeviceCaller | OperatorCaller,
      id: string,
      { lock }: { readonly lock: boolean },
    ): Promise<Conversation | null> => {
      const row = await within(tx)
        .selectFrom('support_conversations')
        .selectAll()
        .where('id', '=', id)
        .where(owned(caller))
        .$if(lock && database.dialect === 'postgres', (query) => query.forUpdate())
        .executeTakeFirst();
      return row ? conversationOf(row) : null;
    },

    latestOf: async (device: DeviceCaller): Promise<Conversation | null> => {
      const row = await read
        .selectFrom('support_conversations')
        .selectAll()
        .where(owned(device))
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? conversationOf(row) : null;
    },

    /** The conversation of a user (null for nobody in particular) on a device. */
    ofUser: async (
      tx: Transaction,
      device: { readonly appId: string; readonly deviceId: string },
      userId: string | null,
    ): Promise<Conversation | null> => {
      const row = await within(tx)
        .selectFrom('support_conversations')
        .selectAll()
        .where('app_id', '=', device.appId)
        .where('device_id', '=', device.deviceId)
        .where('user_key', '=', userKeyOf(userId))
        .executeTakeFirst();
      return row ? conversationOf(row) : null;
    },

    insert: async (
      tx: Transaction,
      start: {
        readonly appId: string;
        readonly deviceId: string;
        readonly userId: string | null;
        readonly metadata: Conversation['metadata'];
      },
      now: number,
    ): Promise<Conversation> => {
      const row = await within(tx)
        .insertInto('support_conversations')
        .values({
          id: prefixedId('conv_'),
          app_id: start.appId,
          device_id: start.deviceId,
          user_key: userKeyOf(start.userId),
          visitor_id: prefixedId('vis_'),
          status: 'open',
          status_changed_at: now,
          assignee_id: null,
          metadata: storableJson(start.metadata),
          visitor_words: visitorWords(start.deviceId, start.userId, start.metadata),
          created_at: now,
          updated_at: now,
          last_message_id: null,
          last_message_body: null,
          last_message_sender: null,
          last_message_at: null,
          operator_read_sequence: 0,
          unread_count: 0,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return conversationOf(row);
    },

    /** Writes whose conversation it is and what is known of them. */
    describe: async (
      tx: Transaction,
      conversation: Conversation,
      userId: string | null,
      metadata: Conversation['metadata'],
    ): Promise<Conversation> => {
      const row = await within(tx)
        .updateTable('support_conversations')
        .set({
          user_key: userKeyOf(userId),
          metadata: storableJson(metadata),
          visitor_words: visitorWords(conversation.deviceId, userId, metadata),
        })
        .where('id', '=', conversation.id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return conversationOf(row);
    },

    change: async (
      tx: Transaction,
      id: string,
      change: { readonly status?: ConversationStatus; readonly assigneeId?: string | null },
      now: number,
    ): Promise<Conversation> => {
      const row = await within(tx)
        .updateTable('support_conversations')
        .set({
          ...(change.status === undefined ? {} : { status: change.status, status_changed_at: now }),
          ...(change.assigneeId === undefined ? {} : { assignee_id: change.assigneeId }),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return conversationOf(row);
    },

    /** True when the operator is an active member of the app's team. */
    isMember: async (tx: Transaction, appId: string, operatorId: string): Promise<boolean> => {
      const row = await within(tx)
        .selectFrom('support_operators')
        .select('id')
        .where('id', '=', operatorId)
        .where('app_id', '=', appId)
        .where('is_active', '=', 1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /**
     * Notes that operators have seen the visitor's messages up to a sequence, and counts what is left. The conversation
     * must be locked.
     */
    noteSeen: async (tx: Transaction, id: string, sequence: number): Promise<Conversation> => {
      const seen = sql<number>`${larger}(operator_read_sequence, ${sequence})`;
      const row = await within(tx)
        .updateTable('support_conversations')
        .set({
          operator_read_sequence: seen,
          unread_count: sql<number>`(
            select count(*) from support_messages m
            where m.conversation_id = support_conversations.id and m.sender = 'user' and m.status <> 'READ'
              and m.sequence > ${larger}(support_conversations.operator_read_sequence, ${sequence})
          )`,
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return conversationOf(row);
    },

    /** Most recent activity first. */
    list: async (
      operator: OperatorCaller,
      page: {
        readonly limit: number;
        readonly after: ListPlace | null;
        readonly status?: ConversationStatus | undefined;
        readonly assigneeId?: string | undefined;
        readonly words: readonly string[];
      },
    ): Promise<Conversation[]> => {
      const { after, status, assigneeId } = page;
      let query = replica
        .selectFrom('support_conversations')
        .selectAll()
        .where(owned(operator))
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.limit);
      if (after) {
        query = query.where((eb) =>
          eb.or([
            eb('updated_at', '<', after.updatedAt),
            eb.and([eb('updated_at', '=', after.updatedAt), eb('id', '<', after.id)]),
          ]),
        );
      }
      if (status) query = query.where('status', '=', status);
      if (assigneeId) query = query.where('assignee_id', '=', assigneeId);
      for (const word of page.words) {
        const pattern = `%${word.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
        query = query.where(
          sql<boolean>`(visitor_words like ${pattern} escape '\\' or lower(last_message_body) like ${pattern} escape '\\')`,
        );
      }
      return (await query.execute()).map(conversationOf);
    },
  };
}

export type ConversationStore = ReturnType<typeof createConversationStore>;
