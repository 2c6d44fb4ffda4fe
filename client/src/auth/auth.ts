import type { Cancel, Environment } from '../environment.js';
import type { Authorization, HttpClient } from '../http/client.js';
import { EarshotError, isEarshotError } from '../http/errors.js';
import type { Log } from '../log.js';
import { describeError } from '../log.js';
import type { Unsubscribe } from '../signal.js';
import { createSignal } from '../signal.js';
import type { SessionAnswer, User } from '../wire/account.js';
import type { CredentialStore } from './credential-store.js';
import type { Session } from './session.js';
import { REFRESH_BEFORE_END_MS, sessionOf } from './session.js';

/** `expired`: the session ended by itself. The data of its user stay on the device, with everything not sent yet. */
export interface AuthState {
  readonly status: 'signedOut' | 'signedIn' | 'expired';
  readonly user: User | null;
  readonly expiresAt: number | null;
}

export interface Auth extends Authorization {
  /** Takes up the session that is kept on the device. Call it once, before anything else. */
  restore(): Promise<AuthState>;
  /**
   * Another tab may have signed in, out, or refreshed: takes over what is kept now.
   *
   * @param isKept whether the data of the user are still on the device
   */
  follow(isKept: boolean): Promise<AuthState>;
  state(): AuthState;
  subscribe(listener: (state: AuthState) => void): Unsubscribe;
  /** @throws EarshotError `emailTaken`, `passwordTooShort`, `validation` … */
  signUp(account: {
    readonly email: string;
    readonly password: string;
    readonly name?: string;
  }): Promise<User>;
  /** @throws EarshotError `invalidCredentials` … */
  signIn(account: { readonly email: string; readonly password: string }): Promise<User>;
  /** @throws EarshotError */
  signInWithApple(identity: { readonly token: string; readonly name?: string }): Promise<User>;
  /**
   * Takes up a session that somebody else has opened, another page of the same server for example.
   *
   * @param answer what `GET /api/auth/session` says of it
   * @throws EarshotError `invalidAnswer`
   */
  adopt(answer: SessionAnswer): Promise<User>;
  /** Never fails: what is on the device is wiped first, then the server is told if it can be reached. */
  signOut(): Promise<void>;
  /** Ends the session as if it had expired: what is on the device stays. Never fails. */
  leave(): Promise<void>;
  /** Removes the account and everything of it, here and on the server. @throws EarshotError when the server did not do it */
  deleteAccount(): Promise<void>;
  /** Stops the scheduled refresh. */
  stop(): void;
}

export interface AuthParts {
  readonly http: HttpClient;
  readonly environment: Environment;
  readonly credentials: CredentialStore;
  readonly log: Log;
  /** Wipes everything of the user from the device. */
  readonly wipe: () => Promise<void>;
  /** Called before a user's session is taken up: makes room when the data on the device are another user's. */
  readonly welcome: (user: User) => Promise<void>;
}

/** How long signing out waits for the server. */
const SIGN_OUT_TIMEOUT_MS = 10_000;
/** When a refresh could not be tried because the server was out of reach, it is tried again after this time. */
const REFRESH_RETRY_MS = 60_000;

