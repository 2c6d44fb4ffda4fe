import type { Table, Transaction } from 'dexie';
import { Dexie } from 'dexie';
import type {
  CollectionName,
  Collections,
  IndexName,
  LocalStore,
  StoreReader,
  StoreTransaction,
} from './local-store.js';
import { COLLECTIONS, clearCollections, STORE_INDEXES } from './local-store.js';

export { createDexieMediaStore } from './dexie-media.js';

export interface DexieStoreOptions {
  /** Name of the IndexedDB database. */
  readonly name?: string;
  /** Given where the platform has none of its own, or by tests. */
  readonly indexedDB?: IDBFactory;
  readonly IDBKeyRange?: typeof IDBKeyRange;
}

/** Keeps everything in IndexedDB; several tabs may have it open. */
export function createDexieStore(options: DexieStoreOptions = {}): LocalStore {
  const database = new Dexie(options.name ?? 'earshot', {
    // Written through to the disk: what the user was told is kept survives a power cut as well.
    chromeTransactionDurability: 'strict',
    ...(options.indexedDB && { indexedDB: options.indexedDB }),
    ...(options.IDBKeyRange && { IDBKeyRange: options.IDBKeyRange }),
  });
  const schema = COLLECTIONS.map((name) => [name, ['id', ...STORE_INDEXES[name]].join(',')] as const);
  database.version(1).stores(Object.fromEntries(schema));

  const run = <T>(mode: 'r' | 'rw', work: (tx: StoreTransaction) => Promise<T>): Promise<T> =>
    Promise.resolve(database.transaction(mode, [...COLLECTIONS], (tx) => work(transactionOver(tx))));

  const write: LocalStore['write'] = (work) => run('rw', work);
  return {
    read: <T>(work: (tx: StoreReader) => Promise<T>) => run('r', work),
    write,
    wipe: () => clearCollections({ write }),
    close: async () => database.close(),
  };
}

function transactionOver(tx: Transaction): StoreTransaction {
  const table = <C extends CollectionName>(collection: C): Table<Collections[C], string> =>
    tx.table<Collections[C], string>(collection);
  return {
    get: async (collection, id) => await table(collection).get(id),
    all: async (collection) => await table(collection).orderBy('id').toArray(),
    where: async <C extends CollectionName>(collection: C, index: IndexName<C>, value: string) =>
      await table(collection)
        .where(index as string)
        .equals(value)
        .sortBy('id'),
    put: async (collection, row) => {
      await table(collection).put(row);
    },
    delete: async (collection, id) => {
      await table(collection).delete(id);
    },
    clear: async (collection) => {
      await table(collection).clear();
    },
  };
}
