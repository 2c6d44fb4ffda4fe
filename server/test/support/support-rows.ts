import { randomBytes, randomUUID } from 'node:crypto';
import type { Conversation } from '../../src/apps/support/conversations/conversation.js';
import type { Message } from '../../src/apps/support/messages/message.js';
import type { MessageEffect } from '../../src/apps/support/services.js';
import type { AppSettings } from '../../src/apps/support/settings/app-settings.js';
import type { MessageSender, MessageStatus, SupportTables } from '../../src/apps/support/tables.js';
import { type Transaction, withTables } from '../../src/platform/database/database.js';
import type { Platform } from '../../src/platform/platform.js';
import type { PushProvider } from '../../src/platform/push/push.js';

const someId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

/** Writes rows of the support app directly, for tests of rooms that live on what other rooms have written. */
export function supportRows({ database, clock }: Pick<Platform, 'database' | 'clock'>) {
  const write = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => database.transaction(work);
  return {
    setSettings: (appId: string, settings: Partial<AppSettings>) =>
      write((tx) =>
        withTables<SupportTables>(tx)
          .updateTable('support_apps')
          .set({ settings: JSON.stringify(settings) })
          .where('id', '=', appId)
          .execute(),
      ),

    /** A device, that can be pushed to when a token is given. */
    device: async (
      appId: string,
      push?: { readonly token: string; readonly provider?: PushProvider },
    ): Promise<string> => {
      const deviceId = randomUUID();
      const now = clock.now();
      await write((tx) =>
        withTables<SupportTables>(tx)
          .insertInto('support_devices')
          .values({
            id: randomUUID(),
            app_id: appId,
            device_id: deviceId,
            user_id: null,
            platform: 'android',
            push_token: push?.token ?? null,
            push_provider: push ? (push.provider ?? 'fcm') : null,
            push_token_at: push ? now : null,
            created_at: now,
            updated_at: now,
            last_seen_at: now,
          })
          .execute(),
      );
      return deviceId;
    },

    conversation: async (
      appId: string,
      deviceId: string,
      metadata: Conversation['metadata'] = {},
    ): Promise<Conversation> => {
      const now = clock.now();
      const conversation: Conversation = {
        id: someId('conv'),
        appId,
        deviceId,
        userId: null,
        visitorId: someId('vis'),
        status: 'open',
        assigneeId: null,
        metadata,
        createdAt: now,
        updatedAt: now,
        lastMessage: null,
        unreadCount: 0,
      };
      await write((tx) =>
        withTables<SupportTables>(tx)
          .insertInto('support_conversations')
          .values({
            id: conversation.id,
            app_id: appId,
            device_id: deviceId,
            user_key: '',
            visitor_id: conversation.visitorId,
            status: 'open',
            status_changed_at: now,
            assignee_id: null,
            metadata: JSON.stringify(metadata),
            visitor_words: '',
            created_at: now,
            updated_at: now,
            last_message_id: null,
            last_message_body: null,
            last_message_sender: null,
            last_message_at: null,
            operator_read_sequence: 0,
            unread_count: 0,
          })
          .execute(),
      );
      return conversation;
    },

    /** Stores a message as `messages/` does, with its effects in the same transaction. */
    message: (
      conversation: Conversation,
      {
        body = 'Hello',
        sender = 'agent',
        effects = [],
        createdAt = clock.now(),
      }: {
        readonly body?: string;
        readonly sender?: MessageSender;
        readonly effects?: readonly MessageEffect[];
        readonly createdAt?: number;
      } = {},
    ): Promise<Message> =>
      write(async (tx) => {
        const queries = withTables<SupportTables>(tx);
        const id = someId('msg');
        const localId = randomUUID();
        const { sequence } = await queries
          .insertInto('support_messages')
          .values({
            id,
            app_id: conversation.appId,
            conversation_id: conversation.id,
            local_id: localId,
            body,
            sender,
            operator_id: null,
            status: 'SENT',
            created_at: createdAt,
            delivered_at: null,
            read_at: null,
          } as SupportTables['support_messages'])
          .returning('sequence')
          .executeTakeFirstOrThrow();
        await queries
          .updateTable('support_conversations')
          .set((eb) => ({
            last_message_id: id,
            last_message_body: body,
            last_message_sender: sender,
            last_message_at: createdAt,
            unread_count: eb('unread_count', '+', sender === 'user' ? 1 : 0),
          }))
          .where('id', '=', conversation.id)
          .execute();
        const message: Message = {
          sequence,
          id,
          appId: conversation.appId,
          conversationId: conversation.id,
          localId,
          body,
          sender,
          operatorId: null,
          status: 'SENT',
          createdAt,
          deliveredAt: null,
          readAt: null,
        };
        for (const effect of effects) await effect(tx, message, conversation);
        return message;
      }),

    setStatus: (messageId: string, status: MessageStatus) =>
      write((tx) =>
        withTables<SupportTables>(tx)
          .updateTable('support_messages')
          .set({ status })
          .where('id', '=', messageId)
          .execute(),
      ),

    /** Everything in one of the app's tables. */
    all: async <T extends keyof SupportTables & string>(table: T): Promise<SupportTables[T][]> =>
      (await withTables<SupportTables>(database.read)
        .selectFrom(table)
        .selectAll()
        .execute()) as SupportTables[T][],
  };
}

export type SupportRows = ReturnType<typeof supportRows>;
