import {
  type AuthState,
  createEarshotClient,
  type EarshotClient,
  type NetworkState,
  type SyncStatusReport,
} from '@earshot/client';
import { createDexieMediaStore, createDexieStore } from '@earshot/client/dexie';
import { createContext, use, useEffect, useLayoutEffect, useRef, useState } from 'react';

const DATABASE = 'earshot-stories';

/** One client for the page, on this browser's own database, which all its tabs share. */
export function openClient(): EarshotClient {
  return createEarshotClient({
    baseUrl: location.origin,
    store: createDexieStore({ name: DATABASE }),
    mediaStore: createDexieMediaStore({ name: DATABASE }),
    tabs: DATABASE,
  });
}

const ClientContext = createContext<EarshotClient | null>(null);
export const ClientProvider = ClientContext.Provider;

export function useClient(): EarshotClient {
  const client = use(ClientContext);
  if (!client) throw new Error('useClient is for what is inside of ClientProvider');
  return client;
}

/** A value that somebody else owns and tells changes of. */
export function useWatched<T>(read: () => T, subscribe: (listener: () => void) => () => void): T {
  const [value, setValue] = useState(read);
  const latest = useRef({ read, subscribe });
  useLayoutEffect(() => {
    latest.current = { read, subscribe };
  });
  useEffect(() => {
    const take = (): void => setValue(latest.current.read());
    // It may have changed between the first render and now.
    take();
    return latest.current.subscribe(take);
  }, []);
  return value;
}

export function useAuth(): AuthState {
  const { auth } = useClient();
  return useWatched(auth.state, auth.subscribe);
}

export function useNetwork(): NetworkState {
  const { network } = useClient();
  return useWatched(network.state, network.subscribe);
}

export function useSyncStatus(): SyncStatusReport {
  const { sync } = useClient();
  return useWatched(sync.status, sync.subscribe);
}

export interface Live<T> {
  /** Undefined until it was read for the first time. */
  readonly data: T | undefined;
  readonly error: unknown;
}

/**
 * Something read from the device's database, read again after each change of it, by whichever tab or device.
 *
 * @param key says what is read: another key drops what was read before
 */
export function useLive<T>(key: string, read: (client: EarshotClient) => Promise<T>): Live<T> {
  const client = useClient();
  const latest = useRef(read);
  useLayoutEffect(() => {
    latest.current = read;
  });
  const [state, setState] = useState<Live<T> & { readonly key: string }>({
    key,
    data: undefined,
    error: null,
  });
  useEffect(() => {
    let isOver = false;
    let isReading = false;
    let isStale = false;
    const take = async (): Promise<void> => {
      isStale = true;
      if (isReading) return;
      isReading = true;
      while (isStale && !isOver) {
        isStale = false;
        try {
          const data = await latest.current(client);
          if (!isOver) setState({ key, data, error: null });
        } catch (error) {
          if (!isOver)
            setState((former) => ({ key, data: former.key === key ? former.data : undefined, error }));
        }
      }
      isReading = false;
    };
    void take();
    const leave = client.onChange(({ collections }) => {
      // Notes to itself, such as how far somebody has listened, change nothing that is shown.
      if ([...collections].some((collection) => collection !== 'settings')) void take();
    });
    return () => {
      isOver = true;
      leave();
    };
  }, [client, key]);
  return state.key === key ? state : { data: undefined, error: null };
}
