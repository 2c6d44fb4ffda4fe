import { useSyncExternalStore } from 'react';

/** Who listens here. The key stays in this browser's storage until sign-out, and nowhere else. */
export interface Session {
  /** Empty for an account, whose session is a cookie. */
  readonly key: string;
  readonly token: string;
  readonly userId: string;
  /** `made`: this page invented the key, so nobody has it written down yet. */
  readonly origin: 'pasted' | 'made' | 'account';
  /** Of an account. */
  readonly email?: string;
}

interface Standing {
  readonly session: Session | null;
  /** Why the last session ended, when that was not the reader's wish. */
  readonly endedBecause: string | null;
}

const storageKey = 'earshot.speech.session';
const listeners = new Set<() => void>();

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false;
  const parts = value as Record<string, unknown>;
  const isGiven = (part: unknown) => typeof part === 'string' && part !== '';
  return (
    isGiven(parts.userId) && (parts.origin === 'account' || (isGiven(parts.key) && isGiven(parts.token)))
  );
}

function stored(): Session | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null');
    return isSession(value) ? value : null;
  } catch {
    return null;
  }
}

let standing: Standing = { session: stored(), endedBecause: null };

function publish(next: Standing): void {
  standing = next;
  for (const listener of listeners) listener();
}

// Another tab signed in or out.
addEventListener('storage', (event) => {
  if (event.key === storageKey || event.key === null) publish({ session: stored(), endedBecause: null });
});

export function currentSession(): Session | null {
  return standing.session;
}

/** Keeps the session for the next visit too, where the browser allows storage. */
export function beginSession(session: Session): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(session));
  } catch {
    // Without storage the session lasts until the page is closed.
  }
  publish({ session, endedBecause: null });
}

/** Forgets key and token; `because` is shown on the sign-in form. */
export function endSession(because: string | null = null): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept, then.
  }
  publish({ session: null, endedBecause: because });
}

export function useStanding(): Standing {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => standing,
  );
}

/** A key nobody else has: `sk-` and 24 random bytes in hexadecimal. */
export function makeKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return `sk-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
