import type { CachePolicy } from '../cache-policies.js';
import { mayFallBack, readThrough } from '../cache-policies.js';
import type { ConflictChoice } from '../conflicts/resolve.js';
import { resolveConflict } from '../conflicts/resolve.js';
import type { Environment } from '../environment.js';
import { EarshotError } from '../http/errors.js';
import type { Log } from '../log.js';
import { describeError } from '../log.js';
import { createRecord, deleteRecord, editRecord, retryRecord, revertRecord } from '../records/edits.js';
import type { StoredRecord } from '../records/record.js';
import { needsSync } from '../records/record.js';
import type { Signal, Unsubscribe } from '../signal.js';
import type { LocalStore, StoreReader } from '../stores/local-store.js';
import type { StoreChange } from '../stores/observed.js';
import { readSyncState } from '../sync/state.js';
import type { EntityType, EntityValue, EntityValues } from '../wire/entities.js';
import type { Local } from './local-entity.js';
import { presentRecord } from './local-entity.js';

export interface Listing<T> {
  readonly items: readonly T[];
  /** How many entities of this kind have something that the server does not have, deleted ones included. */
  readonly pendingCount: number;
}

export interface ReadOptions {
  readonly policy?: CachePolicy;
}

/** One kind of entity on this device. Writes are local and immediate; the server hears of them afterwards. */
export interface Repository<K extends EntityType, Create, Update> {
  /** @param filter applied to what is shown; entities that are being deleted never are */
  list(
    options?: ReadOptions & { readonly filter?: (item: Local<EntityValues[K]>) => boolean },
  ): Promise<Listing<Local<EntityValues[K]>>>;
  /** @throws EarshotError `notFound` */
  get(id: string, options?: ReadOptions): Promise<Local<EntityValues[K]>>;
  create(fields: Create): Promise<Local<EntityValues[K]>>;
  /** @throws EarshotError `notFound` */
  update(id: string, fields: Update): Promise<Local<EntityValues[K]>>;
  /** @throws EarshotError `notFound` */
  delete(id: string): Promise<void>;
  /** Tries a failed entity again. */
  retry(id: string): Promise<void>;
  /** Gives up what was changed here. */
  revert(id: string): Promise<void>;
  conflicts(): Promise<readonly Local<EntityValues[K]>[]>;
  /** @throws EarshotError `notFound` when there is no conflict (any more) */
  resolve(id: string, choice: ConflictChoice): Promise<void>;
  pendingCount(): Promise<number>;
  /** Calls back after each change of what `list` would answer. */
  subscribe(listener: () => void): Unsubscribe;
}

export interface RepositoryParts {
  readonly store: LocalStore;
  readonly environment: Environment;
  readonly log: Log;
  readonly changed: Signal<StoreChange>;
  /** Reads forward what the server has. @throws EarshotError when that was not possible */
  readonly refresh: () => Promise<void>;
  /** Something was written that the server should hear of. */
  readonly written: () => void;
}

export interface RepositoryRules<K extends EntityType> {
  readonly type: K;
  readonly policy: CachePolicy;
  /** Newest first, unless told otherwise. */
  readonly compare?: (a: Local<EntityValues[K]>, b: Local<EntityValues[K]>) => number;
  /** Kinds of entities that decide about what is shown, besides its own. */
  readonly alsoFollows?: readonly EntityType[];
  readonly hidden?: (tx: StoreReader) => Promise<(record: StoredRecord) => boolean>;
}

/** A refresh in the background is begun at most this often by reading. */
const BACKGROUND_REFRESH_MS = 30_000;

export function createRepository<
  K extends EntityType,
  Create extends EntityValue,
  Update extends EntityValue,
