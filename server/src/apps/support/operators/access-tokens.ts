import { createHash } from 'node:crypto';
import { errors as joseErrors, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../../platform/clock.js';
import { supportErrors } from '../errors.js';
import type { OperatorRole } from '../tables.js';

/** What an access token says (contract §10.1: the pages read these names in the browser). */
export interface AccessClaims {
  readonly userId: string;
  readonly appId: string;
  readonly role: OperatorRole;
  readonly email: string;
}

export interface VerifiedAccessToken {
  readonly operatorId: string;
  readonly appId: string;
  /** Epoch milliseconds, in whole seconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** JSON Web Tokens, HS256. They name an operator; what the operator may do is looked up, never read from them. */
export interface AccessTokens {
  issue(claims: AccessClaims): Promise<string>;
  /** @throws AppError 401 `TOKEN_EXPIRED` or `INVALID_TOKEN` */
  verify(token: string): Promise<VerifiedAccessToken>;
}

/** Contract §10.1. */
export const ACCESS_SECONDS = 900;
const ISSUER = 'replyhq-api';
const AUDIENCE = 'replyhq-admin';
/** Tokens whose signature was checked already; hashing one is ten times cheaper than verifying it. */
const REMEMBERED = 5_000;

export function createAccessTokens(key: Uint8Array, clock: Clock): AccessTokens {
  const verified = new Map<string, VerifiedAccessToken>();
  return {
    issue: (claims) => {
      const now = Math.floor(clock.now() / 1_000);
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_SECONDS)
        .sign(key);
    },
    verify: async (token) => {
      const digest = createHash('sha256').update(token).digest('base64');
      const known = verified.get(digest);
      if (known) {
        if (known.expiresAt > clock.now()) return known;
        verified.delete(digest);
        throw supportErrors.tokenExpired();
      }
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'iat'],
      }).catch((error: unknown) => {
        if (error instanceof joseErrors.JWTExpired) throw supportErrors.tokenExpired();
        throw supportErrors.invalidToken(undefined, { cause: error });
      });
      const { userId, appId, iat = 0, exp = 0 } = payload;
      if (typeof userId !== 'string' || typeof appId !== 'string') throw supportErrors.invalidToken();
      const claims = { operatorId: userId, appId, issuedAt: iat * 1_000, expiresAt: exp * 1_000 };
      if (verified.size >= REMEMBERED) verified.clear();
      verified.set(digest, claims);
      return claims;
    },
  };
}
