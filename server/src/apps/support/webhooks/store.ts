import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { SupportTables, SupportWebhookDeliveryRow, SupportWebhookRow } from '../tables.js';

export type WebhookRow = Readonly<Selectable<SupportWebhookRow>>;
export type DeliveryRow = Readonly<Selectable<SupportWebhookDeliveryRow>>;

interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** The queries over webhooks and their deliveries. */
export function createWebhookStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  const count = async (query: { executeTakeFirstOrThrow(): Promise<{ n: number | string | bigint }> }) =>
    Number((await query.executeTakeFirstOrThrow()).n);
  return {
    insert: async (tx: Transaction, row: SupportWebhookRow): Promise<void> => {
      await withTables<SupportTables>(tx).insertInto('support_webhooks').values(row).execute();
    },

    /** How many the app has; until the transaction ends nobody else gets to count them. */
    countAlone: async (tx: Transaction, appId: string): Promise<number> => {
      const queries = withTables<SupportTables>(tx);
      await queries
        .updateTable('support_apps')
        .set((eb) => ({ updated_at: eb.ref('updated_at') }))
        .where('id', '=', appId)
        .execute();
      return count(
        queries
          .selectFrom('support_webhooks')
          .select((eb) => eb.fn.countAll().as('n'))
          .where('app_id', '=', appId),
      );
    },

    /** Newest first. */
    page: async (appId: string, { limit, offset }: Page) => {
      const ofApp = read.selectFrom('support_webhooks').where('app_id', '=', appId);
      const rows: WebhookRow[] = await ofApp
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return { rows, total: await count(ofApp.select((eb) => eb.fn.countAll().as('n'))) };
    },

    one: (appId: string, id: string): Promise<WebhookRow | undefined> =>
      read
        .selectFrom('support_webhooks')
        .selectAll()
        .where('id', '=', id)
        .where('app_id', '=', appId)
        .executeTakeFirst(),

    /**
     * Those that want to hear of things now, inside the transaction in which something happens. None of them can be
     * removed before it ends: otherwise a delivery to it would fail, and with it the message that it tells of.
     */
    active: (tx: Transaction, appId: string): Promise<Pick<WebhookRow, 'id' | 'events'>[]> =>
      withTables<SupportTables>(tx)
        .selectFrom('support_webhooks')
        .select(['id', 'events'])
        .where('app_id', '=', appId)
        .where('is_active', '=', 1)
        .$if(database.dialect === 'postgres', (query) => query.forKeyShare())
        .execute(),

    update: (
      tx: Transaction,
      appId: string,
      id: string,
      change: Partial<Pick<SupportWebhookRow, 'url' | 'events' | 'is_active'>> & { updated_at: number },
    ): Promise<WebhookRow | undefined> =>
      withTables<SupportTables>(tx)
        .updateTable('support_webhooks')
        .set(change)
        .where('id', '=', id)
        .where('app_id', '=', appId)
        .returningAll()
        .executeTakeFirst(),

    /** With its deliveries. False when there is none. */
    remove: async (tx: Transaction, appId: string, id: string): Promise<boolean> => {
      const removed = await withTables<SupportTables>(tx)
        .deleteFrom('support_webhooks')
        .where('id', '=', id)
        .where('app_id', '=', appId)
        .returning('id')
        .executeTakeFirst();
      return removed !== undefined;
    },

    insertDelivery: async (tx: Transaction, row: SupportWebhookDeliveryRow): Promise<void> => {
      await withTables<SupportTables>(tx).insertInto('support_webhook_deliveries').values(row).execute();
    },

    /** A delivery with what is needed to send it. */
    delivery: (id: string) =>
      read
        .selectFrom('support_webhook_deliveries as delivery')
        .innerJoin('support_webhooks as webhook', 'webhook.id', 'delivery.webhook_id')
        .select([
          'delivery.id',
          'delivery.event',
          'delivery.payload',
          'delivery.status',
          'webhook.url',
          'webhook.secret',
          'webhook.is_active',
        ])
        .where('delivery.id', '=', id)
        .executeTakeFirst(),

    /** Newest first. */
    deliveries: async (webhookId: string, status: DeliveryRow['status'] | null, { limit, offset }: Page) => {
      let ofWebhook = read.selectFrom('support_webhook_deliveries').where('webhook_id', '=', webhookId);
      if (status) ofWebhook = ofWebhook.where('status', '=', status);
      const rows: DeliveryRow[] = await ofWebhook
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .offset(offset)
        .execute();
      return { rows, total: await count(ofWebhook.select((eb) => eb.fn.countAll().as('n'))) };
    },

    noteAttempt: async (
      tx: Transaction,
      id: string,
      change: Partial<
        Pick<
          SupportWebhookDeliveryRow,
          'status' | 'http_status' | 'response_body' | 'attempts' | 'delivered_at'
        >
      >,
    ): Promise<void> => {
      await withTables<SupportTables>(tx)
        .updateTable('support_webhook_deliveries')
        .set(change)
        .where('id', '=', id)
        .execute();
    },

    /** A failed delivery waits again; undefined when there is no such delivery, null when it has not failed. */
    reopen: async (
      tx: Transaction,
      webhookId: string,
      id: string,
    ): Promise<DeliveryRow | null | undefined> => {
      const queries = withTables<SupportTables>(tx);
      const reopened = await queries
        .updateTable('support_webhook_deliveries')
        .set({ status: 'pending', attempts: 0 })
        .where('id', '=', id)
        .where('webhook_id', '=', webhookId)
        .where('status', '=', 'failed')
        .returningAll()
        .executeTakeFirst();
      if (reopened) return reopened;
      const found = await queries
        .selectFrom('support_webhook_deliveries')
        .select('id')
        .where('id', '=', id)
        .where('webhook_id', '=', webhookId)
        .executeTakeFirst();
      return found ? null : undefined;
    },
  };
}

export type WebhookStore = ReturnType<typeof createWebhookStore>;
