import type { Transaction } from '../../../platform/database/database.js';
import type { Platform } from '../../../platform/platform.js';
import type { ChatStore } from '../chat/store.js';
import { presentConversation } from '../conversations/presenter.js';
import type { Rooms } from '../rooms.js';
import { isoOf } from '../wire/instants.js';
import { WEBHOOK_JOB, type WebhookBodies, type WebhookPayload, webhookJob } from './delivery.js';
import { createLiveWebhooks } from './live.js';

/** What is sent to users' own servers: what happened durably, what is heard while it is heard. */
export function createWebhookDelivery(platform: Platform, { stores }: Rooms, chat: Pick<ChatStore, 'find'>) {
  platform.jobs.define(webhookJob(platform, stores.webhooks, webhookBodies(stores.conversations, chat)));
  const live = createLiveWebhooks(platform, stores.webhooks);
  const enqueue = (tx: Transaction, payload: WebhookPayload): Promise<void> =>
    platform.jobs.enqueue(tx, {
      name: WEBHOOK_JOB,
      owner: payload.userId,
      uniqueKey: `${WEBHOOK_JOB}:${payload.id}`,
      payload,
    });
  return {
    live,
    /** In the transaction that finishes a conversation for the first time. */
    finished: (tx: Transaction, userId: string, id: string): Promise<void> =>
      enqueue(tx, { userId, type: 'memory_created', id }),
    /** In the transaction that adds the message about a day. */
    dayTold: (tx: Transaction, userId: string, id: string): Promise<void> =>
      enqueue(tx, { userId, type: 'day_summary', id }),
    close: (): void => live.close(),
  };
}

export const webhookBodies = (
  conversations: Rooms['stores']['conversations'],
  chat: Pick<ChatStore, 'find'>,
): WebhookBodies => ({
  memory_created: async (userId, id) => {
    const row = await conversations.find(null, userId, id);
    const [whole] = row ? await conversations.whole(null, [row]) : [];
    return whole ? presentConversation(whole) : null;
  },
  day_summary: async (userId, id) => {
    const message = await chat.find(userId, id);
    return message ? { summary: message.text, uid: userId, created_at: isoOf(message.created_at) } : null;
  },
});
