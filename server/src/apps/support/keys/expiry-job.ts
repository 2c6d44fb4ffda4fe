import type { Clock } from '../../../platform/clock.js';
import { type JobDefinition, RetryLater } from '../../../platform/jobs/jobs.js';
import type { FanOut } from '../realtime/fan-out.js';
import { endOf } from './key-life.js';
import type { KeyStore } from './store.js';

export interface KeyExpiry {
  readonly keyId: string;
}

export const KEY_EXPIRY_JOB = 'support.key-expiry';

const BACKOFF_MS = 1_000;

/** Tells sockets that a key's time is over: requests find out by themselves, open sockets do not. */
export const keyExpiryJob = (parts: {
  readonly clock: Clock;
  readonly store: KeyStore;
  readonly fanOut: FanOut;
}): JobDefinition<KeyExpiry> => ({
  name: KEY_EXPIRY_JOB,
  concurrency: 1,
  maxAttempts: 10,
  backoffMs: (attempt) => attempt * BACKOFF_MS,
  run: async ({ payload }) => {
    const key = await parts.store.byId(payload.keyId);
    const end = key ? endOf(key) : null;
    if (!key || end === null) return;
    if (end > parts.clock.now()) throw new RetryLater(end, 'The key still lives.');
    await parts.fanOut.tell({ type: 'key-ended', appId: key.app_id, keyId: key.id });
  },
});
