import { type Kysely, sql } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { SupportTables } from '../tables.js';

/** The queries that delete by age. Each deletes the oldest first, at most `limit` rows, and returns how many. */
export function createRetentionStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  const isPostgres = database.dialect === 'postgres';

  /** Holds the conversations until the transaction ends, in one order, so that counters stay right and nobody deadlocks. */
  const hold = async (queries: Kysely<SupportTables>, ids: readonly string[]): Promise<void> => {
    if (!isPostgres) return; // one writer at a time
    await queries
      .selectFrom('support_conversations')
      .select('id')
      .where('id', 'in', ids)
      .orderBy('id')
      .forUpdate()
      .execute();
  };

  /** What a conversation says of its messages, where some of them are gone. */
  const mend = async (queries: Kysely<SupportTables>, ids: readonly string[], before: number) => {
    await queries
      .updateTable('support_conversations')
      .set({
        unread_count: sql<number>`(
          select count(*) from support_messages m
          where m.conversation_id = support_conversations.id
            and m.sender = 'user'
            and m.sequence > support_conversations.operator_read_sequence
        )`,
      })
      .where('id', 'in', ids)
      .execute();
    await queries
      .updateTable('support_conversations')
      .set({
        last_message_id: null,
        last_message_body: null,
        last_message_sender: null,
        last_message_at: null,
      })
      .where('id', 'in', ids)
      .where('last_message_at', '<', before)
      .execute();
  };

  return {
    apps: () => read.selectFrom('support_apps').select(['id', 'settings']).execute(),

    messages: async (tx: Transaction, appId: string, before: number, limit: number): Promise<number> => {
      const queries = withTables<SupportTables>(tx);
      const old = await queries
        .selectFrom('support_messages')
        .select(['sequence', 'conversation_id'])
        .where('app_id', '=', appId)
        .where('created_at', '<', before)
        .orderBy('created_at')
        .limit(limit)
        .execute();
      if (old.length === 0) return 0;
      const conversations = [...new Set(old.map((row) => row.conversation_id))];
      await hold(queries, conversations);
      await queries
        .deleteFrom('support_messages')
        .where(
          'sequence',
          'in',
          old.map(({ sequence }) => sequence),
        )
        .execute();
      await mend(queries, conversations, before);
      return old.length;
    },

    events: (tx: Transaction, appId: string, before: number, limit: number): Promise<number> =>
      rowsOf(
        withTables<SupportTables>(tx)
          .deleteFrom('support_events')
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('support_events')
              .select('id')
              .where('app_id', '=', appId)
              .where('at', '<', before)
              .orderBy('at')
              .limit(limit),
          ),
      ),

    pushes: (tx: Transaction, appId: string, before: number, limit: number): Promise<number> =>
      rowsOf(
        withTables<SupportTables>(tx)
          .deleteFrom('support_pushes')
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('support_pushes')
              .select('id')
              .where('app_id', '=', appId)
              .where('created_at', '<', before)
              .orderBy('created_at')
              .limit(limit),
          ),
      ),

    deliveries: (tx: Transaction, appId: string, before: number, limit: number): Promise<number> =>
      rowsOf(
        withTables<SupportTables>(tx)
          .deleteFrom('support_webhook_deliveries')
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('support_webhook_deliveries as delivery')
              .innerJoin('support_webhooks as webhook', 'webhook.id', 'delivery.webhook_id')
              .select('delivery.id')
              .where('webhook.app_id', '=', appId)
              .where('delivery.created_at', '<', before)
              .limit(limit),
          ),
      ),

    /** Calls failed what has waited longer than all its attempts take: its job was lost, as in a restored backup. */
    giveUpDeliveries: async (tx: Transaction, before: number): Promise<void> => {
      await withTables<SupportTables>(tx)
        .updateTable('support_webhook_deliveries')
        .set({ status: 'failed' })
        .where('status', '=', 'pending')
        .where('created_at', '<', before)
        .execute();
    },

    /** Expired ones: until then a token that is used twice must be recognised. */
    refreshTokens: (tx: Transaction, before: number, limit: number): Promise<number> =>
      rowsOf(
        withTables<SupportTables>(tx)
          .deleteFrom('support_refresh_tokens')
          .where('id', 'in', (eb) =>
            eb
              .selectFrom('support_refresh_tokens')
              .select('id')
              .where('expires_at', '<', before)
              .limit(limit),
          ),
      ),

    invitations: (tx: Transaction, before: number, limit: number): Promise<number> =>
      rowsOf(
        withTables<SupportTables>(tx)
          .deleteFrom('support_invitations')
          .where('id', 'in', (eb) =>
            eb.selectFrom('support_invitations').select('id').where('expires_at', '<', before).limit(limit),
          ),
      ),

    setupTokens: (tx: Transaction, before: number): Promise<number> =>
      rowsOf(
        withTables<SupportTables>(tx).deleteFrom('support_setup_tokens').where('expires_at', '<', before),
      ),
  };
}

export type RetentionStore = ReturnType<typeof createRetentionStore>;

async function rowsOf(query: {
  executeTakeFirstOrThrow(): Promise<{ numDeletedRows: bigint }>;
}): Promise<number> {
  return Number((await query.executeTakeFirstOrThrow()).numDeletedRows);
}