>(parts: RepositoryParts, rules: RepositoryRules<K>): Repository<K, Create, Update> {
  const { store, environment, log } = parts;
  const { type } = rules;
  type Item = Local<EntityValues[K]>;
  const compare =
    rules.compare ??
    ((a: Item, b: Item) =>
      a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1);
  let refreshedAt = Number.NEGATIVE_INFINITY;

  /** Undefined before the first sync, when nothing is here: then it is worth waiting for the server. */
  async function readList(
    filter: ((item: Item) => boolean) | undefined,
    always: boolean,
  ): Promise<Listing<Item> | undefined> {
    return await store.read(async (tx) => {
      const records = await tx.where('records', 'type', type);
      if (!always && records.length === 0 && (await readSyncState(tx)).lastSyncedAt === null)
        return undefined;
      const hidden = await rules.hidden?.(tx);
      const items = records
        .filter((record) => record.status !== 'pendingDelete' && !hidden?.(record))
        .map((record) => presentRecord<K>(record))
        .filter((item) => filter?.(item) ?? true)
        .sort(compare);
      return { items, pendingCount: records.filter(isPending).length };
    });
  }

  const readOne = (id: string): Promise<Item | undefined> =>
    store.read(async (tx) => {
      const record = await tx.get('records', id);
      const there = record?.type === type && record.status !== 'pendingDelete';
      return there ? presentRecord<K>(record) : undefined;
    });

  const failed = (error: unknown): void =>
    log('debug', 'repositories', 'refresh failed', { type, reason: describeError(error) });

  /** For `cacheFirst`, so that a screen that reads often does not sync often. */
  async function refreshFor(policy: CachePolicy): Promise<void> {
    const now = environment.now();
    if (policy === 'cacheFirst' && now - refreshedAt < BACKGROUND_REFRESH_MS) return;
    refreshedAt = now;
    await parts.refresh();
  }

  /** An optimistic write: the transaction is all that is waited for. */
  async function write<T>(work: Parameters<typeof store.write<T>>[0]): Promise<T> {
    const result = await store.write(work);
    parts.written();
    return result;
  }

  return {
    list: async ({ policy = rules.policy, filter } = {}) => {
      const all = async (): Promise<Listing<Item>> =>
        (await readList(filter, true)) ?? { items: [], pendingCount: 0 };
      const cached = (): Promise<Listing<Item> | undefined> => readList(filter, policy === 'cacheOnly');
      const fetched = async (): Promise<Listing<Item>> => {
        await refreshFor(policy).catch((error: unknown) => {
          // On a new device without a network there simply is nothing yet.
          if (policy === 'networkOnly' || !mayFallBack(error)) throw error;
          failed(error);
        });
        return await all();
      };
      return await readThrough(policy, { cached, fetched, failed });
    },
    get: async (id, { policy = rules.policy } = {}) => {
      const fetched = async (): Promise<Item> => {
        await refreshFor(policy);
        const item = await readOne(id);
        if (!item) throw new EarshotError('notFound');
        return item;
      };
      return await readThrough(policy, { cached: () => readOne(id), fetched, failed });
    },
    create: async (fields) =>
      presentRecord<K>(await write((tx) => createRecord(tx, environment, type, fields))),
    update: async (id, fields) =>
      presentRecord<K>(await write((tx) => editRecord(tx, environment, type, id, fields))),
    delete: (id) => write((tx) => deleteRecord(tx, environment, type, id)),
    retry: (id) => write((tx) => retryRecord(tx, environment, id)),
    revert: (id) => store.write((tx) => revertRecord(tx, id)),
    conflicts: async () => {
      const records = await store.read((tx) => tx.where('records', 'type', type));
      return records.filter(({ status }) => status === 'conflict').map((record) => presentRecord<K>(record));
    },
    resolve: (id, choice) => write((tx) => resolveConflict(tx, environment, id, choice)),
    pendingCount: async () =>
      (await store.read((tx) => tx.where('records', 'type', type))).filter(isPending).length,
    subscribe: (listener) => {
      const followed = [type, ...(rules.alsoFollows ?? [])];
      return parts.changed.subscribe(({ types }) => {
        if (followed.some((each) => types.has(each))) listener();
      });
    },
  };
}

const isPending = (record: StoredRecord): boolean => needsSync(record) || record.pendingPlays > 0;
