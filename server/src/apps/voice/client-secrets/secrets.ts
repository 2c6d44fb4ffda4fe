import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { errors } from '../../../platform/http/errors.js';
import type { Caller } from '../../../platform/identity/caller.js';
import type { Platform } from '../../../platform/platform.js';
import type { RealtimeSession } from '../realtime-sessions/configuration.js';

/** By this official SDKs tell a client secret from a key (contract §8.2). */
export const CLIENT_SECRET_PREFIX = 'ek_';

/** What a client secret stands for. */
export interface ClientSecret {
  /** The configuration of its connections, as far as its maker has said. */
  readonly session: RealtimeSession;
  /** Epoch seconds; a running connection outlives it. */
  readonly expiresAt: number;
  /** Its maker's own key for the upstream. */
  readonly apiKey?: string;
  /** Its maker, when that is somebody of this server. */
  readonly account?: Caller;
}

export interface ClientSecrets {
  /** @throws AppError 400 when the configuration is too long to travel in a header */
  create(secret: ClientSecret): string;
  /** Null when it is not ours, has expired, or its maker's credential has been revoked. May be used again until then. */
  verify(value: string): Promise<ClientSecret | null>;
}

/** Browsers send it in a header, and Node takes 16 kB of those. */
const LONGEST = 12_000;
const PURPOSE = 'voice-client-secret';
/** Much more than a secret of that length can unfold to. */
const LONGEST_PLAIN = 1 << 20;

/**
 * Client secrets that need no storage: everything is inside, sealed under the server's secret, so every node knows them, and
 * a user's key is on no disk.
 */
export function createClientSecrets(
  platform: Pick<Platform, 'accountSessions' | 'apiKeys' | 'clock' | 'secrets' | 'users'>,
): ClientSecrets {
  const { accountSessions, apiKeys, clock, secrets, users } = platform;

  const isAlive = async ({ userId, sessionId, apiKey }: Caller): Promise<boolean> => {
    if (sessionId) return accountSessions.isAlive(sessionId);
    if (apiKey) return apiKeys.isAlive(apiKey.id);
    return users.exists(userId);
  };

  return {
    create: (secret) => {
      const value =
        CLIENT_SECRET_PREFIX +
        secrets.seal(deflateRawSync(JSON.stringify(secret)).toString('base64'), PURPOSE);
      if (value.length > LONGEST)
        throw errors.validation(
          'The session is too long for a client secret. Send long instructions and tools by session.update.',
          { field: 'session' },
        );
      return value;
    },
    verify: async (value) => {
      if (!value.startsWith(CLIENT_SECRET_PREFIX) || value.length > LONGEST) return null;
      const packed = secrets.unseal(value.slice(CLIENT_SECRET_PREFIX.length), PURPOSE);
      if (packed === null) return null;
      const plain = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: LONGEST_PLAIN });
      const secret = JSON.parse(plain.toString()) as ClientSecret;
      if (secret.expiresAt * 1_000 <= clock.now()) return null;
      if (secret.account && !(await isAlive(secret.account))) return null;
      return secret;
    },
  };
}
