import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { AppError } from '../http/errors.js';
import { errors } from '../http/errors.js';
import { accountErrors } from './accounts/errors.js';
import type { SessionCredentials } from './accounts/session-credentials.js';
import type { AccountSessions } from './accounts/sessions.js';
import type { ApiKeys } from './api-keys.js';
import { bearerToken, type Caller, cookieNamed } from './caller.js';
import type { DevelopmentLogins } from './development-logins.js';
import { algorithmOf, type FirebaseTokens } from './firebase/id-tokens.js';
import type { OriginHeaders, TrustedOrigins } from './origins.js';
import type { Revocation, Revocations } from './revocations.js';
import type { SessionTokens } from './session-tokens.js';
import type { Users } from './users.js';

/** The headers by which somebody may say who they are: those of a request or of an upgrade, as Node gives them. */
export interface CredentialHeaders extends OriginHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

export interface VerifyOptions {
  /** The kinds of API keys that open this; none unless named. */
  readonly apiKeys?: readonly string[];
  /** Also takes ADMIN_KEY and LOCAL_DEVELOPMENT, where the operator has switched them on. */
  readonly developmentLogins?: boolean;
  /** True for what changes nothing (GET, HEAD): then a cookie alone is enough, whichever page sends it. */
  readonly isSafe?: boolean;
}

/** Tells who is calling, by every kind of credential. */
export interface Callers {
  /** @throws AppError 401 without a valid credential, 403 for a cookie that a foreign page sends */
  verify(headers: CredentialHeaders, options?: VerifyOptions): Promise<Caller>;
  /**
   * Calls `end` once, when the caller's credential opens nothing any more: signed out, revoked, user removed. For sockets
   * and streams.
   *
   * @returns how to stop listening
   */
  onRevoked(caller: Caller, end: () => void): () => void;
  close(): Promise<void>;
}

/** How long a verified credential is believed without asking the database. A revocation is told by an event at once. */
const BELIEVED_MS = 10_000;
const REMEMBERED = 50_000;
const MISSING = 'Missing or invalid Authorization header';
const INVALID = 'Invalid or expired token';

