import type { LocalStore } from './local-store.js';
import { clearCollections } from './local-store.js';
import { createTablesStore, Tables } from './tables.js';

/** Keeps everything in memory, for tests and for devices that must not keep anything. */
export function createMemoryStore(): LocalStore {
  const store = createTablesStore(new Tables(), async () => undefined);
  return { ...store, wipe: () => clearCollections(store), close: async () => undefined };
}
