import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Jobs } from '../../../platform/jobs/jobs.js';
import type { OperatorCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import type { FanOut } from '../realtime/fan-out.js';
import { parseAppSettings } from '../settings/app-settings.js';
import type { AppStore } from '../settings/store.js';
import { newApiKey } from './api-key.js';
import { KEY_EXPIRY_JOB, type KeyExpiry } from './expiry-job.js';
import { lives } from './key-life.js';
import type { ApiKey, KeyStore } from './store.js';

/** A key with its secret part, which is told this once. */
export interface MadeKey {
  readonly key: ApiKey;
  readonly apiKey: string;
}

export interface RotatedKey extends MadeKey {
  /** Until when the former key works; null when there was none. */
  readonly previousValidUntil: number | null;
}

/** What a team does with its app's keys. */
export interface KeyManagement {
  list(caller: OperatorCaller): Promise<readonly ApiKey[]>;
  newestLiving(caller: OperatorCaller): Promise<ApiKey | undefined>;
  /** @param expiresAt epoch milliseconds in the future, or null for a key without end */
  create(caller: OperatorCaller, name: string, expiresAt: number | null): Promise<MadeKey>;
  /**
   * Makes a successor of a key; the key itself works on for a while.
   *
   * @param graceSeconds undefined means the app's own setting
   * @throws AppError 404 `API_KEY_NOT_FOUND`, 409 `API_KEY_ENDED`
   */
  rotate(caller: OperatorCaller, keyId: string, graceSeconds: number | undefined): Promise<RotatedKey>;
  /** The same for the newest living key; makes one when none lives. */
  rotateNewest(caller: OperatorCaller, graceSeconds: number | undefined): Promise<RotatedKey>;
  /** Ends a key on all nodes at once; its sockets are closed. Ending it twice is no error. */
  revoke(caller: OperatorCaller, keyId: string): Promise<void>;
}

export function createKeyManagement(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly fanOut: FanOut;
  readonly store: KeyStore;
  readonly apps: AppStore;
}): KeyManagement {
  const { database, clock, jobs, fanOut, store, apps } = parts;

  const make = async (
    tx: Transaction,
    appId: string,
    name: string,
    expiresAt: number | null,
  ): Promise<MadeKey> => {
    const { apiKey, prefix, hash } = newApiKey();
    const now = clock.now();
    const key: ApiKey = {
      id: uuidV7(now),
      app_id: appId,
      name,
      prefix,
      key_hash: hash,
      created_at: now,
      expires_at: expiresAt,
      last_used_at: null,
      revoked_at: null,
    };
    await store.insert(tx, key);
    await tellWhenOver(tx, key.id, expiresAt);
    return { key, apiKey };
  };

  const tellWhenOver = async (tx: Transaction, keyId: string, end: number | null): Promise<void> => {
    if (end === null) return;
    const payload: KeyExpiry = { keyId };
    await jobs.enqueue(tx, { name: KEY_EXPIRY_JOB, payload, runAt: end });
  };

  const graceOf = async (appId: string, given: number | undefined): Promise<number> => {
    if (given !== undefined) return given;
    const app = await apps.byId(appId);
    return parseAppSettings(app?.settings ?? '{}').graceSeconds;
  };

  const replace = async (tx: Transaction, former: ApiKey, graceSeconds: number): Promise<RotatedKey> => {
    const now = clock.now();
    const end = Math.min(former.expires_at ?? Number.MAX_SAFE_INTEGER, now + graceSeconds * 1_000);
    await store.end(tx, former.id, { expiresAt: end, revokedAt: graceSeconds === 0 ? now : null });
    await tellWhenOver(tx, former.id, end);
    return { ...(await make(tx, former.app_id, former.name, null)), previousValidUntil: end };
  };

  const tellIfOver = async (appId: string, keyId: string, end: number | null): Promise<void> => {
    if (end !== null && end <= clock.now()) await fanOut.tell({ type: 'key-ended', appId, keyId });
  };

  return {
    list: (caller) => store.ofApp(caller.appId),

    newestLiving: async (caller) => (await store.ofApp(caller.appId)).find((key) => lives(key, clock.now())),

    create: (caller, name, expiresAt) => {
      if (expiresAt !== null && expiresAt <= clock.now()) {
        throw supportErrors.validation('expires_at must be in the future.', { field: 'expires_at' });
      }
      return database.transaction((tx) => make(tx, caller.appId, name, expiresAt));
    },

    rotate: async ({ appId }, keyId, graceSeconds) => {
      const grace = await graceOf(appId, graceSeconds);
      const rotated = await database.transaction(async (tx) => {
        const former = await store.owned(appId, keyId, tx);
        if (!former) throw supportErrors.apiKeyNotFound();
        if (!lives(former, clock.now())) throw supportErrors.apiKeyEnded();
        return replace(tx, former, grace);
      });
      await tellIfOver(appId, keyId, rotated.previousValidUntil);
      return rotated;
    },

    rotateNewest: async ({ appId }, graceSeconds) => {
      const grace = await graceOf(appId, graceSeconds);
      const { rotated, formerId } = await database.transaction(async (tx) => {
        const former = (await store.ofApp(appId, tx)).find((key) => lives(key, clock.now()));
        return former
          ? { rotated: await replace(tx, former, grace), formerId: former.id }
          : {
              rotated: { ...(await make(tx, appId, 'First key', null)), previousValidUntil: null },
              formerId: '',
            };
      });
      await tellIfOver(appId, formerId, rotated.previousValidUntil);
      return rotated;
    },

    revoke: async ({ appId }, keyId) => {
      await database.transaction(async (tx) => {
        const key = await store.owned(appId, keyId, tx);
        if (!key) throw supportErrors.apiKeyNotFound();
        if (key.revoked_at !== null) return;
        await store.end(tx, keyId, { expiresAt: key.expires_at, revokedAt: clock.now() });
      });
      await fanOut.tell({ type: 'key-ended', appId, keyId });
    },
  };
}
