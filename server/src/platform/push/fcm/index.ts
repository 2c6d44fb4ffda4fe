import type { Clock } from '../../clock.js';
import { type PushNotice, type PushResult, type PushSender, PushUnavailable, refused } from '../push.js';
import { accessTokens } from './access-token.js';
import { failureOf } from './failures.js';
import type { ServiceAccount } from './service-account.js';

export { readServiceAccount } from './service-account.js';

export interface FcmOptions {
  readonly account: ServiceAccount;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** The channel that apps of this kind register; Android falls back to the app's default where it does not exist. */
const ANDROID_CHANNEL = 'messages';

/** Firebase Cloud Messaging by its HTTP v1 interface: Android and, over Firebase, iOS. */
export function fcmPush({ account, baseUrl, clock, timeoutMs = TIMEOUT_MS }: FcmOptions): PushSender {
  const tokens = accessTokens(account, clock);
  const url = `${baseUrl}/v1/projects/${encodeURIComponent(account.projectId)}/messages:send`;

  const attempt = async (accessToken: string, message: object, signal: AbortSignal): Promise<Response> => {
    try {
      return await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw new PushUnavailable('Firebase cannot be reached.', undefined, { cause: error });
    }
  };

  return {
    isOn: true,
    send: async (token, notice, signal): Promise<PushResult> => {
      const message = fcmMessage(token, notice);
      for (let isRenewed = false; ; isRenewed = true) {
        const accessToken = await tokens.current();
        const answer = await attempt(accessToken, message, signal);
        if (answer.ok) {
          await answer.body?.cancel();
          return { kind: 'sent' };
        }
        const failure = await failureOf(answer, clock.now());
        if (failure.kind === 'refused') return refused(failure.code);
        if (failure.kind === 'unavailable') {
          throw new PushUnavailable(`Firebase answered ${answer.status}.`, failure.retryAfterMs);
        }
        tokens.forget(accessToken);
        if (isRenewed) throw new PushUnavailable('Firebase does not accept our access token.');
      }
    },
  };
}

function fcmMessage(token: string, { title, body, data, collapseKey }: PushNotice): object {
  return {
    token,
    ...(title === null ? {} : { notification: { title, body } }),
    data,
    android: {
      priority: 'NORMAL',
      collapse_key: collapseKey,
      ...(title === null ? {} : { notification: { channel_id: ANDROID_CHANNEL, sound: 'default' } }),
    },
    apns: {
      headers: { 'apns-collapse-id': collapseKey, 'apns-priority': '5' },
      payload: {
        aps: {
          alert: { ...(title === null ? {} : { title }), body },
          sound: 'default',
          'content-available': 1,
        },
      },
    },
  };
}
