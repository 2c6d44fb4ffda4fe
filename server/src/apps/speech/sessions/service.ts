import { createHash } from 'node:crypto';
import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';

export interface Session {
  readonly userId: string;
  readonly token: string;
}

/** Signing in with a provider's key: the key is the identity, and is kept nowhere but in this process's memory. */
export interface Sessions {
  /**
   * @param address the client's network address, by which failures are limited
   * @throws AppError 401 for a bad key, 429 after too many failures, 503 when the provider cannot be reached
   */
  verify(apiKey: string, address: string): Promise<Session>;
  refresh(userId: string): Promise<Session>;
  /** The key that the user last signed in with, on any node, or null when no node remembers one. */
  keyOf(userId: string): string | null;
  close(): Promise<void>;
}

/** How long a verified key is believed without asking the provider again: its app verifies before every action. */
const BELIEVED_MS = 10 * 60_000;
/** As long as a session token lives. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;
const REMEMBERED_KEYS = 50_000;
const KEY_TOPIC = 'speech.session-key';

/** Under which names the identities table knows keys: by keyed hash, and by plain hash in imported databases. */
const BY_FINGERPRINT = 'openai-key';
const BY_SHA256 = 'openai-key-sha256';

export async function createSessions(platform: Platform): Promise<Sessions> {
  const { clock, config, events, limits, secrets, sessionTokens, speech, users } = platform;
  const believedUntil = new Map<string, number>();
  const keys = new Map<string, { sealed: string; until: number }>();
  const failures = { name: 'sign-in-failures', points: config.AUTH_FAILURES_PER_MINUTE, seconds: 60 };

  const rememberKey = (userId: string, sealed: string) => {
    if (keys.size >= REMEMBERED_KEYS) keys.clear();
    keys.set(userId, { sealed, until: clock.now() + REMEMBERED_MS });
  };
  const unsubscribe = await events.subscribe(KEY_TOPIC, (message) => {
    if (!message || typeof message !== 'object' || !('userId' in message) || !('sealed' in message)) return;
    if (typeof message.userId === 'string' && typeof message.sealed === 'string') {
      rememberKey(message.userId, message.sealed);
    }
  });

  const askProvider = async (apiKey: string, fingerprint: string, address: string) => {
    if ((believedUntil.get(fingerprint) ?? 0) > clock.now()) return;
    const gate = await limits.peek(failures, address);
    if (!gate.allowed) {
      throw errors.rateLimited('Too many failed sign-ins from this address. Please wait a minute.', {
        retryAfterSeconds: gate.retryAfterSeconds,
      });
    }
    try {
      await speech.keys.verify(apiKey);
    } catch (error) {
      await limits.consume(failures, address);
      throw error;
    }
    if (believedUntil.size >= REMEMBERED_KEYS) believedUntil.clear();
    believedUntil.set(fingerprint, clock.now() + BELIEVED_MS);
  };

  const open = async (userId: string): Promise<Session> => ({
    userId,
    token: await sessionTokens.issue(userId, (await users.tokensValidFrom(userId)) ?? 0),
  });

  return {
    verify: async (apiKey, address) => {
      const fingerprint = secrets.fingerprint(apiKey);
      await askProvider(apiKey, fingerprint, address);
      const userId = await users.signIn({ issuer: BY_FINGERPRINT, subject: fingerprint }, [
        { issuer: BY_SHA256, subject: createHash('sha256').update(apiKey).digest('hex') },
      ]);
      const sealed = secrets.seal(apiKey);
      rememberKey(userId, sealed);
      await events.publish(KEY_TOPIC, { userId, sealed });
      return open(userId);
    },
    refresh: open,
    keyOf: (userId) => {
      const kept = keys.get(userId);
      return kept && kept.until > clock.now() ? secrets.unseal(kept.sealed) : null;
    },
    close: unsubscribe,
  };
}
