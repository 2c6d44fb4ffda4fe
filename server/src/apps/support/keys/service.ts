import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../platform/clock.js';
import type { Database } from '../../../platform/database/database.js';
import type { Log } from '../../../platform/log.js';
import type { FanOut } from '../realtime/fan-out.js';
import type { KeyService } from '../services.js';
import { hashApiKey } from './api-key.js';
import { type ApiKey, createKeyStore } from './store.js';

/**
 * How long a verified key is believed unseen. Ended keys are dropped at once by an event; where that event is lost (Redis
 * is away), they are refused within this time, which the contract sets to one second (§18).
 */
const BELIEVED_MS = 1_000;
/** Keys remembered at the same time; more installations' keys than that are looked up each time. */
const REMEMBERED_KEYS = 10_000;
/** How exactly "last used" is kept: one write per key and minute at most. */
const USE_NOTED_EVERY_MS = 60_000;

interface Verified {
  readonly key: ApiKey;
  readonly believedUntil: number;
}

export interface KeyServiceParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly fanOut: FanOut;
  readonly log: Log;
}

/** Verifies the keys that SDK installations show. `close` writes down what was not yet noted of their use. */
export async function createKeyService(
  parts: KeyServiceParts,
): Promise<KeyService & { close(): Promise<void> }> {
  const { database, clock, fanOut, log } = parts;
  const store = createKeyStore(database);
  const verified = new Map<string, Verified>();
  const lookingUp = new Map<string, Promise<ApiKey | undefined>>();
  const lastNoted = new Map<string, number>();
  const uses = new Map<string, number>();
  let endedKeys = 0;

  const stopListening = await fanOut.listen((event) => {
    if (event.type !== 'key-ended') return;
    endedKeys += 1;
    for (const [hash, { key }] of verified) if (key.id === event.keyId) verified.delete(hash);
  });

  const lookUp = async (hash: string): Promise<ApiKey | undefined> => {
    const endedBefore = endedKeys;
    const key = await store.byHash(hash);
    if (!key || !timingSafeEqual(Buffer.from(key.key_hash), Buffer.from(hash))) return undefined;
    // A key that ended while it was being read may have been read as it was before.
    if (key.revoked_at === null && endedBefore === endedKeys) {
      if (verified.size >= REMEMBERED_KEYS) verified.clear();
      verified.set(hash, { key, believedUntil: clock.now() + BELIEVED_MS });
    }
    return key;
  };

  /** Many installations show the same key at once: it is looked up once for all of them. */
  const known = async (hash: string): Promise<ApiKey | undefined> => {
    const remembered = verified.get(hash);
    if (remembered && clock.now() < remembered.believedUntil) return remembered.key;
    const running = lookingUp.get(hash);
    if (running) return running;
    const started = lookUp(hash).finally(() => lookingUp.delete(hash));
    lookingUp.set(hash, started);
    return started;
  };

  const noteUse = (keyId: string, now: number) => {
    if (now - (lastNoted.get(keyId) ?? 0) < USE_NOTED_EVERY_MS) return;
    lastNoted.set(keyId, now);
    uses.set(keyId, now);
  };

  const writeUses = async (): Promise<void> => {
    if (uses.size === 0) return;
    const noted = [...uses].map(([id, at]) => ({ id, at }));
    uses.clear();
    try {
      await database.transaction((tx) => store.touch(tx, noted));
    } catch (error) {
      log.warn({ err: error }, 'could not note when API keys were last used');
    }
  };
  const timer = setInterval(() => void writeUses(), USE_NOTED_EVERY_MS / 4).unref();

  return {
    verify: async (appId, apiKey) => {
      const key = await known(hashApiKey(apiKey));
      const now = clock.now();
      if (!key || key.app_id !== appId || key.revoked_at !== null) return null;
      if (key.expires_at !== null && key.expires_at <= now) return null;
      noteUse(key.id, now);
      return { keyId: key.id, expiresAt: key.expires_at };
    },
    close: async () => {
      clearInterval(timer);
      await stopListening();
      await writeUses();
    },
  };
}
