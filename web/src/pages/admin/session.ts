import { useSyncExternalStore } from 'react';
import { request, ServerRefusal } from '../../server/request.ts';

export type Role = 'OWNER' | 'ADMIN' | 'AGENT';

export interface Operator {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly app_id: string;
}

/** What signing in, signing up and accepting an invitation answer (contract §10.1). */
export interface SessionAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly user: Operator;
}

interface Standing {
  readonly operator: Operator | null;
  /** Why the last session ended, when that was not the operator's wish. */
  readonly endedBecause: string | null;
}

interface Stored {
  readonly refreshToken: string;
  readonly operator: Operator;
}

interface AccessToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const storageKey = 'earshot.support.session';
/** A token that ends sooner is renewed before it is used (contract §10.1). */
const renewBeforeMs = 60_000;
const standingListeners = new Set<() => void>();
const tokenListeners = new Set<(token: string) => void>();

let access: AccessToken | null = null;
/** The same as in storage, for browsers that forbid it. */
let kept: Stored | null = null;
let renewal: Promise<string> | null = null;

function stored(): Stored | null {
  try {
    const value = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as Stored | null;
    return value?.refreshToken && value.operator?.id ? value : null;
  } catch {
    return kept;
  }
}

function store(session: Stored | null): void {
  kept = session;
  try {
    if (session) localStorage.setItem(storageKey, JSON.stringify(session));
    else localStorage.removeItem(storageKey);
  } catch {
    // Without storage the session lasts until the page is closed.
  }
}

let standing: Standing = { operator: stored()?.operator ?? null, endedBecause: null };

function publish(next: Standing): void {
  standing = next;
  for (const listener of standingListeners) listener();
}

// Another tab signed in or out; its refreshed tokens are read when they are needed.
addEventListener('storage', ({ key }) => {
  if (key !== storageKey && key !== null) return;
  const operator = stored()?.operator ?? null;
  if (JSON.stringify(operator) === JSON.stringify(standing.operator)) return;
  if (operator?.id !== standing.operator?.id) access = null;
  publish({ operator, endedBecause: null });
});

/** What the page may read from its own access token; the server alone decides by it. */
function claimsOf(token: string): { readonly exp: number; readonly role?: Role; readonly email?: string } {
  const payload = token.split('.')[1] ?? '';
  const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (char) =>
    char.charCodeAt(0),
  );
  return JSON.parse(new TextDecoder().decode(bytes));
}

function take(answer: Omit<SessionAnswer, 'user'>, operator: Operator): string {
  const { exp, role, email } = claimsOf(answer.access_token);
  access = { token: answer.access_token, expiresAt: exp * 1_000 };
  const current = { ...operator, role: role ?? operator.role, email: email ?? operator.email };
  store({ refreshToken: answer.refresh_token, operator: current });
  if (JSON.stringify(current) !== JSON.stringify(standing.operator) || standing.endedBecause) {
    publish({ operator: current, endedBecause: null });
  }
  for (const listener of tokenListeners) listener(answer.access_token);
  return answer.access_token;
}

export function beginSession(answer: SessionAnswer): void {
  take(answer, answer.user);
}

/** Forgets the tokens; `because` is shown on the sign-in form. The address stays, and with it the place. */
export function endSession(because: string | null = null): void {
  access = null;
  store(null);
  publish({ operator: null, endedBecause: because });
}

export function postJson(body: unknown, method = 'POST'): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Signs out here and on the server. */
export async function signOut(): Promise<void> {
  const refreshToken = stored()?.refreshToken;
  endSession();
  if (refreshToken) await request('/admin/auth/logout', postJson({ refresh_token: refreshToken }));
}

async function renewNow(): Promise<string> {
  const session = stored();
  if (!session) throw new ServerRefusal('You are signed out.', 401, 'SIGNED_OUT', null);
  try {
    const answer = await request('/admin/auth/refresh', postJson({ refresh_token: session.refreshToken }));
    return take((await answer.json()) as SessionAnswer, session.operator);
  } catch (error) {
    if (error instanceof ServerRefusal && (error.status === 401 || error.status === 403))
      endSession(error.message);
    throw error;
  }
}

/** One tab at a time, because a refresh token is used once. */
function renew(): Promise<string> {
  renewal ??= (navigator.locks ? navigator.locks.request('earshot.support.refresh', renewNow) : renewNow())
    .then((token) => token)
    .finally(() => {
      renewal = null;
    });
  return renewal;
}

/**
 * A token that is good for at least a minute.
 *
 * @throws ServerRefusal (the session has then ended) or NoAnswer
 */
export function accessToken(): Promise<string> {
  const isFresh = access !== null && access.expiresAt - Date.now() > renewBeforeMs;
  return isFresh && access ? Promise.resolve(access.token) : renew();
}

/** The server did not take this token: it is not shown again. */
export function rejectToken(token: string): void {
  if (access?.token === token) access = null;
}

/** Calls with every new access token; returns how to stop. */
export function onToken(listener: (token: string) => void): () => void {
  tokenListeners.add(listener);
  return () => tokenListeners.delete(listener);
}

export function useStanding(): Standing {
  return useSyncExternalStore(
    (listener) => {
      standingListeners.add(listener);
      return () => standingListeners.delete(listener);
    },
    () => standing,
  );
}

/** Owners and administrators manage; agents see and answer (contract §10.2). */
export const manages = (operator: Operator): boolean => operator.role !== 'AGENT';
