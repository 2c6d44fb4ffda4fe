import { defaultErrorBody, type ErrorBody } from '../../http/error-body.js';
import type { AppError } from '../../http/errors.js';
import { isoInstant } from '../../http/timestamps.js';
import type { AccountSession, SignIn } from './accounts.js';

/** `session` as clients read it; without the token where only its owner's list is shown. */
export const presentSession = (session: AccountSession) => ({
  id: session.id,
  userId: session.userId,
  expiresAt: isoInstant(session.expiresAt),
  createdAt: isoInstant(session.createdAt),
  updatedAt: isoInstant(session.updatedAt),
  ipAddress: session.ipAddress,
  userAgent: session.userAgent,
});

/** `get-session`: exactly these two. */
export const presentCurrent = ({ session, token, user }: SignIn) => ({
  session: { ...presentSession(session), token },
  user,
});

/** Every place where one of the clients, old or new, looks for its token and its user (contract stories §2.2). */
export const presentSignIn = (signIn: SignIn) => {
  const data = presentCurrent(signIn);
  return { redirect: false, token: signIn.token, ...data, data };
};

/** The default body; a refusal for too many attempts also says in all the usual ways when to come again. */
export function presentError(error: AppError): ErrorBody & Readonly<Record<string, unknown>> {
  const body = defaultErrorBody(error);
  if (error.statusCode !== 429) return { ...body };
  const seconds = error.retryAfterSeconds ?? 60;
  // Without a fraction: the app's parser of this one string takes none (contract stories §1).
  const resetAt = `${isoInstant(Date.now() + seconds * 1_000).slice(0, 19)}Z`;
  return { ...body, ...error.details, remaining: 0, resetAt };
}