export function createAuth(parts: AuthParts): Auth {
  const { http, environment, credentials, log } = parts;
  const changed = createSignal<AuthState>();
  let session: Session | null = null;
  let expiredUser: User | null = null;
  let refreshing: Promise<boolean> | null = null;
  let cancelRefresh: Cancel = () => undefined;

  const state = (): AuthState => ({
    status: session ? 'signedIn' : expiredUser ? 'expired' : 'signedOut',
    user: session?.user ?? expiredUser,
    expiresAt: session?.expiresAt ?? null,
  });

  function hold(next: Session | null, expired: User | null = null): void {
    session = next;
    expiredUser = expired;
    cancelRefresh();
    if (next) schedule(next.expiresAt - REFRESH_BEFORE_END_MS - environment.now());
    changed.emit(state());
  }

  function schedule(ms: number): void {
    cancelRefresh();
    cancelRefresh = environment.after(Math.max(ms, 0), () => {
      const { token } = session ?? {};
      if (token !== undefined) refresh(token).catch((error) => log('error', 'auth', describeError(error)));
    });
  }

  async function take(answer: SessionAnswer): Promise<User> {
    const next = sessionOf(answer, environment.now());
    if (!next) throw new EarshotError('invalidAnswer', { serverMessage: 'no token or no user' });
    await parts.welcome(next.user);
    await credentials.save(next);
    hold(next);
    log('info', 'auth', 'signed in');
    return next.user;
  }

  /** The session is over: credentials go, the user's unsent work stays. */
  async function expire(): Promise<void> {
    const user = session?.user ?? expiredUser;
    await credentials.clear();
    hold(null, user);
    log('warn', 'auth', 'session ended');
  }

  async function refreshOnce(former: Session): Promise<boolean> {
    try {
      const answer = await http.json<SessionAnswer | null>({
        method: 'POST',
        path: '/api/auth/session/refresh',
        authenticated: false,
        headers: { authorization: `Bearer ${former.token}` },
        retry: 'conservative',
        timeoutMs: 30_000,
      });
      const next = sessionOf(answer, environment.now(), former);
      // Signed out, or signed in as somebody else, while the answer was on its way.
      if (session?.token !== former.token) return session !== null;
      if (!answer || !next) throw new EarshotError('unauthorized');
      await credentials.save(next);
      hold(next);
      return true;
    } catch (error) {
      if (session?.token !== former.token) return session !== null;
      if (isEarshotError(error, 'unauthorized', 'forbidden')) {
        await expire();
        return false;
      }
      log('warn', 'auth', 'refresh put off', { reason: describeError(error) });
      schedule(REFRESH_RETRY_MS);
      return false;
    }
  }

  function refresh(refused: string): Promise<boolean> {
    if (session === null) return Promise.resolve(false);
    // Another request has already come back with a new token.
    if (session.token !== refused) return Promise.resolve(true);
    refreshing ??= refreshOnce(session).finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  async function wipe(): Promise<void> {
    await credentials.clear();
    hold(null);
    await parts.wipe();
  }

  async function tellSignedOut(token: string | undefined): Promise<void> {
    if (token === undefined) return;
    try {
      await http.json({
        method: 'POST',
        path: '/api/auth/sign-out',
        authenticated: false,
        headers: { authorization: `Bearer ${token}` },
        retry: 'none',
        timeoutMs: SIGN_OUT_TIMEOUT_MS,
      });
    } catch (error) {
      log('warn', 'auth', 'the server does not know of the sign-out', { reason: describeError(error) });
    }
  }

  const enter = async (path: string, body: unknown): Promise<User> =>
    take(await http.json<SessionAnswer>({ method: 'POST', path, body, authenticated: false, retry: 'none' }));

  return {
    restore: async () => {
      const kept = await credentials.load();
      if (kept) hold(kept);
      return state();
    },
    follow: async (isKept) => {
      const kept = await credentials.load();
      const other = kept?.token !== session?.token || kept?.expiresAt !== session?.expiresAt;
      if (other || (expiredUser !== null && !isKept)) hold(kept, isKept ? state().user : null);
      return state();
    },
    state,
    subscribe: changed.subscribe,
    token: () => session?.token ?? null,
    refresh,
    expire: async (refused) => {
      if (session?.token === refused) await expire();
    },
    signUp: ({ email, password, name }) =>
      // The name is mandatory on this path; an address always has something before its @.
      enter('/api/auth/sign-up/email', { email, password, name: name ?? email.split('@')[0] ?? email }),
    signIn: ({ email, password }) => enter('/api/auth/sign-in/email', { email, password }),
    signInWithApple: (identity) =>
      enter('/api/auth/sign-in/social', { provider: 'apple', idToken: identity, callbackURL: '/' }),
    adopt: take,
    signOut: async () => {
      const token = session?.token;
      await wipe();
      await tellSignedOut(token);
    },
    leave: async () => {
      const token = session?.token;
      await expire();
      await tellSignedOut(token);
    },
    deleteAccount: async () => {
      await http.json({ method: 'DELETE', path: '/api/user/account', retry: 'none' });
      await wipe();
    },
    stop: () => cancelRefresh(),
  };
}
