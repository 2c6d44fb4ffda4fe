import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { request } from './request.ts';

/** Who is signed in at this server, in every app of it. */
export interface AccountUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** Asks with this browser's session, which is a cookie that scripts cannot read. */
export const askAsAccount = (path: string, init: RequestInit = {}): Promise<Response> =>
  request(path, { credentials: 'same-origin', ...init });

/** The same with a JSON body. */
export const sendAsAccount = (method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Response> =>
  askAsAccount(path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

export async function readAsAccount<T>(path: string, signal: AbortSignal): Promise<T> {
  return (await (await askAsAccount(path, { signal, cache: 'no-store' })).json()) as T;
}

const MARK = 'earshot.signed-in';

function note(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(MARK, 'yes');
    else localStorage.removeItem(MARK);
  } catch {
    // Without storage the page shows the welcome for a moment.
  }
}

/** Whether somebody was signed in when this browser last asked: a guess until the server has answered. */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(MARK) !== null;
  } catch {
    return false;
  }
}

/** Null for nobody. */
export const accountUser = queryOptions({
  queryKey: ['account', 'user'],
  queryFn: async ({ signal }) => {
    const session = await readAsAccount<{ readonly user?: AccountUser } | null>(
      '/api/auth/get-session',
      signal,
    );
    note(session?.user !== undefined);
    return session?.user ?? null;
  },
  staleTime: 60_000,
});

/** Nobody is signed in any more: what was read for the account goes. */
export function forgetAccount(queries: QueryClient): void {
  note(false);
  queries.setQueryData(accountUser.queryKey, null);
  const kept: readonly unknown[] = ['server', 'health'];
  queries.removeQueries({
    predicate: ({ queryKey }) => !kept.includes(queryKey[0]) && queryKey[1] !== 'user',
  });
}
