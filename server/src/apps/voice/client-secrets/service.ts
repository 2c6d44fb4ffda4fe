import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { VoiceCaller } from '../callers.js';
import {
  type EffectiveSession,
  effectiveSession,
  type RealtimeSession,
} from '../realtime-sessions/configuration.js';
import type { ClientSecrets } from './secrets.js';

export interface MadeSecret {
  readonly value: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly session: EffectiveSession;
}

export interface ClientSecretService {
  /**
   * A secret by which a browser may open Realtime connections on the caller's behalf.
   *
   * @param seconds 10 to 7,200
   * @throws AppError 403 for a caller who has only such a secret
   */
  make(caller: VoiceCaller, session: RealtimeSession, seconds: number): MadeSecret;
}

export function createClientSecretService(
  { clock, config }: Pick<Platform, 'clock' | 'config'>,
  secrets: ClientSecrets,
): ClientSecretService {
  const defaults = { model: config.VOICE_REALTIME_MODEL, instructions: config.VOICE_INSTRUCTIONS };
  return {
    make: ({ via, apiKey, account }, session, seconds) => {
      if (via === 'client-secret')
        throw errors.forbidden('A client secret cannot make another one; that needs an API key.');
      const expiresAt = Math.floor(clock.now() / 1_000) + seconds;
      const value = secrets.create({
        session,
        expiresAt,
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(account ? { account } : {}),
      });
      return { value, expiresAt, session: effectiveSession(session, defaults) };
    },
  };
}
