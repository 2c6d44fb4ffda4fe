import { createContext, use, useRef, useSyncExternalStore } from 'react';
import type { InboxState, InboxStore } from './store.ts';

export const InboxContext = createContext<InboxStore | null>(null);

export function useInbox(): InboxStore {
  const store = use(InboxContext);
  if (!store) throw new Error('useInbox needs an InboxContext');
  return store;
}

/** A part of the inbox's state. `select` must return the same value for the same state. */
export function useInboxState<T>(select: (state: InboxState) => T): T {
  const store = useInbox();
  const last = useRef<{ readonly state: InboxState; readonly select: unknown; readonly value: T } | null>(
    null,
  );
  return useSyncExternalStore(store.subscribe, () => {
    const state = store.state();
    const known = last.current;
    if (known && known.state === state && known.select === select) return known.value;
    const value = select(state);
    last.current = { state, select, value };
    return value;
  });
}
