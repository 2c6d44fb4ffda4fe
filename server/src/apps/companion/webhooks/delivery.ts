import { NoAnswer, PrivateAddress } from '../../../platform/http/public-addresses.js';
import { DoNotRetry, type JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { companionJson } from '../wire/json.js';
import { isAccepted, postTo } from './post.js';
import type { WebhookStore } from './store.js';

export const WEBHOOK_JOB = 'companion.webhook';

/** What happened, and which row tells of it. */
export interface WebhookPayload {
  readonly userId: string;
  readonly type: 'memory_created' | 'day_summary';
  /** Of the conversation, or of the chat message. */
  readonly id: string;
}

/** What a webhook's body says; null when it is gone by now. */
export type WebhookBodies = Readonly<
  Record<WebhookPayload['type'], (userId: string, id: string) => Promise<unknown>>
>;

/** A receiver may be away for most of a day. */
const WAITS_MS = [10_000, 60_000, 300_000, 900_000, 3_600_000, 3 * 3_600_000, 6 * 3_600_000, 12 * 3_600_000];

/**
 * Tells a user's own server of something that happened, as it is when it is sent. Deliveries of one user go one after the
 * other; one that is tried again may arrive after a later one, and one whose answer was lost arrives twice.
 */
export function webhookJob(
  {
    publicHttp,
    users,
  }: Pick<Platform, 'publicHttp'> & { readonly users: Pick<Platform['users'], 'current'> },
  webhooks: Pick<WebhookStore, 'find'>,
  bodies: WebhookBodies,
): JobDefinition<WebhookPayload> {
  return {
    name: WEBHOOK_JOB,
    concurrency: 8,
    perOwner: 1,
    maxAttempts: WAITS_MS.length + 1,
    backoffMs: (attempt) => WAITS_MS[attempt - 1] ?? 12 * 3_600_000,
    run: async ({ payload: { userId: owner, type, id }, signal }) => {
      const userId = await users.current(owner);
      const webhook = await webhooks.find(userId, type);
      if (webhook?.enabled !== 1 || webhook.url === '') return;
      const body = await bodies[type](userId, id);
      if (body === null) return;
      try {
        const answer = await postTo(publicHttp, webhook.url, {
          userId,
          body: companionJson(body),
          type: 'application/json; charset=utf-8',
          delivery: id,
          signal,
        });
        if (!isAccepted(answer)) throw new NoAnswer(`The receiver answered ${answer.status}.`);
      } catch (error) {
        throw error instanceof PrivateAddress ? new DoNotRetry(error.message, { cause: error }) : error;
      }
    },
  };
}
