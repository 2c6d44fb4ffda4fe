import type { onRequestAsyncHookHandler } from 'fastify';

/** What a route of this app puts before its handler. */
export interface RouteHooks {
  /** Lets verified users pass. */
  readonly authenticated: { readonly onRequest: onRequestAsyncHookHandler };
}

/** The small answer of calls of which the app looks at the status only. */
export const ok = { status: 'ok' } as const;
