import { useSyncExternalStore } from 'react';

const everyMs = 30_000;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  now = Date.now();
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, everyMs);
  return () => clearInterval(timer);
}

/** The time, renewed twice a minute, so that "5 min" stays true. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
