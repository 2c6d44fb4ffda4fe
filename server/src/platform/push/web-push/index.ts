import { createHash } from 'node:crypto';
import type { Clock } from '../../clock.js';
import { NoAnswer, PrivateAddress, type PublicHttp } from '../../http/public-addresses.js';
import { type PushSender, PushUnavailable, refusals, refused } from '../push.js';
import { retryAfterMs } from '../retry-after.js';
import { parseSubscription } from './subscription.js';
import type { VapidKeys } from './vapid-keys.js';

export interface WebPushOptions {
  readonly keys: VapidKeys;
  /** `mailto:` or `https:`, where push services complain. */
  readonly subject: string;
  /** Subscriptions name any address they like. */
  readonly http: PublicHttp;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 4_096;
/** How long the browser's service keeps it for a device that is away: 4 weeks, the default of the other services. */
const KEPT_SECONDS = 28 * 24 * 3_600;

/** What a status that is not 2xx means (RFC 8030), where trying again cannot help. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: refusals.invalidToken,
  401: refusals.mismatchedCredential,
  403: refusals.mismatchedCredential,
  404: refusals.notRegistered,
  410: refusals.notRegistered,
  413: refusals.tooLarge,
};

/** Web Push: encrypted for the browser, signed with our VAPID key. The service worker gets `{title, body, data}`. */
export function webPush({ keys, subject, http, clock, timeoutMs = TIMEOUT_MS }: WebPushOptions): PushSender {
  return {
    isOn: true,
    send: async (token, { title, body, data, collapseKey }, signal) => {
      const subscription = parseSubscription(token);
      if (!subscription) return refused(refusals.invalidToken);
      const { default: library } = await import('web-push');
      const prepare = () =>
        library.generateRequestDetails(subscription, JSON.stringify({ title, body, data }), {
          vapidDetails: { subject, ...keys },
          TTL: KEPT_SECONDS,
          topic: topicOf(collapseKey),
          urgency: 'normal',
          contentEncoding: 'aes128gcm',
        });
      let details: ReturnType<typeof prepare>;
      try {
        details = prepare();
      } catch {
        return refused(refusals.invalidToken); // its keys are no points on the curve
      }
      try {
        const answer = await http.send({
          url: new URL(details.endpoint),
          method: 'POST',
          headers: asTexts(details.headers),
          ...(details.body ? { body: details.body } : {}),
          timeoutMs,
          maxResponseBytes: MAX_ANSWER_BYTES,
          signal,
        });
        if (answer.status >= 200 && answer.status < 300) return { kind: 'sent' };
        if (answer.status === 429 || answer.status >= 500) {
          const wait = retryAfterMs(String(answer.headers['retry-after'] ?? ''), clock.now());
          throw new PushUnavailable(`The push service answered ${answer.status}.`, wait);
        }
        return refused(REFUSALS[answer.status] ?? 'messaging/unknown-error');
      } catch (error) {
        if (error instanceof PrivateAddress) return refused(refusals.invalidToken);
        if (error instanceof NoAnswer) {
          throw new PushUnavailable('The push service cannot be reached.', undefined, { cause: error });
        }
        throw error;
      }
    },
  };
}

/** At most 32 characters of base64url (RFC 8030 §5.4). */
const topicOf = (collapseKey: string): string =>
  createHash('sha256').update(collapseKey).digest('base64url').slice(0, 32);

const asTexts = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
