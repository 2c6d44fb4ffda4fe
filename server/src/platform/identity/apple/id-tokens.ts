import { createHash } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Clock } from '../../clock.js';
import { AppError } from '../../http/errors.js';
import type { Log } from '../../telemetry/log.js';
import { createKeySet, type KeySource } from '../key-set.js';

/** Identity tokens of "Sign in with Apple". */
export interface AppleTokens {
  /** The bundle id of the app that tokens must be meant for. */
  readonly audience: string;
  /**
   * True for a token that Apple signed for this app, that has not expired, and whose nonce (when one is given) is this one,
   * plain or as its SHA-256.
   *
   * @throws AppError 503 when Apple's keys cannot be had
   */
  isGenuine(token: string, nonce: string | undefined): Promise<boolean>;
}

export const APPLE_ISSUER = 'https://appleid.apple.com';

export function createAppleTokens(
  audience: string,
  source: KeySource,
  parts: { readonly clock: Clock; readonly log: Log },
): AppleTokens {
  const keys = createKeySet(source, parts);
  return {
    audience,
    isGenuine: async (token, nonce) => {
      try {
        const { payload } = await jwtVerify(
          token,
          async ({ kid = '' }) => {
            const key = await keys.key(kid);
            if (!key) throw new Error('Apple has no such key.');
            return key;
          },
          {
            algorithms: ['RS256'],
            issuer: APPLE_ISSUER,
            audience,
            requiredClaims: ['exp', 'sub'],
            currentDate: new Date(parts.clock.now()),
          },
        );
        return nonce === undefined || payload.nonce === nonce || payload.nonce === sha256(nonce);
      } catch (error) {
        if (error instanceof AppError) throw error;
        return false; // forged, expired or meant for another app: which of them is nobody's business
      }
    },
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
