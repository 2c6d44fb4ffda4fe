import type { Unsubscribe } from '../signal.js';
import { createSignal } from '../signal.js';

export type NetworkInterface = 'wifi' | 'cellular' | 'wired' | 'unknown' | 'none';

export interface NetworkState {
  readonly connected: boolean;
  readonly interface: NetworkInterface;
}

/** The port that tells whether there is a network. */
export interface NetworkMonitor {
  state(): NetworkState;
  subscribe(listener: (state: NetworkState) => void): Unsubscribe;
}

/** Calls back each time the network comes back. */
export function onNetworkRestored(monitor: NetworkMonitor, restored: () => void): Unsubscribe {
  let before = monitor.state().connected;
  return monitor.subscribe(({ connected }) => {
    const came = connected && !before;
    before = connected;
    if (came) restored();
  });
}

export interface ManualNetwork extends NetworkMonitor {
  /** The app, or a test, says how it is. */
  set(state: Partial<NetworkState>): void;
}

/** For React Native and desktop apps, which hear of the network in their own ways, and for tests. */
export function createManualNetwork(
  initial: NetworkState = { connected: true, interface: 'unknown' },
): ManualNetwork {
  const changed = createSignal<NetworkState>();
  let state = initial;
  return {
    state: () => state,
    subscribe: changed.subscribe,
    set: (next) => {
      const connected = next.connected ?? state.connected;
      const former = state.interface === 'none' ? 'unknown' : state.interface;
      const via = connected ? (next.interface ?? former) : 'none';
      if (connected === state.connected && via === state.interface) return;
      state = { connected, interface: via };
      changed.emit(state);
    },
  };
}
