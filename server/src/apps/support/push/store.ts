import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { PushProvider } from '../../../platform/push/push.js';
import type { SupportPushRow, SupportTables } from '../tables.js';
import type { PushPayload } from './payload.js';

type PushStatus = SupportPushRow['status'];

/** The queries of push: devices' tokens, and the record of every push. */
export function createPushStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  return {
    /** Whose token the device has; null when it has none. */
    providerOf: async (tx: Transaction, appId: string, deviceId: string): Promise<PushProvider | null> => {
      const device = await withTables<SupportTables>(tx)
        .selectFrom('support_devices')
        .select('push_provider')
        .where('app_id', '=', appId)
        .where('device_id', '=', deviceId)
        .where('push_token', 'is not', null)
        .executeTakeFirst();
      return device?.push_provider ?? null;
    },

    /** Everything that the decision needs; undefined when the message, the device or its token is gone. */
    subject: ({ appId, deviceId, messageId }: PushPayload) =>
      read
        .selectFrom('support_messages as message')
        .innerJoin('support_conversations as conversation', 'conversation.id', 'message.conversation_id')
        .innerJoin('support_apps as app', 'app.id', 'message.app_id')
        .innerJoin('support_devices as device', (join) =>
          join.onRef('device.app_id', '=', 'message.app_id').on('device.device_id', '=', deviceId),
        )
        .leftJoin('support_pushes as push', (join) =>
          join.onRef('push.message_id', '=', 'message.id').on('push.device_id', '=', deviceId),
        )
        .select([
          'message.id',
          'message.conversation_id as conversationId',
          'message.sender',
          'message.body',
          'message.status',
          'message.created_at as createdAt',
          'conversation.metadata',
          'app.name as appName',
          'app.settings',
          'device.push_token as token',
          'device.push_provider as provider',
          'push.status as record',
        ])
        .where('message.id', '=', messageId)
        .where('message.app_id', '=', appId)
        .executeTakeFirst(),

    /** How many pushes the device got since an instant. */
    sentSince: async (appId: string, deviceId: string, since: number): Promise<number> => {
      const { n } = await read
        .selectFrom('support_pushes')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('device_id', '=', deviceId)
        .where('app_id', '=', appId)
        .where('status', '=', 'sent')
        .where('sent_at', '>', since)
        .executeTakeFirstOrThrow();
      return Number(n);
    },

    /** Makes the one record of this device and message. False when it is there and settled already. */
    claim: async (tx: Transaction, payload: PushPayload, now: number): Promise<boolean> => {
      const queries = withTables<SupportTables>(tx);
      const made = await queries
        .insertInto('support_pushes')
        .values({
          id: uuidV7(now),
          app_id: payload.appId,
          device_id: payload.deviceId,
          message_id: payload.messageId,
          status: 'pending',
          error_code: null,
          created_at: now,
          sent_at: null,
        })
        .onConflict((conflict) => conflict.columns(['device_id', 'message_id']).doNothing())
        .returning('id')
        .executeTakeFirst();
      if (made) return true;
      const { status } = await queries
        .selectFrom('support_pushes')
        .select('status')
        .where('device_id', '=', payload.deviceId)
        .where('message_id', '=', payload.messageId)
        .executeTakeFirstOrThrow();
      return status === 'pending';
    },

    /** Writes how a claimed push ended. */
    settle: async (
      tx: Transaction,
      { deviceId, messageId }: PushPayload,
      status: PushStatus,
      code: string | null,
      now: number,
    ): Promise<void> => {
      await withTables<SupportTables>(tx)
        .updateTable('support_pushes')
        .set({ status, error_code: code, sent_at: status === 'sent' ? now : null })
        .where('device_id', '=', deviceId)
        .where('message_id', '=', messageId)
        .where('status', '=', 'pending')
        .execute();
    },

    /** Forgets a dead token, but not one that the device has registered since. */
    forgetToken: async (tx: Transaction, appId: string, deviceId: string, token: string): Promise<void> => {
      await withTables<SupportTables>(tx)
        .updateTable('support_devices')
        .set({ push_token: null, push_provider: null, push_token_at: null })
        .where('app_id', '=', appId)
        .where('device_id', '=', deviceId)
        .where('push_token', '=', token)
        .execute();
    },
  };
}

export type PushStore = ReturnType<typeof createPushStore>;
