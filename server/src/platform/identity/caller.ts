import type { FastifyRequest } from 'fastify';

/** Which kind of credential vouched for a caller. */
export type CredentialKind =
  /** The speech app's JSON Web Token. */
  | 'session-token'
  /** An e-mail account's session, by bearer token or cookie. */
  | 'account-session'
  | 'firebase'
  | 'api-key'
  /** The operator's ADMIN_KEY, acting for a user. */
  | 'admin-key'
  /** LOCAL_DEVELOPMENT. */
  | 'local-development';

/** What Firebase says about its user. */
export interface FirebaseProfile {
  readonly uid: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  readonly picture: string | null;
  /** For example `google.com`, `apple.com`, `anonymous`. */
  readonly signInProvider: string | null;
}

/** Who is calling, set only from a verified credential. */
export interface Caller {
  readonly userId: string;
  readonly via: CredentialKind;
  /** Of an account session. */
  readonly sessionId?: string;
  /** Of an API key. */
  readonly apiKey?: { readonly id: string; readonly kind: string; readonly scopes: readonly string[] };
  /** Of a Firebase token. */
  readonly firebase?: FirebaseProfile;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/**
 * The caller of a request behind an authentication hook.
 *
 * @throws Error when the route has no such hook: a mistake of ours, told as a 500
 */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller)
    throw new Error(`Route ${request.routeOptions.url} asks who is calling but never checked.`);
  return request.caller;
}

const BEARER = /^bearer +(\S+)$/i;

/** The credential of an `Authorization: Bearer …` header in any case, or null. */
export const bearerToken = (header: string | undefined): string | null =>
  BEARER.exec(header ?? '')?.[1] ?? null;

/** The value of one cookie in a `Cookie` header, as it was sent, or null. */
export function cookieNamed(name: string, header: string | undefined): string | null {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim() || null;
  }
  return null;
}
