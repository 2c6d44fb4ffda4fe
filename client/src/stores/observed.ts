import type { Signal } from '../signal.js';
import type { EntityType } from '../wire/entities.js';
import { ENTITY_TYPES } from '../wire/entities.js';
import type { CollectionName, Collections, LocalStore, StoreTransaction } from './local-store.js';
import { COLLECTIONS } from './local-store.js';

/** What a transaction touched; told after its commit. */
export interface StoreChange {
  readonly collections: ReadonlySet<CollectionName>;
  /** Kinds of entities whose records changed. */
  readonly types: ReadonlySet<EntityType>;
}

/** The same store, which tells of its changes. */
export function observeStore(store: LocalStore, changed: Signal<StoreChange>): LocalStore {
  return {
    ...store,
    wipe: async () => {
      await store.wipe();
      changed.emit({ collections: new Set(COLLECTIONS), types: new Set(ENTITY_TYPES) });
    },
    write: async (work) => {
      const collections = new Set<CollectionName>();
      const types = new Set<EntityType>();
      const note = (collection: CollectionName, row: Collections[CollectionName] | undefined): void => {
        collections.add(collection);
        if (collection === 'records' && row && 'type' in row) types.add(row.type);
      };
      const result = await store.write((tx) => {
        const watched: StoreTransaction = {
          get: (...asked) => tx.get(...asked),
          all: (...asked) => tx.all(...asked),
          where: (...asked) => tx.where(...asked),
          put: (collection, row) => {
            note(collection, row);
            return tx.put(collection, row);
          },
          delete: async (collection, id) => {
            note(collection, collection === 'records' ? await tx.get(collection, id) : undefined);
            await tx.delete(collection, id);
          },
          clear: async (collection) => {
            for (const row of await tx.all(collection)) note(collection, row);
            await tx.clear(collection);
          },
        };
        return work(watched);
      });
      if (collections.size > 0) changed.emit({ collections, types });
      return result;
    },
  };
}
