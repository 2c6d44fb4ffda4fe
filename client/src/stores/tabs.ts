import type { Signal, Unsubscribe } from '../signal.js';
import type { StoreChange } from './observed.js';

/**
 * Lets the tabs of one browser, which share one IndexedDB, hear of each other's changes.
 *
 * @param heard told of another tab's changes only, before everybody else is
 */
export function shareChanges(
  name: string,
  changed: Signal<StoreChange>,
  heard: (change: StoreChange) => void,
): Unsubscribe {
  if (typeof BroadcastChannel === 'undefined') return () => undefined;
  const channel = new BroadcastChannel(name);
  let hearing = false;
  const leave = changed.subscribe((change) => {
    if (!hearing) channel.postMessage(change);
  });
  channel.onmessage = ({ data }: MessageEvent<StoreChange>) => {
    heard(data);
    hearing = true;
    changed.emit(data);
    hearing = false;
  };
  return () => {
    leave();
    channel.close();
  };
}

/** Runs `work` in one tab at a time; null when another tab is at it. Without the Web Locks API it just runs. */
export async function inOneTab<T>(name: string, work: () => Promise<T>): Promise<T | null> {
  const locks = typeof navigator === 'undefined' ? undefined : navigator.locks;
  if (!locks) return await work();
  return await locks.request(name, { ifAvailable: true }, async (lock) => (lock ? await work() : null));
}
