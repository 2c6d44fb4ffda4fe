import type { GenerationIntent } from '../generation/intents.js';
import type { ListeningReport } from '../listening/report.js';
import type { Operation } from '../queue/operation.js';
import type { StoredRecord } from '../records/record.js';

/** A value by name: cursor, device id, session, cached answers. */
export interface Setting {
  readonly id: string;
  readonly value: unknown;
}

/** What is kept, by collection. Rows are plain JSON with a unique `id`; they are replaced, never changed in place. */
export interface Collections {
  readonly records: StoredRecord;
  readonly operations: Operation;
  readonly listening: ListeningReport;
  readonly intents: GenerationIntent;
  readonly settings: Setting;
}
export type CollectionName = keyof Collections;

/** Text fields by which rows can be found. */
export const STORE_INDEXES = {
  records: ['type', 'serverKey'],
  operations: ['recordId'],
  listening: [],
  intents: [],
  settings: [],
} as const satisfies Record<CollectionName, readonly string[]>;
export type IndexName<C extends CollectionName> = (typeof STORE_INDEXES)[C][number];
export const COLLECTIONS = Object.keys(STORE_INDEXES) as readonly CollectionName[];

/** Looking at one consistent state of the store. */
export interface StoreReader {
  get<C extends CollectionName>(collection: C, id: string): Promise<Collections[C] | undefined>;
  /** All rows, ordered by id. */
  all<C extends CollectionName>(collection: C): Promise<readonly Collections[C][]>;
  /** The rows whose indexed field has this value, ordered by id. */
  where<C extends CollectionName>(
    collection: C,
    index: IndexName<C>,
    value: string,
  ): Promise<readonly Collections[C][]>;
}

export interface StoreTransaction extends StoreReader {
  put<C extends CollectionName>(collection: C, row: Collections[C]): Promise<void>;
  delete(collection: CollectionName, id: string): Promise<void>;
  clear(collection: CollectionName): Promise<void>;
}

/**
 * The store port. Transactions are atomic and isolated; what `write` resolved with survives the end of the process (in the
 * adapters that outlive it). Inside `work` nothing but the transaction's own methods may be awaited, since IndexedDB
 * commits as soon as it is left alone, and no other transaction may be started.
 */
export interface LocalStore {
  read<T>(work: (tx: StoreReader) => Promise<T>): Promise<T>;
  /** Nothing is kept when `work` throws. */
  write<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
  /** Removes everything, so that nothing of it can be read from the device afterwards. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/** Removes every row, in one transaction. */
export const clearCollections = (store: Pick<LocalStore, 'write'>): Promise<void> =>
  store.write(async (tx) => {
    for (const collection of COLLECTIONS) await tx.clear(collection);
  });
