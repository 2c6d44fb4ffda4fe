import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../../platform/clock.js';
import type { Database } from '../../../platform/database/database.js';
import type { Passwords } from '../../../platform/identity/passwords.js';
import type { RateLimits } from '../../../platform/limits/rate-limits.js';
import { supportErrors } from '../errors.js';
import { newEmail } from '../operators/email.js';
import {
  DEFAULT_APP_NAME,
  type RegisteredApp,
  type Registration,
  refuseWeak,
} from '../operators/registration.js';
import type { Accounts, OperatorSession } from '../operators/service.js';
import type { OperatorStore } from '../operators/store.js';
import type { AppStore, SupportAppRecord } from '../settings/store.js';
import type { SetupTokenStore } from './store.js';

/** What somebody shows who wants to set up: the master key or the token of the one-time link. */
export type SetupCredential = string;

export interface Setup {
  /**
   * A token for the one-time link, when there is no operator yet; null otherwise. Made anew at every start without
   * one, because the link is printed and not kept.
   */
  firstStartToken(): Promise<string | null>;
  /**
   * @param credential what the header carried, undefined when it was missing
   * @throws AppError 401 `MISSING_MASTER_KEY`, 403 `INVALID_MASTER_KEY`, 500 `MASTER_KEY_NOT_SET`, 429
   */
  authorise(credential: SetupCredential | undefined, address: string): Promise<void>;
  apps(): Promise<readonly SupportAppRecord[]>;
  /** @throws AppError 400 `MISSING_NAME` */
  createApp(name: string | null | undefined): Promise<RegisteredApp>;
  /**
   * Makes an app, its first key and its owner, all or nothing. A one-time token is used up by it.
   *
   * @param credential one that {@link authorise} let through
   */
  start(
    credential: SetupCredential,
    form: {
      readonly appName?: string | null | undefined;
      readonly email?: string | null | undefined;
      readonly password?: string | null | undefined;
    },
  ): Promise<OperatorSession & { readonly app: RegisteredApp }>;
}

const TOKEN_BYTES = 32;
/** Long enough to find the line in a log the next morning. */
const TOKEN_MS = 24 * 3_600_000;
const LISTED_APPS = 1_000;
/** Wrong keys from one address. */
const REFUSALS = { name: 'support-setup-refusals', points: 50, seconds: 900 };

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const hashOf = (token: string): string => digest(token).toString('hex');

export function createSetup(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly limits: RateLimits;
  readonly passwords: Passwords;
  readonly accounts: Accounts;
  readonly registration: Registration;
  readonly operators: OperatorStore;
  readonly apps: AppStore;
  readonly tokens: SetupTokenStore;
  /** `MASTER_API_KEY`, when it is set. */
  readonly masterKey: string | undefined;
}): Setup {
  const { database, clock, limits, passwords, accounts, registration, operators, apps, tokens } = parts;
  // Digests have one length, so that comparing them does not even tell how long the key is.
  const masterDigest = parts.masterKey ? digest(parts.masterKey) : null;
  const isMasterKey = (credential: string): boolean =>
    masterDigest !== null && timingSafeEqual(digest(credential), masterDigest);

  return {
    firstStartToken: async () => {
      if (await operators.anyExists()) return null;
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const now = clock.now();
      await database.transaction((tx) => tokens.insert(tx, hashOf(token), now, now + TOKEN_MS));
      return token;
    },

    authorise: async (credential, address) => {
      if (!credential)
        throw masterDigest ? supportErrors.missingMasterKey() : supportErrors.masterKeyNotSet();
      const gate = await limits.peek(REFUSALS, address);
      if (!gate.allowed) {
        throw supportErrors.rateLimited('Too many wrong keys from this address. Please wait.', {
          retryAfterSeconds: gate.retryAfterSeconds,
        });
      }
      if (isMasterKey(credential)) return;
      if ((await tokens.isGood(hashOf(credential), clock.now())) && !(await operators.anyExists())) return;
      await limits.consume(REFUSALS, address);
      throw masterDigest ? supportErrors.invalidMasterKey() : supportErrors.masterKeyNotSet();
    },

    apps: () => apps.list(LISTED_APPS),

    createApp: async (name) => {
      if (!name?.trim()) throw supportErrors.missingName();
      return database.transaction((tx) => registration.app(tx, name.trim()));
    },

    start: async (credential, { appName, email, password }) => {
      if (!email?.trim() || !password) throw supportErrors.missingFields('E-mail and password are required.');
      const account = newEmail(email);
      refuseWeak(password);
      const passwordHash = await passwords.hash(password);
      const { result: app, ...session } = await accounts.openAccount(async (tx) => {
        if (!isMasterKey(credential)) {
          const isFirst = (await tokens.use(tx, hashOf(credential))) && !(await operators.anyExists(tx));
          if (!isFirst) throw supportErrors.invalidMasterKey();
        }
        const result = await registration.app(tx, appName?.trim() || DEFAULT_APP_NAME);
        const operator = await registration.operator(tx, {
          appId: result.id,
          email: account,
          passwordHash,
          role: 'OWNER',
        });
        return { operator, result };
      });
      return { ...session, app };
    },
  };
}
