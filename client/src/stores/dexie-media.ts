import type { Table } from 'dexie';
import { Dexie } from 'dexie';
import type { DexieStoreOptions } from './dexie.js';
import type { MediaEntry, MediaStore } from './media-store.js';

interface StoredFile {
  readonly key: string;
  readonly bytes: ArrayBuffer;
}

/** Keeps media files in an IndexedDB database of their own; several tabs may have it open. */
export function createDexieMediaStore(options: DexieStoreOptions = {}): MediaStore {
  const database = new Dexie(`${options.name ?? 'earshot'}-media`, {
    ...(options.indexedDB && { indexedDB: options.indexedDB }),
    ...(options.IDBKeyRange && { IDBKeyRange: options.IDBKeyRange }),
  });
  // Apart, so that what is there can be listed without reading its bytes.
  database.version(1).stores({ entries: 'key', files: 'key' });
  const entries: Table<MediaEntry, string> = database.table('entries');
  const files: Table<StoredFile, string> = database.table('files');
  const write = <T>(work: () => Promise<T>): Promise<T> =>
    Promise.resolve(database.transaction('rw', entries, files, work));

  return {
    put: (entry, bytes) =>
      write(async () => {
        await files.put({ key: entry.key, bytes: bytes.slice().buffer });
        await entries.put(entry);
      }),
    get: async (key) => {
      const found = await database.transaction('r', entries, files, async () => {
        const entry = await entries.get(key);
        return entry && { entry, file: await files.get(key) };
      });
      return found?.file && { entry: found.entry, bytes: new Uint8Array(found.file.bytes) };
    },
    note: async (key, note) => {
      await entries.update(key, note);
    },
    delete: (keys) =>
      write(async () => {
        const there = (await entries.bulkGet([...keys])).flatMap((entry) => (entry ? [entry.key] : []));
        await entries.bulkDelete(there);
        await files.bulkDelete(there);
        return there;
      }),
    list: async () => await entries.toArray(),
    clear: () =>
      write(async () => {
        await entries.clear();
        await files.clear();
      }),
    close: async () => database.close(),
  };
}
