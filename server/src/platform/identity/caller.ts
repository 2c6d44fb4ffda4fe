import type { FastifyRequest } from 'fastify';

/** Who is calling, set only from a verified credential. */
export interface Caller {
  readonly userId: string;
  /** Which kind of credential vouched, for example `speech-token`. */
  readonly via: string;
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
