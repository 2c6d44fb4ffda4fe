import { decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../../clock.js';
import { AppError, errors } from '../../http/errors.js';
import type { Log } from '../../telemetry/log.js';
import type { FirebaseProfile } from '../caller.js';
import { createKeySet, type KeySource } from '../key-set.js';

export interface VerifiedFirebaseToken {
  /** Who vouches: the token's `iss`, which names the project. */
  readonly issuer: string;
  readonly profile: FirebaseProfile;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Firebase ID tokens of one project (contracts/companion.md §2.2). */
export interface FirebaseTokens {
  /** Under which issuer the project's users stand in the identities table. */
  readonly issuer: string;
  /**
   * @throws AppError 401 for a token that is forged, expired or another project's, 503 when Google's keys cannot be had
   */
  verify(token: string): Promise<VerifiedFirebaseToken>;
}

/** How far a phone's or another server's clock may be ahead of ours. */
const CLOCK_TOLERANCE_SECONDS = 60;
const INVALID = 'Invalid or expired token';

/** @param options.acceptEmulator also takes the Auth emulator's unsigned tokens: for development only */
export function createFirebaseTokens(
  options: { readonly projectId: string; readonly keys: KeySource; readonly acceptEmulator: boolean },
  parts: { readonly clock: Clock; readonly log: Log },
): FirebaseTokens {
  const { clock } = parts;
  const issuer = `https://securetoken.google.com/${options.projectId}`;
  const keys = createKeySet(options.keys, parts);

  const signed = async (token: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(
      token,
      async ({ kid = '' }) => {
        const key = await keys.key(kid);
        if (!key) throw errors.unauthorized(INVALID);
        return key;
      },
      {
        algorithms: ['RS256'],
        issuer,
        audience: options.projectId,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'iat', 'sub'],
      },
    );
    return payload;
  };

  /** The emulator signs nothing; everything else must be as on a real token. */
  const unsigned = (token: string): JWTPayload => {
    const payload = decodeJwt(token);
    if (payload.iss !== issuer || payload.aud !== options.projectId) throw errors.unauthorized(INVALID);
    if ((payload.exp ?? 0) * 1_000 <= clock.now()) throw errors.unauthorized(INVALID);
    return payload;
  };

  return {
    issuer,
    verify: async (token) => {
      try {
        const payload =
          options.acceptEmulator && algorithmOf(token) === 'none' ? unsigned(token) : await signed(token);
        refuseFuture(payload, clock.now());
        return { issuer, profile: profileOf(payload), expiresAt: (payload.exp ?? 0) * 1_000 };
      } catch (error) {
        throw error instanceof AppError ? error : errors.unauthorized(INVALID, { cause: error });
      }
    },
  };
}

/** The `alg` of a token's header, unverified; null when this is no JSON Web Token. */
export function algorithmOf(token: string): string | null {
  const [header, payload, signature, ...more] = token.split('.');
  if (!header || !payload || signature === undefined || more.length > 0) return null;
  try {
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg?: unknown };
    return typeof alg === 'string' ? alg : null;
  } catch {
    return null; // no JSON: some other kind of credential
  }
}

function refuseFuture({ iat = 0, auth_time: authTime }: JWTPayload, now: number): void {
  const latest = now / 1_000 + CLOCK_TOLERANCE_SECONDS;
  if (iat > latest || (typeof authTime === 'number' && authTime > latest)) throw errors.unauthorized(INVALID);
}

function profileOf(payload: JWTPayload): FirebaseProfile {
  const { sub, email, email_verified: emailVerified, name, picture, firebase } = payload;
  if (typeof sub !== 'string' || sub === '' || sub.length > 128) throw errors.unauthorized(INVALID);
  const provider =
    firebase && typeof firebase === 'object' && 'sign_in_provider' in firebase
      ? firebase.sign_in_provider
      : null;
  return {
    uid: sub,
    email: textOrNull(email),
    emailVerified: emailVerified === true,
    name: textOrNull(name),
    picture: textOrNull(picture),
    signInProvider: textOrNull(provider),
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value ? value : null);
