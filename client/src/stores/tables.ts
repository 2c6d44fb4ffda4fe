import type { CollectionName, Collections, StoreReader, StoreTransaction } from './local-store.js';
import { COLLECTIONS, STORE_INDEXES } from './local-store.js';

type Row = Collections[CollectionName];

/** One change of a row; a null row was deleted. */
export interface RowChange {
  readonly collection: CollectionName;
  readonly id: string;
  readonly row: Row | null;
}

/** Rows in memory with their indexes: the ground that the memory and the file store stand on. */
export class Tables {
  readonly #rows = new Map<CollectionName, Map<string, Row>>();
  /** Collection and index name, then value, then ids. */
  readonly #indexes = new Map<string, Map<string, Set<string>>>();

  constructor() {
    for (const collection of COLLECTIONS) this.#rows.set(collection, new Map());
  }

  get(collection: CollectionName, id: string): Row | undefined {
    return this.#table(collection).get(id);
  }

  ids(collection: CollectionName): Iterable<string> {
    return this.#table(collection).keys();
  }

  idsWhere(collection: CollectionName, index: string, value: string): Iterable<string> {
    return this.#indexes.get(`${collection}.${index}`)?.get(value) ?? [];
  }

  apply(change: RowChange): void {
    const table = this.#table(change.collection);
    this.#unlist(change.collection, change.id);
    if (change.row === null) {
      table.delete(change.id);
      return;
    }
    table.set(change.id, change.row);
    for (const index of STORE_INDEXES[change.collection]) {
      const value = fieldOf(change.row, index);
      if (value === undefined) continue;
      const name = `${change.collection}.${index}`;
      const byValue = this.#indexes.get(name) ?? new Map<string, Set<string>>();
      this.#indexes.set(name, byValue);
      byValue.set(value, (byValue.get(value) ?? new Set()).add(change.id));
    }
  }

  /** Every row, as changes that make an empty store equal to this one. */
  *changes(): Iterable<RowChange> {
    for (const [collection, table] of this.#rows) {
      for (const [id, row] of table) yield { collection, id, row };
    }
  }

  #table(collection: CollectionName): Map<string, Row> {
    const table = this.#rows.get(collection);
    if (!table) throw new RangeError(`There is no collection ${collection}.`);
    return table;
  }

  #unlist(collection: CollectionName, id: string): void {
    const former = this.#table(collection).get(id);
    if (!former) return;
    for (const index of STORE_INDEXES[collection]) {
      const value = fieldOf(former, index);
      const byValue = this.#indexes.get(`${collection}.${index}`);
      if (value === undefined || !byValue) continue;
      byValue.get(value)?.delete(id);
      if (byValue.get(value)?.size === 0) byValue.delete(value);
    }
  }
}

function fieldOf(row: Row, name: string): string | undefined {
  const value = (row as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** A transaction over {@link Tables}: its writes are held back until they are asked for. */
export class TablesTransaction implements StoreTransaction {
  readonly #tables: Tables;
  readonly #held = new Map<string, RowChange>();

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  get changes(): readonly RowChange[] {
    return [...this.#held.values()];
  }

  async get<C extends CollectionName>(collection: C, id: string): Promise<Collections[C] | undefined> {
    return this.#row(collection, id);
  }

  async all<C extends CollectionName>(collection: C): Promise<readonly Collections[C][]> {
    return this.#rowsOf(collection, new Set(this.#tables.ids(collection)), () => true);
  }

  async where<C extends CollectionName>(
    collection: C,
    index: string,
    value: string,
  ): Promise<readonly Collections[C][]> {
    const ids = new Set(this.#tables.idsWhere(collection, index, value));
    return this.#rowsOf(collection, ids, (row) => fieldOf(row, index) === value);
  }

  async put<C extends CollectionName>(collection: C, row: Collections[C]): Promise<void> {
    // A copy, as in a database: what the caller does to its object afterwards changes nothing here.
    this.#hold({ collection, id: row.id, row: frozen(JSON.parse(JSON.stringify(row)) as Row) });
  }

  async delete(collection: CollectionName, id: string): Promise<void> {
    this.#hold({ collection, id, row: null });
  }

  async clear(collection: CollectionName): Promise<void> {
    for (const row of await this.all(collection)) this.#hold({ collection, id: row.id, row: null });
  }

  #hold(change: RowChange): void {
    this.#held.set(`${change.collection}/${change.id}`, change);
  }

  #row<C extends CollectionName>(collection: C, id: string): Collections[C] | undefined {
    const held = this.#held.get(`${collection}/${id}`);
    const row = held ? (held.row ?? undefined) : this.#tables.get(collection, id);
    return row as Collections[C] | undefined;
  }

  #rowsOf<C extends CollectionName>(
    collection: C,
    ids: Set<string>,
    wanted: (row: Row) => boolean,
  ): readonly Collections[C][] {
    for (const change of this.#held.values()) {
      if (change.collection === collection) ids.add(change.id);
    }
    const rows: Collections[C][] = [];
    for (const id of [...ids].sort()) {
      const row = this.#row(collection, id);
      if (row && wanted(row)) rows.push(row);
    }
    return rows;
  }
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}

/** Runs transactions over {@link Tables} one after the other; `commit` makes the writes of each last before they are seen. */
export function createTablesStore(
  tables: Tables,
  commit: (changes: readonly RowChange[]) => Promise<void>,
): {
  readonly read: <T>(work: (tx: StoreReader) => Promise<T>) => Promise<T>;
  readonly write: <T>(work: (tx: StoreTransaction) => Promise<T>) => Promise<T>;
} {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  return {
    read: (work) => inTurn(() => work(new TablesTransaction(tables))),
    write: (work) =>
      inTurn(async () => {
        const tx = new TablesTransaction(tables);
        const result = await work(tx);
        if (tx.changes.length > 0) await commit(tx.changes);
        for (const change of tx.changes) tables.apply(change);
        return result;
      }),
  };
}
