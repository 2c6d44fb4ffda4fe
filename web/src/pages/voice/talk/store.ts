import { reduce, type Talk, type TalkEvent } from './talk.ts';

/** Holds the talk; React reads it by `useSyncExternalStore`. */
export interface TalkStore {
  readonly get: () => Talk;
  readonly dispatch: (event: TalkEvent) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createTalkStore(first: Talk): TalkStore {
  let talk = first;
  const listeners = new Set<() => void>();
  return {
    get: () => talk,
    dispatch: (event) => {
      const next = reduce(talk, event);
      if (next === talk) return;
      talk = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
