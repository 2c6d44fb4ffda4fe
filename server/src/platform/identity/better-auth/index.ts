import { betterAuth } from 'better-auth/minimal';
import { bearer } from 'better-auth/plugins/bearer';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import { isUniqueViolation } from '../../database/failures.js';
import { AppError } from '../../http/errors.js';
import type { Client } from '../accounts/accounts.js';
import { accountErrors } from '../accounts/errors.js';
import { RENEWED_AFTER_SECONDS, SESSION_SECONDS } from '../accounts/sessions.js';
import type { AppleTokens } from '../apple/id-tokens.js';
import type { Passwords } from '../passwords.js';
import { databaseAdapter, TABLES } from './adapter.js';

/** The routes of Better Auth that are in use; all others are ours or do not exist. */
export type EnginePath =
  | '/sign-up/email'
  | '/sign-in/email'
  | '/sign-in/social'
  | '/get-session'
  | '/sign-out'
  | '/change-password';

export interface EngineAnswer {
  readonly body: unknown;
  /** Complete `Set-Cookie` values. */
  readonly setCookies: readonly string[];
}

/** Better Auth as a black box that is asked by its own HTTP routes. */
export interface AuthEngine {
  /**
   * @param request.cookie the signed session, as `name=value`
   * @throws AppError with Better Auth's code, status and words
   */
  call(
    path: EnginePath,
    request: { readonly body?: object; readonly cookie?: string | undefined; readonly client?: Client },
  ): Promise<EngineAnswer>;
}

/** Contract stories §2.2. */
const MIN_PASSWORD = 8;
const MAX_PASSWORD = 128;
/** How long the session's copy in the second cookie is said to live. Nothing here believes that copy. */
const COPY_SECONDS = 300;
/** Where this server tells Better Auth the client's address; no request of a client's own gets there. */
const ADDRESS_HEADER = 'x-client-address';
const INTERNAL_ORIGIN = 'http://accounts.internal';

/** @param parts.linkedTo called with a user to whose unverified e-mail somebody is linked whose e-mail Apple verified, before that */
export function createAuthEngine(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly secret: string;
  readonly cookiePrefix: string;
  readonly secureCookies: boolean;
  readonly newId: () => string;
  readonly apple: AppleTokens | null;
  readonly linkedTo: (userId: string) => Promise<void>;
}): AuthEngine {
  const { database, clock, passwords, apple } = parts;
  const auth = betterAuth({
    appName: 'Earshot',
    baseURL: INTERNAL_ORIGIN,
    basePath: '/api/auth',
    secret: parts.secret,
    database: databaseAdapter({ database, clock }),
    ...TABLES,
    session: {
      ...TABLES.session,
      expiresIn: SESSION_SECONDS,
      updateAge: RENEWED_AFTER_SECONDS,
      cookieCache: { enabled: true, maxAge: COPY_SECONDS },
    },
    account: { ...TABLES.account, accountLinking: { enabled: true, requireLocalEmailVerified: false } },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: MIN_PASSWORD,
      maxPasswordLength: MAX_PASSWORD,
      password: {
        hash: (password) => passwords.hash(password),
        verify: ({ hash, password }) => passwords.verify(password, hash),
      },
    },
    ...(apple
      ? {
          socialProviders: {
            apple: {
              clientId: apple.audience,
              clientSecret: '',
              verifyIdToken: (token: string, nonce?: string) => apple.isGenuine(token, nonce),
              mapProfileToUser: async (profile: { sub: string; email?: string | undefined }) => ({
                email: profile.email ?? (await emailOfLogin(database, 'apple', profile.sub)),
              }),
            },
          },
        }
      : {}),
    databaseHooks: {
      account: {
        create: {
          before: async ({ providerId, userId }) => {
            if (providerId === 'credential') return;
            const profile = await database.read
              .selectFrom('account_profiles')
              .select('email_verified')
              .where('user_id', '=', userId)
              .executeTakeFirst();
            if (profile?.email_verified === 0) await parts.linkedTo(userId);
          },
        },
      },
    },
    plugins: [bearer()],
    advanced: {
      cookiePrefix: parts.cookiePrefix,
      useSecureCookies: parts.secureCookies,
      // Where a request may come from is decided by origins.ts, for these routes as for all others.
      disableCSRFCheck: true,
      disableOriginCheck: true,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER], ipv6Subnet: 128 },
      database: { generateId: () => parts.newId() },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Its messages name e-mail addresses.
    logger: { disabled: true },
    onAPIError: { throw: true },
  });

  return {
    call: async (path, { body, cookie, client }) => {
      const isRead = path === '/get-session';
      const request = new Request(
        `${INTERNAL_ORIGIN}/api/auth${path}${isRead ? '?disableCookieCache=true' : ''}`,
        {
          method: isRead ? 'GET' : 'POST',
          headers: {
            'content-type': 'application/json',
            ...(cookie ? { cookie } : {}),
            ...(client ? { [ADDRESS_HEADER]: client.address } : {}),
            ...(client?.userAgent ? { 'user-agent': client.userAgent } : {}),
          },
          ...(isRead ? {} : { body: JSON.stringify(body ?? {}) }),
        },
      );
      const response = await auth.handler(request).catch((error: unknown) => {
        // Two sign-ups with one e-mail at the same moment: the second is told what it would be told a moment later.
        throw isUniqueViolation(error) ? accountErrors.emailTaken({ cause: error }) : error;
      });
      const answer: unknown = await response.json();
      if (!response.ok) throw refusal(response.status, answer);
      return { body: answer, setCookies: response.headers.getSetCookie() };
    },
  };
}

function refusal(status: number, answer: unknown): AppError {
  const { code, message } = (answer ?? {}) as { code?: unknown; message?: unknown };
  const words = typeof message === 'string' ? message : 'The request was refused';
  if (code === 'INVALID_EMAIL') return accountErrors.validation('email', words);
  return new AppError(typeof code === 'string' ? code : 'BAD_REQUEST', status, words);
}

/** The e-mail of who came by this login before: Apple leaves it out at times. */
async function emailOfLogin(database: Database, provider: string, subject: string): Promise<string | null> {
  const row = await database.read
    .selectFrom('account_logins')
    .innerJoin('account_profiles', 'account_profiles.user_id', 'account_logins.user_id')
    .select('account_profiles.email')
    .where('provider_id', '=', provider)
    .where('account_id', '=', subject)
    .executeTakeFirst();
  return row?.email ?? null;
}
