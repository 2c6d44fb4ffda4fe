import { NoAnswer, type OutgoingAnswer, PrivateAddress } from '../../../platform/http/public-addresses.js';
import { DoNotRetry, type JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { SupportMetrics } from '../metrics.js';
import { type DeliveryPayload, WEBHOOK_JOB } from './payload.js';
import { isSuccess, postSigned, textOf } from './signed-request.js';
import type { WebhookStore } from './store.js';

export interface WebhookJobParts {
  readonly platform: Pick<Platform, 'clock' | 'database' | 'publicHttp' | 'secrets'>;
  readonly store: WebhookStore;
  readonly metrics: SupportMetrics;
  readonly timeoutMs?: number;
  readonly backoffMs?: (attempt: number) => number;
}

export const DELIVERY_TIMEOUT_MS = 10_000;
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** A receiver may be away for most of a day before a delivery is given up. */
const WAITS_MS = [
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
];

/** The receiver answered, but did not say yes. */
class NotAccepted extends Error {
  override readonly name = 'NotAccepted';
}

/**
 * Sends one delivery until the receiver says yes, or gives it up and leaves it in the log as failed, from where it can be
 * sent again. A crash between the answer and its record sends twice; receivers tell that by the delivery's id.
 */
export function webhookJob(parts: WebhookJobParts): JobDefinition<DeliveryPayload> {
  const { platform, store, metrics, timeoutMs = DELIVERY_TIMEOUT_MS } = parts;
  const { clock, database, publicHttp, secrets } = platform;

  const note = (id: string, change: Parameters<WebhookStore['noteAttempt']>[2]) =>
    database.transaction((tx) => store.noteAttempt(tx, id, change));

  const post = async (
    delivery: NonNullable<Awaited<ReturnType<WebhookStore['delivery']>>>,
    attempt: number,
    signal: AbortSignal,
  ): Promise<OutgoingAnswer> => {
    const secret = secrets.unseal(delivery.secret);
    if (secret === null) {
      throw new DoNotRetry('The secret of this webhook cannot be read; SERVER_SECRET has changed.');
    }
    try {
      return await postSigned(publicHttp, { ...delivery, secret }, timeoutMs, signal);
    } catch (error) {
      if (!(error instanceof PrivateAddress || error instanceof NoAnswer)) throw error;
      await note(delivery.id, { attempts: attempt, http_status: null, response_body: error.message });
      throw error instanceof PrivateAddress ? new DoNotRetry(error.message, { cause: error }) : error;
    }
  };

  return {
    name: WEBHOOK_JOB,
    concurrency: 16,
    perOwner: 4,
    maxAttempts: WAITS_MS.length + 1,
    backoffMs: parts.backoffMs ?? ((attempt) => WAITS_MS[attempt - 1] ?? 12 * HOUR_MS),
    run: async ({ payload: { deliveryId }, attempt, signal }) => {
      const delivery = await store.delivery(deliveryId);
      if (delivery?.status !== 'pending') return; // its webhook is gone, or it is settled
      if (delivery.is_active !== 1) throw new DoNotRetry('The webhook was switched off.');
      const answer = await post(delivery, attempt, signal);
      const isDelivered = isSuccess(answer.status);
      await note(deliveryId, {
        attempts: attempt,
        http_status: answer.status,
        response_body: textOf(answer),
        ...(isDelivered ? { status: 'delivered', delivered_at: clock.now() } : {}),
      });
      metrics.webhookDeliveries.inc({ outcome: isDelivered ? 'delivered' : 'refused' });
      if (!isDelivered) throw new NotAccepted(`The receiver answered ${answer.status}.`);
    },
    exhausted: async ({ deliveryId }) => {
      await note(deliveryId, { status: 'failed' });
      metrics.webhookDeliveries.inc({ outcome: 'failed' });
    },
  };
}
