import { jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.js';
import { errors } from '../http/errors.js';

/** Stateless session tokens: JSON Web Tokens, HS256, whose payload is exactly `{ userId, iat, exp }`. */
export interface SessionTokens {
  /** @param validFrom the user's `tokensValidFrom`: a token is never issued before it */
  issue(userId: string, validFrom?: number): Promise<string>;
  /**
   * @returns the user whom the token was issued to, when, and until when (epoch milliseconds)
   * @throws AppError 401 for a token that is forged, broken, expired or names nobody
   */
  verify(
    token: string,
  ): Promise<{ readonly userId: string; readonly issuedAt: number; readonly expiresAt: number }>;
}

/** Seven days, as the speech clients expect. */
export const SESSION_SECONDS = 604_800;
const INVALID = 'Invalid or expired token';

export function createSessionTokens(key: Uint8Array, clock: Clock): SessionTokens {
  return {
    issue: (userId, validFrom = 0) => {
      const now = Math.floor(Math.max(clock.now(), validFrom) / 1_000);
      return new SignJWT({ userId, iat: now, exp: now + SESSION_SECONDS })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(key);
    },
    verify: async (token) => {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp'],
      }).catch((error: unknown) => {
        throw errors.unauthorized(INVALID, { cause: error });
      });
      const { userId, iat, exp } = payload;
      if (typeof userId !== 'string' || userId === '') throw errors.unauthorized('Invalid token payload');
      return { userId, issuedAt: (iat ?? 0) * 1_000, expiresAt: (exp ?? 0) * 1_000 };
    },
  };
}
