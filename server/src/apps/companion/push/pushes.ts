import type { Transaction } from '../../../platform/database/database.js';
import { type JobDefinition, RetryLater } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { PushUnavailable } from '../../../platform/push/push.js';
import type { ProfileStore } from '../users/store.js';

export const PUSH_JOB = 'companion.push';

/** Data for the app on a user's phones: contract §8.2. */
export interface PushMessage {
  readonly userId: string;
  readonly data: Readonly<Record<string, string>>;
  /** A later message with the same key replaces an earlier one that was not shown yet. */
  readonly collapseKey: string;
}

/** Messages to a user's phones. */
export interface Pushes {
  /** False where push is not configured: then nothing needs to be prepared for it. */
  readonly isOn: boolean;
  /** Sends when `tx` commits. */
  send(tx: Transaction, message: PushMessage): Promise<void>;
}

export function createPushes({ jobs, push }: Pick<Platform, 'jobs' | 'push'>): Pushes {
  const { isOn } = push.senderOf('fcm');
  return {
    isOn,
    send: async (tx, message) => {
      if (isOn)
        await jobs.enqueue<PushMessage>(tx, { name: PUSH_JOB, owner: message.userId, payload: message });
    },
  };
}

/**
 * Sends a message to all phones of its user, in the order in which messages were made; tokens that are dead are forgotten.
 * When the service is away for some of them, all get it again: the key makes the second one replace the first.
 */
export function pushJob(
  { clock, database, log, push, users }: Pick<Platform, 'clock' | 'database' | 'log' | 'push' | 'users'>,
  devices: Pick<ProfileStore, 'deviceTokens' | 'forgetDevice'>,
): JobDefinition<PushMessage> {
  return {
    name: PUSH_JOB,
    concurrency: 8,
    perOwner: 1,
    maxAttempts: 8,
    backoffMs: (attempt) => Math.min(600_000, 2_000 * 3 ** attempt),
    run: async ({ payload: { userId, data, collapseKey }, signal }) => {
      const sender = push.senderOf('fcm');
      for (const token of await devices.deviceTokens(await users.current(userId))) {
        try {
          const result = await sender.send(token, { title: null, body: '', data, collapseKey }, signal);
          if (result.kind === 'sent') continue;
          log.warn({ code: result.code }, 'a push was refused');
          if (result.isTokenDead) await database.transaction((tx) => devices.forgetDevice(tx, token));
        } catch (error) {
          if (!(error instanceof PushUnavailable) || error.retryAfterMs === undefined) throw error;
          throw new RetryLater(clock.now() + error.retryAfterMs, error.message, { cause: error });
        }
      }
    },
  };
}
