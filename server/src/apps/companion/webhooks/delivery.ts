import { NoAnswer, PrivateAddress } from '../../../platform/http/public-addresses.js';
import { DoNotRetry, type JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { presentConversation } from '../conversations/presenter.js';
import type { ConversationStore } from '../conversations/store.js';
import { companionJson } from '../wire/json.js';
import { isAccepted, postTo } from './post.js';
import type { WebhookStore } from './store.js';

export const WEBHOOK_JOB = 'companion.webhook';

/** A finished conversation that a user's own server is told of. */
export interface WebhookPayload {
  readonly userId: string;
  readonly conversationId: string;
}

/** A receiver may be away for most of a day. */
const WAITS_MS = [10_000, 60_000, 300_000, 900_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000, 12 * 3_600_000];

/**
 * Tells a user's own server of a finished conversation (`memory_created`): its body is the conversation as it is when it is
 * sent. Deliveries of one user go one after the other; one that is tried again may arrive after a later one, and one whose
 * answer was lost arrives twice.
 */
export function webhookJob(
  { publicHttp }: Pick<Platform, 'publicHttp'>,
  conversations: ConversationStore,
  webhooks: WebhookStore,
): JobDefinition<WebhookPayload> {
  return {
    name: WEBHOOK_JOB,
    concurrency: 8,
    perOwner: 1,
    maxAttempts: WAITS_MS.length + 1,
    backoffMs: (attempt) => WAITS_MS[attempt - 1] ?? 12 * 3_600_000,
    run: async ({ payload: { userId, conversationId }, signal }) => {
      const webhook = await webhooks.find(userId, 'memory_created');
      const row = await conversations.find(null, userId, conversationId);
      if (!row || webhook?.enabled !== 1 || webhook.url === '') return; // switched off or removed meanwhile
      const [whole] = await conversations.whole(null, [row]);
      if (!whole) return;
      try {
        const answer = await postTo(publicHttp, webhook.url, {
          userId,
          body: companionJson(presentConversation(whole)),
          type: 'application/json; charset=utf-8',
          delivery: conversationId,
          signal,
        });
        if (!isAccepted(answer)) throw new NoAnswer(`The receiver answered ${answer.status}.`);
      } catch (error) {
        throw error instanceof PrivateAddress ? new DoNotRetry(error.message, { cause: error }) : error;
      }
    },
  };
}
