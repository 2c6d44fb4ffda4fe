import type { SessionAnswer, User } from '../wire/account.js';

/** Who is signed in, as it is kept on the device. */
export interface Session {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly user: User;
}

/** Life of a session (contract §2.3). */
export const SESSION_LIFETIME_MS = 30 * 24 * 3_600_000;
/** How long before its end a session is refreshed. */
export const REFRESH_BEFORE_END_MS = 5 * 60_000;

/**
 * The session an answer of sign-up, sign-in or refresh speaks of, wherever it puts the parts; null when one is missing.
 * `session.id` is never taken for a token.
 *
 * @param former filled in for what a refresh leaves out
 */
export function sessionOf(answer: SessionAnswer | null, now: number, former?: Session): Session | null {
  const session = answer?.session ?? answer?.data?.session;
  const token = session?.token ?? answer?.token ?? former?.token;
  const user = answer?.user ?? answer?.data?.user ?? former?.user;
  if (token === undefined || user === undefined) return null;
  const told = session?.expiresAt === undefined ? Number.NaN : Date.parse(session.expiresAt);
  return { token, user, expiresAt: Number.isFinite(told) ? told : now + SESSION_LIFETIME_MS };
}
