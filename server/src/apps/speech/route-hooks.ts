import type { onRequestAsyncHookHandler } from 'fastify';

/** The hooks that the speech app's routes share. */
export interface RouteHooks {
  /** Spread into a route's options: only verified users pass. */
  readonly authenticated: { readonly onRequest: onRequestAsyncHookHandler };
}
