import type { Dialect } from './database.js';

export type SnapshotRow = Readonly<Record<string, unknown>>;

/** A table of the schema that holds data of its own: no views, no search indexes. */
export interface SnapshotTable {
  readonly name: string;
  /** Without generated columns. */
  readonly columns: readonly string[];
  /** Tables that its foreign keys point to. */
  readonly references: readonly string[];
}

/**
 * Everything that was committed at one instant, readable for as long as it is open while others go on writing. Adapters:
 * `sqlite/snapshot.ts` (a read transaction on a connection of its own) and `postgres/snapshot.ts` (repeatable read).
 */
export interface Snapshot {
  readonly dialect: Dialect;
  /** All tables, by name. */
  tables(): Promise<SnapshotTable[]>;
  /** All rows of a table, in batches, so that a large table is never in memory as a whole. */
  rows(table: SnapshotTable): AsyncIterable<readonly SnapshotRow[]>;
  /** Must be called soon: the database keeps old versions of changed rows until then. */
  close(): Promise<void>;
}
