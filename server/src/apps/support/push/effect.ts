import type { Jobs } from '../../../platform/jobs/jobs.js';
import type { Push } from '../../../platform/push/push.js';
import type { MessageEffect } from '../services.js';
import { PUSH_JOB, type PushPayload, pushKey } from './payload.js';
import type { PushStore } from './store.js';

/**
 * Queues a push in the transaction that stores a message, when it is for a device that can be pushed to. Whether it is
 * sent is decided when its turn comes.
 */
export const pushEffect =
  (jobs: Jobs, push: Push, store: PushStore): MessageEffect =>
  async (tx, message, conversation) => {
    if (message.sender === 'user') return;
    const { appId, deviceId } = conversation;
    const provider = await store.providerOf(tx, appId, deviceId);
    if (provider === null || !push.senderOf(provider).isOn) return;
    const payload: PushPayload = { appId, deviceId, messageId: message.id };
    await jobs.enqueue(tx, { name: PUSH_JOB, payload, owner: appId, uniqueKey: pushKey(payload) });
  };
