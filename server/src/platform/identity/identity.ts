import type { Config } from '../../config.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Events } from '../events/events.js';
import type { RateLimits } from '../limits/rate-limits.js';
import type { Secrets } from '../secrets.js';
import type { Log } from '../telemetry/log.js';
import type { Accounts } from './accounts/accounts.js';
import { COOKIE_PREFIX, createAccounts } from './accounts/service.js';
import { createSessionCredentials, type SessionCredentials } from './accounts/session-credentials.js';
import { type AccountSessions, createAccountSessions } from './accounts/sessions.js';
import { type ApiKeys, createApiKeys } from './api-keys.js';
import { createAppleTokens } from './apple/id-tokens.js';
import { type Callers, createCallers } from './callers.js';
import { createDevelopmentLogins } from './development-logins.js';
import { createFirebaseTokens, type FirebaseTokens } from './firebase/id-tokens.js';
import { createIdentityLinks, type IdentityLinks } from './identity-links.js';
import { createServerOperators, type ServerOperators } from './operators.js';
import { createTrustedOrigins, type TrustedOrigins } from './origins.js';
import { createPasswords } from './passwords.js';
import { createRevocations } from './revocations.js';
import { createSessionTokens, type SessionTokens } from './session-tokens.js';
import { createUsers, type Users } from './users.js';

/** Everything by which this server knows who is calling. */
export interface Identity {
  readonly users: Users;
  /** The speech app's stateless tokens. */
  readonly sessionTokens: SessionTokens;
  readonly accounts: Accounts;
  readonly accountSessions: AccountSessions;
  readonly sessionCredentials: SessionCredentials;
  readonly apiKeys: ApiKeys;
  readonly identityLinks: IdentityLinks;
  readonly serverOperators: ServerOperators;
  /** Null unless FIREBASE_PROJECT_ID is set. */
  readonly firebase: FirebaseTokens | null;
  readonly callers: Callers;
  readonly trustedOrigins: TrustedOrigins;
}

export async function createIdentity(parts: {
  readonly config: Config;
  readonly database: Database;
  readonly events: Events;
  readonly limits: RateLimits;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Identity & { close(): Promise<void> }> {
  const { config, database, limits, secrets, clock, log } = parts;
  const revocations = createRevocations(parts.events);
  const users = await createUsers({ database, revocations, clock, log });
  const sessionTokens = createSessionTokens(secrets.sessionKey, clock);
  const accountSessions = createAccountSessions({ database, clock, revocations });
  const secret = Buffer.from(secrets.derive('account-sessions')).toString('base64url');
  const secureCookies = isReachedSecurely(config);
  const sessionCredentials = createSessionCredentials(
    secret,
    `${secureCookies ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`,
  );
  const apiKeys = createApiKeys({ database, clock, log, revocations });
  const firebase = firebaseOf(config, { clock, log });
  const trustedOrigins = createTrustedOrigins(config);
  const accounts = createAccounts({
    config,
    database,
    clock,
    limits,
    passwords: createPasswords(),
    users,
    sessions: accountSessions,
    credentials: sessionCredentials,
    secret,
    secureCookies,
    apple: config.APPLE_BUNDLE_ID
      ? createAppleTokens(
          config.APPLE_BUNDLE_ID,
          { url: config.APPLE_KEYS_URL, file: config.APPLE_KEYS_FILE },
          { clock, log },
        )
      : null,
  });
  const callers = await createCallers({
    clock,
    users,
    sessionTokens,
    sessions: accountSessions,
    credentials: sessionCredentials,
    apiKeys,
    firebase,
    developmentLogins: createDevelopmentLogins(config, { users, firebase }),
    origins: trustedOrigins,
    revocations,
  });
  return {
    users,
    sessionTokens,
    accounts,
    accountSessions,
    sessionCredentials,
    apiKeys,
    identityLinks: createIdentityLinks({ clock, database, revocations, users }),
    serverOperators: createServerOperators(database, clock),
    firebase,
    callers,
    trustedOrigins,
    close: async () => {
      await callers.close();
      await accounts.close();
      await apiKeys.close();
      await users.close();
    },
  };
}

/** Browsers keep `Secure` cookies from plain HTTP, so they are used only where clients come by HTTPS. */
const isReachedSecurely = ({ PUBLIC_URL, TLS_CERT_FILE, NODE_ENV }: Config): boolean =>
  PUBLIC_URL ? PUBLIC_URL.startsWith('https:') : TLS_CERT_FILE !== undefined || NODE_ENV === 'production';

function firebaseOf(
  config: Config,
  parts: { readonly clock: Clock; readonly log: Log },
): FirebaseTokens | null {
  if (!config.FIREBASE_PROJECT_ID) return null;
  return createFirebaseTokens(
    {
      projectId: config.FIREBASE_PROJECT_ID,
      keys: { url: config.FIREBASE_KEYS_URL, file: config.FIREBASE_JWKS_FILE },
      acceptEmulator: config.FIREBASE_EMULATOR,
    },
    parts,
  );
}
