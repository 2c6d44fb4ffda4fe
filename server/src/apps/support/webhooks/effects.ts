import type { Clock } from '../../../platform/clock.js';
import type { Transaction } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Jobs } from '../../../platform/jobs/jobs.js';
import type { ConversationEffect, MessageEffect } from '../services.js';
import { conversationData, messageData, payloadOf, type WebhookEvent } from './events.js';
import { type DeliveryPayload, deliveryKey, WEBHOOK_JOB } from './payload.js';
import type { WebhookStore } from './store.js';

/** Queues a delivery that was written in the same transaction. */
export const enqueueDelivery = (jobs: Jobs, tx: Transaction, webhookId: string, deliveryId: string) =>
  jobs.enqueue<DeliveryPayload>(tx, {
    name: WEBHOOK_JOB,
    payload: { deliveryId },
    owner: webhookId,
    uniqueKey: deliveryKey(deliveryId),
  });

/** Writes and queues deliveries in the transaction of what they tell of, so that none is lost and none tells of nothing. */
export function webhookEffects({
  jobs,
  clock,
  store,
}: {
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly store: WebhookStore;
}): { readonly message: MessageEffect; readonly conversation: ConversationEffect } {
  // Messages are stored many at a time, and all of one transaction are told to the same webhooks.
  const asked = new WeakMap<Transaction, Map<string, ReturnType<WebhookStore['active']>>>();
  const activeOf = (tx: Transaction, appId: string) => {
    const answers = asked.get(tx) ?? new Map<string, ReturnType<WebhookStore['active']>>();
    asked.set(tx, answers);
    const answer = answers.get(appId) ?? store.active(tx, appId);
    answers.set(appId, answer);
    return answer;
  };

  const tell = async (tx: Transaction, event: WebhookEvent, appId: string, data: object) => {
    const now = clock.now();
    for (const webhook of await activeOf(tx, appId)) {
      if (!(JSON.parse(webhook.events) as string[]).includes(event)) continue;
      const id = uuidV7(now);
      await store.insertDelivery(tx, {
        id,
        webhook_id: webhook.id,
        event,
        payload: payloadOf(event, appId, now, data),
        status: 'pending',
        http_status: null,
        response_body: null,
        attempts: 0,
        created_at: now,
        delivered_at: null,
      });
      await enqueueDelivery(jobs, tx, webhook.id, id);
    }
  };
  return {
    message: (tx, message, conversation) =>
      tell(tx, 'message.created', conversation.appId, messageData(message, conversation)),
    conversation: (tx, change, conversation) =>
      tell(tx, `conversation.${change}`, conversation.appId, conversationData(conversation)),
  };
}
