import type { Transaction } from '../../../platform/database/database.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import { WEBHOOK_JOB, type WebhookPayload, webhookJob } from './delivery.js';
import { createLiveWebhooks } from './live.js';

/** What is sent to users' own servers: finished conversations durably, what is heard while it is heard. */
export function createWebhookDelivery(platform: Platform, { stores }: Rooms) {
  platform.jobs.define(webhookJob(platform, stores.conversations, stores.webhooks));
  const live = createLiveWebhooks(platform, stores.webhooks);
  return {
    live,
    /** In the transaction that finishes a conversation for the first time. */
    finished: (tx: Transaction, userId: string, conversationId: string): Promise<void> =>
      platform.jobs.enqueue<WebhookPayload>(tx, {
        name: WEBHOOK_JOB,
        owner: userId,
        uniqueKey: `${WEBHOOK_JOB}:${conversationId}`,
        payload: { userId, conversationId },
      }),
    close: (): void => live.close(),
  };
}
