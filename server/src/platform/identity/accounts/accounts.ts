import type { Database } from '../../database/database.js';

/** Who is asking, for limits and for the list of sessions. */
export interface Client {
  /** The network address, as far as proxies are trusted. */
  readonly address: string;
  readonly userAgent?: string | undefined;
}

/** An e-mail account's own words about its user. Instants are epoch milliseconds. */
export interface AccountProfile {
  readonly id: string;
  readonly name: string;
  /** Lower-case, unique. */
  readonly email: string;
  readonly emailVerified: boolean;
  readonly image: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One device's sign-in. Instants are epoch milliseconds. */
export interface AccountSession {
  readonly id: string;
  readonly userId: string;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly ipAddress: string;
  readonly userAgent: string;
}

/** A profile and what the apps add to it, as `user` is written in answers (instants as ISO 8601). */
export type AccountUser = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly name: string;
  readonly email: string;
};

/** A session with its user; `token` is the raw bearer token, which is stored nowhere. */
export interface SignIn {
  readonly token: string;
  readonly session: AccountSession;
  readonly user: AccountUser;
  /** `<token>.<signature>`, URL-encoded: what the header `set-auth-token` carries. */
  readonly signedToken: string;
  /** Complete `Set-Cookie` values that carry the session. */
  readonly setCookies: readonly string[];
}

/** What an app adds to `user`; must not name a field of another app's or of the profile. */
export type UserFields = (
  read: Database['read'],
  userId: string,
) => Promise<Readonly<Record<string, unknown>>>;

/**
 * E-mail accounts of the whole platform: one session works on every app.
 *
 * Errors carry the codes of contracts/stories.md §2.2 (`INVALID_EMAIL_OR_PASSWORD`, `PASSWORD_TOO_SHORT` …).
 */
export interface Accounts {
  /**
   * Makes user, identity, account and first session, all or nothing.
   *
   * @throws AppError 400 for a field, 422 when the e-mail is taken, 429 after too many new accounts from one address
   */
  signUp(
    form: { readonly email: string; readonly password: string; readonly name?: string | undefined },
    client: Client,
  ): Promise<SignIn>;
  /** @throws AppError 401 for a wrong e-mail or password alike, 429 after too many failures (before hashing anything) */
  signIn(form: { readonly email: string; readonly password: string }, client: Client): Promise<SignIn>;
  /**
   * Signs in by Apple's identity token; makes the account, or links it by e-mail.
   *
   * @throws AppError 404 `PROVIDER_NOT_FOUND` unless APPLE_BUNDLE_ID is set, 401 for a token that does not verify
   */
  signInWithApple(
    form: { readonly token: string; readonly nonce?: string | undefined; readonly name?: string | undefined },
    client: Client,
  ): Promise<SignIn>;
  /**
   * The session of a raw token, renewed when it is due; null when it is over or never was.
   *
   * @param options.withCookies also makes the cookies anew, for clients that use them
   */
  session(token: string, options?: { readonly withCookies?: boolean }): Promise<SignIn | null>;
  /** Thirty more days for the same token. @throws AppError 401 when it is over */
  refresh(token: string): Promise<SignIn>;
  /** Ends the session; nothing happens when it is over already. Resolves to the cookies that forget it. */
  signOut(token: string | null): Promise<readonly string[]>;
  /** The user's living sessions, newest first. */
  listSessions(userId: string): Promise<readonly AccountSession[]>;
  /** @returns false when the user has no such session */
  revokeSession(userId: string, sessionId: string): Promise<boolean>;
  /** Ends all of the user's sessions, or all but one. @returns how many */
  revokeSessions(userId: string, except?: string): Promise<number>;
  /** @throws AppError 400 `INVALID_PASSWORD` or for the new one's length, 401, 429 */
  changePassword(
    token: string,
    form: {
      readonly currentPassword: string;
      readonly newPassword: string;
      readonly revokeOtherSessions?: boolean | undefined;
    },
    client: Client,
  ): Promise<SignIn>;
  /** The operator's way: sets it without knowing the old one, and ends all sessions. @throws AppError 404 without an account */
  setPassword(userId: string, password: string): Promise<void>;
  /** Undefined for users who came by another way (Firebase, a provider key). */
  profile(userId: string): Promise<AccountProfile | undefined>;
  updateProfile(
    userId: string,
    changes: { readonly name?: string | undefined; readonly image?: string | null | undefined },
  ): Promise<AccountProfile | undefined>;
  /** The profile with the apps' fields, as `user` stands in answers. */
  user(userId: string): Promise<AccountUser | undefined>;
  /** For apps, at their installation. */
  addUserFields(fields: UserFields): void;
  /** Removes the user from every app: rows, media, sessions and keys. */
  remove(userId: string): Promise<void>;
  close(): Promise<void>;
}
