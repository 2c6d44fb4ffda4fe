import { createSignal } from '../signal.js';
import type { NetworkInterface, NetworkMonitor, NetworkState } from './monitor.js';

/** What `navigator.connection` tells in browsers that have it. */
interface Connection extends EventTarget {
  readonly type?: string;
}

const INTERFACES: Readonly<Record<string, NetworkInterface>> = {
  wifi: 'wifi',
  cellular: 'cellular',
  ethernet: 'wired',
  none: 'none',
};

/** Follows `navigator.onLine` and the events of the window. */
export function createBrowserNetwork(): NetworkMonitor & { stop(): void } {
  const connection = (navigator as Navigator & { readonly connection?: Connection }).connection;
  const read = (): NetworkState => ({
    connected: navigator.onLine,
    interface: navigator.onLine ? (INTERFACES[connection?.type ?? ''] ?? 'unknown') : 'none',
  });
  const changed = createSignal<NetworkState>();
  const tell = (): void => changed.emit(read());
  globalThis.addEventListener('online', tell);
  globalThis.addEventListener('offline', tell);
  connection?.addEventListener('change', tell);
  return {
    state: read,
    subscribe: changed.subscribe,
    stop: () => {
      globalThis.removeEventListener('online', tell);
      globalThis.removeEventListener('offline', tell);
      connection?.removeEventListener('change', tell);
    },
  };
}
