import { DoNotRetry, type JobDefinition, RetryLater } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { type PushProvider, PushUnavailable } from '../../../platform/push/push.js';
import type { SupportMetrics } from '../metrics.js';
import type { PresenceService } from '../services.js';
import { type AppSettings, parseAppSettings } from '../settings/app-settings.js';
import type { MessageStatus } from '../tables.js';
import { noticeOf } from './notice.js';
import { PUSH_JOB, type PushPayload } from './payload.js';
import { isQuietHour } from './quiet-hours.js';
import type { PushStore } from './store.js';

export interface PushJobParts {
  readonly platform: Pick<Platform, 'clock' | 'database' | 'log' | 'push'>;
  readonly store: PushStore;
  readonly presence: Pick<PresenceService, 'isOnline'>;
  readonly metrics: SupportMetrics;
  /** How long after the message a device that seemed to be connected is looked at again. */
  readonly lookAgainAfterMs?: readonly number[];
  readonly backoffMs?: (attempt: number) => number;
}

/**
 * A phone that lost its network seems connected until its ping runs out after 85 s (contract §4.1), so an undelivered
 * message is looked at again, the last time when that must have shown.
 */
const LOOK_AGAIN_MS: readonly number[] = [20_000, 100_000];
const HOUR_MS = 3_600_000;
/** Contract §9. */
const PER_HOUR = 10;
/** After so long nobody is helped by hearing of a message. */
const WORTH_MS = 4 * HOUR_MS;
const ATTEMPTS = 10;
const SEEN: ReadonlySet<MessageStatus> = new Set(['DELIVERED', 'READ']);
const UNAVAILABLE = 'messaging/server-unavailable';

/** Why a push is not sent. The first two are worth no record: they are the rule for devices that are connected. */
type SkipReason = 'delivered' | 'online' | 'disabled' | 'quiet-hours' | 'too-many';

/**
 * Sends the push of one message to one device: only while the device has no live socket, and once. Its record is claimed
 * before it is sent; one that was being sent when the process died is sent again, because whether the service had
 * accepted it cannot be known, and its collapse key makes a second one replace the first.
 */
export function pushJob(parts: PushJobParts): JobDefinition<PushPayload> {
  const { platform, store, presence, metrics, lookAgainAfterMs = LOOK_AGAIN_MS } = parts;
  const { clock, database, log, push } = platform;

  const settle = async (payload: PushPayload, status: 'sent' | 'failed' | 'skipped', code: string | null) => {
    await database.transaction((tx) => store.settle(tx, payload, status, code, clock.now()));
    metrics.pushes.inc({ outcome: status });
  };

  const skip = async (payload: PushPayload, reason: SkipReason, isClaimed: boolean) => {
    const isRule = reason === 'delivered' || reason === 'online';
    if (isRule && !isClaimed) return;
    await database.transaction((tx) => store.claim(tx, payload, clock.now()));
    await settle(payload, 'skipped', reason);
  };

  const reasonToSkip = async (
    payload: PushPayload,
    subject: { readonly status: MessageStatus; readonly createdAt: number; readonly metadata: string },
    settings: AppSettings,
  ): Promise<SkipReason | null> => {
    const now = clock.now();
    if (!settings.pushEnabled) return 'disabled';
    if (SEEN.has(subject.status)) return 'delivered';
    if (await presence.isOnline(payload.appId, payload.deviceId)) {
      const again = lookAgainAfterMs.map((wait) => subject.createdAt + wait).find((at) => at > now);
      if (again === undefined) return 'online';
      throw new RetryLater(again, 'The device is connected; the message may reach it that way.');
    }
    if (settings.pushQuietHours && isQuietHour(now, timeZoneOf(subject.metadata))) return 'quiet-hours';
    const sent = await store.sentSince(payload.appId, payload.deviceId, now - HOUR_MS);
    return sent >= PER_HOUR ? 'too-many' : null;
  };

  const send = async (
    payload: PushPayload,
    target: { readonly provider: PushProvider; readonly token: string },
    notice: ReturnType<typeof noticeOf>,
    signal: AbortSignal,
  ) => {
    const { appId, deviceId, messageId } = payload;
    const result = await push.senderOf(target.provider).send(target.token, notice, signal);
    if (result.kind === 'sent') return settle(payload, 'sent', null);
    log.warn(
      { app_id: appId, device_id: deviceId, message_id: messageId, code: result.code },
      'a push was refused',
    );
    if (result.isTokenDead) {
      await database.transaction((tx) => store.forgetToken(tx, appId, deviceId, target.token));
    }
    await settle(payload, 'failed', result.code);
  };

  return {
    name: PUSH_JOB,
    concurrency: 16,
    maxAttempts: ATTEMPTS,
    backoffMs: parts.backoffMs ?? ((attempt) => Math.min(300_000, 2_000 * 3 ** attempt)),
    run: async ({ payload, signal }) => {
      const subject = await store.subject(payload);
      if (!subject) return; // deleted since
      const { token, provider, record } = subject;
      if (record !== null && record !== 'pending') return;
      const reason = await reasonToSkip(payload, subject, parseAppSettings(subject.settings));
      if (reason) return skip(payload, reason, record === 'pending');
      if (!token || !provider) return;
      if (!(await database.transaction((tx) => store.claim(tx, payload, clock.now())))) return;
      try {
        await send(payload, { provider, token }, noticeOf(subject, subject.appName), signal);
      } catch (error) {
        if (!(error instanceof PushUnavailable)) throw error;
        if (clock.now() > subject.createdAt + WORTH_MS) throw new DoNotRetry(error.message, { cause: error });
        if (error.retryAfterMs === undefined) throw error;
        throw new RetryLater(clock.now() + error.retryAfterMs, error.message);
      }
    },
    exhausted: (payload) => settle(payload, 'failed', UNAVAILABLE),
  };
}

/** The zone that the SDK named when it opened the conversation. */
function timeZoneOf(metadata: string): unknown {
  const { device_context: context } = JSON.parse(metadata) as { device_context?: { timezone?: unknown } };
  return context?.timezone;
}
