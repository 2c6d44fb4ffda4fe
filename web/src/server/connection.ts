import { useSyncExternalStore } from 'react';

/** `offline`: the device has no network. `unreachable`: it has one, but this server does not answer. */
export type Connection = 'online' | 'offline' | 'unreachable';

let answering = true;
const listeners = new Set<() => void>();

/** Told by whoever talks to the server: did it answer at all, whatever it said? */
export function reportAnswer(answered: boolean): void {
  if (answering === answered) return;
  answering = answered;
  for (const listener of listeners) listener();
}

function read(): Connection {
  if (!navigator.onLine) return 'offline';
  return answering ? 'online' : 'unreachable';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
}

/** Whether the server can be asked now; re-renders when that changes. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, read);
}
