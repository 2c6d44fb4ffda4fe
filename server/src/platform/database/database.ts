import type { Kysely } from 'kysely';
import type { PlatformTables } from './tables.js';

/** Which SQL the database speaks. */
export type Dialect = 'sqlite' | 'postgres';

declare const insideTransaction: unique symbol;

/**
 * A handle whose statements all belong to one transaction. Only {@link Database.transaction} makes one, so a function
 * that asks for a `Transaction` cannot be called outside of one.
 */
export type Transaction = Kysely<PlatformTables> & { readonly [insideTransaction]: true };

/**
 * The database port. Adapters: `sqlite/` (one file, group commit) and `postgres/` (a pool).
 *
 * Instants are integer epoch milliseconds, booleans 0 or 1, JSON is text that its store parses; the same SQL
 * types (`text`, `bigint`, `double precision`) serve both dialects.
 */
export interface Database {
  readonly dialect: Dialect;

  /** For queries outside a transaction. Sees what is committed; writing through it fails on SQLite. */
  readonly read: Kysely<PlatformTables>;

  /**
   * For lists and figures that may lag a moment behind: a read replica where there is one and it answers, else the same
   * as `read`. Never for what follows from the caller's own write, for what is read without gaps, or for permissions.
   */
  readonly replica: Kysely<PlatformTables>;

  /**
   * Runs `work` atomically. Resolves only after the commit is on disk; rejects, with nothing written, when `work`
   * throws or the commit fails. `work` must contain database statements only (no network, no timers): on SQLite all
   * writers wait for it. It may be run again after a serialization failure, so it must have no other side effects.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;

  /** The pool's connections at this moment; undefined where there is none. */
  connections?(): { readonly open: number; readonly idle: number; readonly waiting: number };

  /** Throws when the database does not answer. */
  ping(): Promise<void>;

  /** Throws when the read replica does not answer; undefined where there is none. */
  pingReplica?(): Promise<void>;

  /** Waits for running transactions, then lets go of files and connections. */
  close(): Promise<void>;
}

/** The same handle, typed with the tables of an app's own. Costs nothing at run time. */
export const withTables = <Tables>(db: Kysely<PlatformTables>): Kysely<Tables> =>
  db as unknown as Kysely<Tables>;
