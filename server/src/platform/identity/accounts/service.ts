import type { Selectable } from 'kysely';
import type { Config } from '../../../config.js';
import type { Clock } from '../../clock.js';
import type { Database, Transaction } from '../../database/database.js';
import type { AccountProfileRow } from '../../database/tables.js';
import { AppError } from '../../http/errors.js';
import { isoInstant } from '../../http/timestamps.js';
import { uuidV4 } from '../../ids.js';
import type { RateLimits } from '../../limits/rate-limits.js';
import type { AppleTokens } from '../apple/id-tokens.js';
import type { AuthEngine, EngineAnswer } from '../better-auth/index.js';
import type { Passwords } from '../passwords.js';
import type { Users } from '../users.js';
import type { AccountProfile, Accounts, AccountUser, SignIn, UserFields } from './accounts.js';
import { accountErrors } from './errors.js';
import type { SessionCredentials } from './session-credentials.js';
import { type AccountSessions, SESSION_SECONDS } from './sessions.js';
import { createSignInLimits } from './sign-in-limits.js';

/** Cookies are named as the reference server of the stories app names them; one name serves all apps. */
export const COOKIE_PREFIX = 'infinite-stories';

export function createAccounts(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly limits: RateLimits;
  readonly passwords: Passwords;
  readonly users: Users;
  readonly sessions: AccountSessions;
  readonly credentials: SessionCredentials;
  /** What Better Auth signs cookies with. */
  readonly secret: string;
  readonly secureCookies: boolean;
  readonly apple: AppleTokens | null;
}): Accounts {
  const { database, clock, passwords, users, sessions, credentials, apple } = parts;
  const limits = createSignInLimits(parts.limits, parts.config);
  const userFields: UserFields[] = [];
  let engine: Promise<AuthEngine> | null = null;

  /** Loaded with the first request that needs it: it is large, and many servers never have an e-mail account. */
  const askEngine: AuthEngine['call'] = async (path, request) => {
    engine ??= import('../better-auth/index.js').then(({ createAuthEngine }) =>
      createAuthEngine({
        database,
        clock,
        passwords,
        secret: parts.secret,
        cookiePrefix: COOKIE_PREFIX,
        secureCookies: parts.secureCookies,
        newId: uuidV4,
        apple,
        linkedTo: distrust,
      }),
    );
    return (await engine).call(path, request);
  };

  /** Whoever made this account never proved that the e-mail is theirs, and now its owner comes: nothing of theirs may stay open. */
  const distrust = async (userId: string) => {
    await database.transaction((tx) =>
      tx
        .deleteFrom('account_logins')
        .where('user_id', '=', userId)
        .where('provider_id', '=', 'credential')
        .execute(),
    );
    await sessions.revokeAll(userId);
  };

  const profile = async (userId: string): Promise<AccountProfile | undefined> => {
    const row = await database.read
      .selectFrom('account_profiles')
      .selectAll()
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row && profileOf(row);
  };

  const user = async (userId: string): Promise<AccountUser | undefined> => {
    const known = await profile(userId);
    if (!known) return undefined;
    const added = await Promise.all(userFields.map((fields) => fields(database.read, userId)));
    return {
      ...Object.assign({}, ...added),
      ...known,
      createdAt: isoInstant(known.createdAt),
      updatedAt: isoInstant(known.updatedAt),
    };
  };

  const sessionCookie = (token: string): string => `${credentials.cookieName}=${credentials.sign(token)}`;

  const signInOf = async (token: string, setCookies: readonly string[]): Promise<SignIn | null> => {
    const session = await sessions.find(token);
    const owner = session && (await user(session.userId));
    if (!session || !owner) return null;
    return { token, session, user: owner, signedToken: credentials.sign(token), setCookies };
  };

  /** What Better Auth has just opened, in our words. */
  const opened = async ({ body, setCookies }: EngineAnswer): Promise<SignIn> => {
    const token = body && typeof body === 'object' && 'token' in body ? body.token : null;
    const signedIn = typeof token === 'string' ? await signInOf(token, setCookies) : null;
    if (!signedIn) throw accountErrors.unauthorized(); // removed at this very moment
    users.seen(signedIn.session.userId);
    return signedIn;
  };

  const isWrongPassword = (error: unknown): boolean =>
    error instanceof AppError &&
    (error.code === 'INVALID_EMAIL_OR_PASSWORD' || error.code === 'INVALID_PASSWORD');

  return {
    signUp: async ({ email, password, name }, client) => {
      const address = email.trim().toLowerCase();
      if (isHashable(address, password)) await limits.signUp(client.address);
      return opened(
        await askEngine('/sign-up/email', {
          body: { email: address, password, name: name?.trim() || (address.split('@', 1)[0] ?? '') },
          client,
        }),
      );
    },
    signIn: (form, client) => {
      const email = form.email.trim().toLowerCase();
      return limits.attempt(
        { account: email, address: client.address },
        async () =>
          opened(await askEngine('/sign-in/email', { body: { email, password: form.password }, client })),
        isWrongPassword,
      );
    },
    signInWithApple: async ({ token, nonce, name }, client) => {
      if (!apple) throw accountErrors.providerNotFound();
      return opened(
        await askEngine('/sign-in/social', {
          body: {
            provider: 'apple',
            idToken: {
              token,
              ...(nonce === undefined ? {} : { nonce }),
              ...(name ? { user: { name: { firstName: name } } } : {}),
            },
          },
          client,
        }),
      );
    },
    session: async (token, { withCookies = false } = {}) => {
      if (!withCookies) return signInOf(token, []);
      const { setCookies } = await askEngine('/get-session', { cookie: sessionCookie(token) });
      return signInOf(token, setCookies);
    },
    refresh: async (token) => {
      if (!(await sessions.renew(token))) throw accountErrors.unauthorized();
      const { setCookies } = await askEngine('/get-session', { cookie: sessionCookie(token) });
      const isSecure = parts.secureCookies ? '; Secure' : '';
      const renewed = `${sessionCookie(token)}; Max-Age=${SESSION_SECONDS}; Path=/; HttpOnly${isSecure}; SameSite=Lax`;
      const signedIn = await signInOf(token, [renewed, ...setCookies]);
      if (!signedIn) throw accountErrors.unauthorized();
      return signedIn;
    },
    signOut: async (token) => {
      const session = token ? await sessions.find(token) : null;
      if (session) await sessions.revoke(session.userId, session.id);
      const { setCookies } = await askEngine('/sign-out', {});
      return setCookies;
    },
    listSessions: sessions.list,
    revokeSession: sessions.revoke,
    revokeSessions: sessions.revokeAll,
    changePassword: async (token, { currentPassword, newPassword, revokeOtherSessions }, client) => {
      const session = await sessions.find(token);
      const known = session && (await profile(session.userId));
      if (!session || !known) throw accountErrors.unauthorized();
      await limits.attempt(
        { account: known.email, address: client.address },
        () =>
          askEngine('/change-password', {
            body: { currentPassword, newPassword },
            cookie: sessionCookie(token),
            client,
          }),
        isWrongPassword,
      );
      if (revokeOtherSessions) await sessions.revokeAll(session.userId, session.id);
      const signedIn = await signInOf(token, []);
      if (!signedIn) throw accountErrors.unauthorized();
      return signedIn;
    },
    setPassword: async (userId, password) => {
      const hash = await passwords.hash(password);
      const isThere = await database.transaction((tx) => replacePassword(tx, userId, hash, clock.now()));
      if (!isThere) throw accountErrors.noAccount();
      await sessions.revokeAll(userId);
    },
    profile,
    updateProfile: async (userId, { name, image }) => {
      await database.transaction((tx) =>
        tx
          .updateTable('account_profiles')
          .set({
            updated_at: clock.now(),
            ...(name === undefined ? {} : { name }),
            ...(image === undefined ? {} : { image }),
          })
          .where('user_id', '=', userId)
          .execute(),
      );
      return profile(userId);
    },
    user,
    addUserFields: (fields) => {
      userFields.push(fields);
    },
    remove: users.remove,
    close: async () => {
      await engine;
    },
  };
}

/** True for a form that would be hashed; what Better Auth refuses before that need not be counted. */
const isHashable = (email: string, password: string): boolean =>
  /^[^\s@]+@[^\s@]+$/.test(email) && password.length >= 8 && password.length <= 128;

/** @returns false without an account; one that was made by a provider gets a password of its own */
async function replacePassword(tx: Transaction, userId: string, hash: string, now: number): Promise<boolean> {
  const owner = await tx
    .selectFrom('account_profiles')
    .select('user_id')
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (!owner) return false;
  await tx
    .insertInto('account_logins')
    .values({
      id: uuidV4(),
      user_id: userId,
      provider_id: 'credential',
      account_id: userId,
      password_hash: hash,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['provider_id', 'account_id']).doUpdateSet({ password_hash: hash, updated_at: now }),
    )
    .execute();
  return true;
}

const profileOf = (row: Selectable<AccountProfileRow>): AccountProfile => ({
  id: row.user_id,
  name: row.name,
  email: row.email,
  emailVerified: row.email_verified === 1,
  image: row.image,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
