import type { MediaEntry, MediaStore } from './media-store.js';

/** Keeps media files in memory, for tests and for devices that must not keep anything. */
export function createMemoryMediaStore(): MediaStore {
  const files = new Map<string, { readonly entry: MediaEntry; readonly bytes: Uint8Array<ArrayBuffer> }>();
  return {
    put: async (entry, bytes) => {
      files.set(entry.key, { entry, bytes: bytes.slice() });
    },
    get: async (key) => files.get(key),
    note: async (key, note) => {
      const file = files.get(key);
      if (file) files.set(key, { ...file, entry: { ...file.entry, ...note } });
    },
    delete: async (keys) => keys.filter((key) => files.delete(key)),
    list: async () => [...files.values()].map(({ entry }) => entry),
    clear: async () => files.clear(),
    close: async () => undefined,
  };
}
