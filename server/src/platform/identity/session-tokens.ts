import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../clock.js';
import { errors } from '../http/errors.js';

/** Stateless session tokens: JSON Web Tokens, HS256, whose payload is exactly `{ userId, iat, exp }`. */
export interface SessionTokens {
  issue(userId: string): Promise<string>;
  /**
   * @returns the user whom the token was issued to
   * @throws AppError 401 for a token that is forged, broken, expired or names nobody
   */
  verify(token: string): Promise<string>;
}

/** Seven days, as the speech clients expect. */
export const SESSION_SECONDS = 604_800;
/** Tokens whose signature was checked already; hashing one is ten times cheaper than verifying it. */
const REMEMBERED = 20_000;
const INVALID = 'Invalid or expired token';

export function createSessionTokens(key: Uint8Array, clock: Clock): SessionTokens {
  const verified = new Map<string, { userId: string; expiresAt: number }>();
  return {
    issue: (userId) => {
      const now = Math.floor(clock.now() / 1_000);
      return new SignJWT({ userId, iat: now, exp: now + SESSION_SECONDS })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .sign(key);
    },
    verify: async (token) => {
      const digest = createHash('sha256').update(token).digest('base64');
      const known = verified.get(digest);
      if (known) {
        if (known.expiresAt > clock.now()) return known.userId;
        verified.delete(digest);
      }
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp'],
      }).catch((error: unknown) => {
        throw errors.unauthorized(INVALID, { cause: error });
      });
      const { userId, exp } = payload;
      if (typeof userId !== 'string' || userId === '') throw errors.unauthorized('Invalid token payload');
      if (verified.size >= REMEMBERED) verified.clear();
      verified.set(digest, { userId, expiresAt: (exp ?? 0) * 1_000 });
      return userId;
    },
  };
}