interface Verified {
  readonly caller: Caller;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

interface Watch {
  readonly caller: Caller;
  readonly end: () => void;
}

export async function createCallers(parts: {
  readonly clock: Clock;
  readonly users: Users;
  readonly sessionTokens: SessionTokens;
  readonly sessions: AccountSessions;
  readonly credentials: SessionCredentials;
  readonly apiKeys: ApiKeys;
  readonly firebase: FirebaseTokens | null;
  readonly developmentLogins: DevelopmentLogins;
  readonly origins: TrustedOrigins;
  readonly revocations: Revocations;
}): Promise<Callers> {
  const { clock, users, sessionTokens, sessions, credentials, apiKeys, firebase, revocations } = parts;
  const believed = new Map<string, Verified>();
  const watches = new Map<string, Set<Watch>>();
  let revoked = 0;

  const endWatches = (revocation: Revocation) => {
    for (const watch of [...(watches.get(revocation.userId) ?? [])]) {
      if (!concerns(revocation, watch.caller)) continue;
      forget(watch);
      watch.end();
    }
  };
  const forget = (watch: Watch) => {
    const mine = watches.get(watch.caller.userId);
    mine?.delete(watch);
    if (mine?.size === 0) watches.delete(watch.caller.userId);
  };
  const unsubscribe = await revocations.subscribe((revocation) => {
    revoked += 1;
    for (const [key, { caller }] of believed) if (concerns(revocation, caller)) believed.delete(key);
    endWatches(revocation);
  });
  const stopHearingGaps = revocations.onGap(() => {
    revoked += 1;
    believed.clear();
    for (const watch of [...watches.values()].flatMap((mine) => [...mine])) {
      isAlive(watch.caller)
        .catch(() => false) // who cannot be checked has to come again
        .then((alive) => {
          if (alive || !watches.get(watch.caller.userId)?.has(watch)) return;
          forget(watch);
          watch.end();
        });
    }
  });

  const isAlive = async (caller: Caller): Promise<boolean> => {
    if (caller.sessionId) return sessions.isAlive(caller.sessionId);
    if (caller.apiKey) return apiKeys.isAlive(caller.apiKey.id);
    return users.exists(caller.userId);
  };

  /** A credential that is no cookie, of whichever kind it looks like. */
  const verifyToken = async (token: string): Promise<Verified> => {
    const algorithm = algorithmOf(token);
    if (algorithm === 'HS256') {
      const { userId, issuedAt, expiresAt } = await sessionTokens.verify(token);
      const validFrom = await users.tokensValidFrom(userId);
      if (validFrom === null || issuedAt < validFrom)
        throw errors.unauthorized('User not found or token expired');
      return { caller: { userId, via: 'session-token' }, expiresAt };
    }
    if (algorithm !== null) {
      if (!firebase) throw errors.unauthorized(INVALID);
      const { issuer, profile, expiresAt } = await firebase.verify(token);
      const userId = await users.signIn({ issuer, subject: profile.uid });
      return { caller: { userId, via: 'firebase', firebase: profile }, expiresAt };
    }
    const raw = credentials.fromBearer(token);
    const verified = raw === null ? null : ((await sessionOf(raw)) ?? (await apiKeyOf(raw)));
    if (!verified) throw errors.unauthorized(INVALID);
    return verified;
  };

  const sessionOf = async (token: string): Promise<Verified | null> => {
    const session = await sessions.find(token);
    if (!session) return null;
    const { userId, id: sessionId, expiresAt } = session;
    return { caller: { userId, via: 'account-session', sessionId }, expiresAt };
  };

  const apiKeyOf = async (key: string): Promise<Verified | null> => {
    const record = await apiKeys.find(key);
    if (!record) return null;
    const { id, kind, scopes, userId } = record;
    return {
      caller: { userId, via: 'api-key', apiKey: { id, kind, scopes } },
      expiresAt: Number.POSITIVE_INFINITY,
    };
  };

  const remembered = async (key: string, verify: () => Promise<Verified>): Promise<Caller> => {
    const digest = createHash('sha256').update(key).digest('base64');
    const now = clock.now();
    const known = believed.get(digest);
    if (known && known.expiresAt > now) return known.caller;
    const revokedBefore = revoked;
    const { caller, expiresAt } = await verify();
    // What was revoked while we asked may be missing from the answer.
    if (revoked === revokedBefore) {
      if (believed.size >= REMEMBERED) believed.clear();
      believed.set(digest, { caller, expiresAt: Math.min(expiresAt, now + BELIEVED_MS) });
    }
    return caller;
  };

  const byCookie = (value: string): Promise<Caller> =>
    remembered(`cookie ${value}`, async () => {
      const token = credentials.fromCookie(value);
      const verified = token === null ? null : await sessionOf(token);
      if (!verified) throw errors.unauthorized(INVALID);
      return verified;
    });

  const byHeaders = (headers: CredentialHeaders, { isSafe = false }: VerifyOptions): Promise<Caller> => {
    const token = bearerToken(headers.authorization);
    if (token) return remembered(token, () => verifyToken(token));
    const cookie = cookieNamed(credentials.cookieName, headers.cookie);
    if (!cookie) throw errors.unauthorized(MISSING);
    if (!isSafe && !parts.origins.trusts(headers)) throw accountErrors.invalidOrigin();
    return byCookie(cookie);
  };

  const verify: Callers['verify'] = async (headers, options = {}) => {
    const caller = await byHeaders(headers, options);
    if (caller.apiKey) {
      if (!options.apiKeys?.includes(caller.apiKey.kind)) throw errors.unauthorized(INVALID);
      apiKeys.used(caller.apiKey.id);
    }
    return caller;
  };

  return {
    verify: async (headers, options = {}) => {
      if (!options.developmentLogins) return verify(headers, options);
      const { developmentLogins } = parts;
      const actedFor = await developmentLogins.byAdminKey(headers.authorization);
      if (actedFor) return actedFor;
      return verify(headers, options).catch(async (error: AppError) => {
        const developer = await developmentLogins.insteadOfInvalid(headers.authorization, error);
        if (developer) return developer;
        throw error;
      });
    },
    onRevoked: (caller, end) => {
      const watch = { caller, end };
      const mine = watches.get(caller.userId) ?? new Set();
      watches.set(caller.userId, mine.add(watch));
      return () => forget(watch);
    },
    close: async () => {
      stopHearingGaps();
      await unsubscribe();
    },
  };
}

/** True when the revocation takes away what the caller came by. */
const concerns = ({ userId, sessionId, apiKeyId }: Revocation, caller: Caller): boolean =>
  userId === caller.userId &&
  (sessionId === undefined || sessionId === caller.sessionId) &&
  (apiKeyId === undefined || apiKeyId === caller.apiKey?.id);
