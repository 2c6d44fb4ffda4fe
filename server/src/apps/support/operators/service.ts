import type { Clock } from '../../../platform/clock.js';
import type { Database, Transaction } from '../../../platform/database/database.js';
import { isUniqueViolation } from '../../../platform/database/failures.js';
import type { Passwords } from '../../../platform/identity/passwords.js';
import type { RateLimits } from '../../../platform/limits/rate-limits.js';
import type { OperatorCaller } from '../callers.js';
import { supportErrors } from '../errors.js';
import type { FanOut } from '../realtime/fan-out.js';
import type { OperatorService } from '../services.js';
import type { AppStore } from '../settings/store.js';
import { ACCESS_SECONDS, type AccessTokens } from './access-tokens.js';
import type { OperatorDirectory } from './directory.js';
import { newEmail, normaliseEmail } from './email.js';
import type { RefreshTokens } from './refresh-tokens.js';
import { DEFAULT_APP_NAME, type RegisteredApp, type Registration, refuseWeak } from './registration.js';
import { createSignInLimits, DEFAULT_SIGN_IN_ALLOWANCE, type SignInAllowance } from './sign-in-limits.js';
import type { Operator, OperatorStore } from './store.js';

/** A sign-in: what the page keeps. */
export interface OperatorSession {
  readonly operator: Operator;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

type Given = string | null | undefined;

export interface Accounts extends OperatorService {
  /** Makes an app with its first key and its owner, all or nothing. */
  signUp(
    form: { readonly email?: Given; readonly password?: Given; readonly appName?: Given },
    address: string,
  ): Promise<OperatorSession & { readonly app: RegisteredApp }>;
  /** @throws AppError 401 `INVALID_CREDENTIALS`, 403 `ACCOUNT_DISABLED`, 429 after too many failures */
  signIn(
    form: { readonly email?: Given; readonly password?: Given },
    address: string,
  ): Promise<OperatorSession>;
  refresh(refreshToken: Given, address: string): Promise<OperatorSession>;
  signOut(refreshToken: Given): Promise<void>;
  /** Ends all other sign-ins and answers with a new one. */
  changePassword(
    caller: OperatorCaller,
    form: { readonly current?: Given; readonly next?: Given },
    address: string,
  ): Promise<OperatorSession>;
  /** Who the caller is, with their app's name. */
  profile(caller: OperatorCaller): Promise<{ readonly operator: Operator; readonly appName: string }>;
  /**
   * For rooms that make accounts: `work` makes one in its transaction, and its owner is signed in.
   *
   * @throws AppError 409 `USER_EXISTS`
   */
  openAccount<T>(
    work: (tx: Transaction) => Promise<{ readonly operator: Operator; readonly result: T }>,
  ): Promise<OperatorSession & { readonly result: T }>;
}

export function createAccounts(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly limits: RateLimits;
  readonly fanOut: FanOut;
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly registration: Registration;
  readonly directory: OperatorDirectory;
  readonly operators: OperatorStore;
  readonly apps: AppStore;
  readonly signup: 'open' | 'closed';
  readonly allowance?: SignInAllowance | undefined;
}): Accounts {
  const { database, clock, limits, fanOut, passwords, accessTokens, refreshTokens } = parts;
  const { registration, directory, operators, apps, signup } = parts;
  const allowance = parts.allowance ?? DEFAULT_SIGN_IN_ALLOWANCE;
  const signIns = createSignInLimits(limits, 'sign-in', allowance);
  const failedRenewals = { name: 'support-refresh-failures', points: 100, seconds: 900 };
  const signUps = { name: 'support-signups', points: allowance.signUpsPerHour, seconds: 3_600 };

  const session = async (operator: Operator, refreshToken: string): Promise<OperatorSession> => ({
    operator,
    refreshToken,
    accessToken: await accessTokens.issue({
      userId: operator.id,
      appId: operator.app_id,
      role: operator.role,
      email: operator.email,
    }),
    expiresIn: ACCESS_SECONDS,
  });

  const openAccount: Accounts['openAccount'] = async (work) => {
    const made = await database
      .transaction(async (tx) => {
        const { operator, result } = await work(tx);
        return { operator, result, refreshToken: await refreshTokens.begin(tx, operator.id) };
      })
      .catch((error: unknown) => {
        throw isUniqueViolation(error) ? supportErrors.userExists() : error;
      });
    return { ...(await session(made.operator, made.refreshToken)), result: made.result };
  };

  /** The operator whose password this is. */
  const checkPassword = async (
    account: string,
    operator: Operator | undefined,
    password: string,
    address: string,
    refusal: () => Error,
  ): Promise<Operator> => {
    await signIns.enter(account, address);
    const right = await passwords.verify(password, operator?.password_hash ?? null);
    if (!operator || !right) {
      await signIns.failed(account, address);
      throw refusal();
    }
    await signIns.passed(account, address);
    if (!operator.is_active) throw supportErrors.accountDisabled();
    return operator;
  };

  const current = async (caller: OperatorCaller): Promise<Operator> => {
    const operator = await operators.byId(caller.operatorId);
    if (!operator) throw supportErrors.invalidToken();
    return operator;
  };

  return {
    openAccount,

    signUp: async ({ email, password, appName }, address) => {
      if (signup === 'closed') throw supportErrors.signupClosed();
      if (!email?.trim() || !password) throw supportErrors.missingFields('E-mail and password are required.');
      const account = newEmail(email);
      refuseWeak(password);
      const verdict = await limits.consume(signUps, address);
      if (!verdict.allowed) {
        throw supportErrors.rateLimited('Too many new accounts from this address. Please wait.', {
          retryAfterSeconds: verdict.retryAfterSeconds,
        });
      }
      const passwordHash = await passwords.hash(password);
      const { result: app, ...opened } = await openAccount(async (tx) => {
        const result = await registration.app(tx, appName?.trim() || DEFAULT_APP_NAME);
        const operator = await registration.operator(tx, {
          appId: result.id,
          email: account,
          passwordHash,
          role: 'OWNER',
        });
        return { operator, result };
      });
      return { ...opened, app };
    },

    signIn: async ({ email, password }, address) => {
      if (!email?.trim() || !password) throw supportErrors.missingCredentials();
      const account = normaliseEmail(email);
      const operator = await checkPassword(
        account,
        await operators.byEmail(account),
        password,
        address,
        supportErrors.invalidCredentials,
      );
      const refreshToken = await database.transaction((tx) => refreshTokens.begin(tx, operator.id));
      directory.seen(operator.id);
      return session(operator, refreshToken);
    },

    refresh: async (refreshToken, address) => {
      if (!refreshToken) throw supportErrors.missingRefreshToken();
      const verdict = await limits.peek(failedRenewals, address);
      if (!verdict.allowed) {
        throw supportErrors.rateLimited('Too many refresh tokens were refused. Please wait.', {
          retryAfterSeconds: verdict.retryAfterSeconds,
        });
      }
      const rotation = await database.transaction((tx) => refreshTokens.rotate(tx, refreshToken));
      if ('refused' in rotation) {
        await limits.consume(failedRenewals, address);
        throw rotation.refused;
      }
      const operator = await operators.byId(rotation.operatorId);
      if (!operator) throw supportErrors.invalidRefreshToken();
      if (!operator.is_active) throw supportErrors.accountDisabled();
      directory.seen(operator.id);
      return session(operator, rotation.refreshToken);
    },

    signOut: async (refreshToken) => {
      if (refreshToken) await database.transaction((tx) => refreshTokens.endSession(tx, refreshToken));
    },

    changePassword: async (caller, { current: old, next }, address) => {
      if (!old || !next) throw supportErrors.missingFields('The current and the new password are required.');
      refuseWeak(next);
      const operator = await checkPassword(
        caller.email,
        await current(caller),
        old,
        address,
        supportErrors.wrongPassword,
      );
      const passwordHash = await passwords.hash(next);
      const refreshToken = await database.transaction(async (tx) => {
        await refreshTokens.endAll(tx, operator.id);
        await operators.setPassword(tx, operator.id, passwordHash, clock.now());
        return refreshTokens.begin(tx, operator.id);
      });
      await fanOut.tell({ type: 'operator-changed', appId: operator.app_id, operatorId: operator.id });
      return session(operator, refreshToken);
    },

    profile: async (caller) => {
      const operator = await current(caller);
      const app = await apps.byId(operator.app_id);
      return { operator, appName: app?.name ?? '' };
    },

    verifyAccessToken: async (token) => {
      const { operatorId, appId, issuedAt, expiresAt } = await accessTokens.verify(token);
      const operator = await directory.find(operatorId);
      if (!operator || operator.app_id !== appId) throw supportErrors.invalidToken();
      if (!operator.is_active) throw supportErrors.accountDisabled();
      if (issuedAt < operator.tokens_valid_from) throw supportErrors.invalidToken();
      directory.seen(operatorId);
      return { kind: 'operator', appId, operatorId, email: operator.email, role: operator.role, expiresAt };
    },
  };
}
