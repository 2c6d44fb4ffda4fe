import type SqliteFile from 'better-sqlite3';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { Transaction } from '../database.js';
import { CachedStatementConnection } from './connection.js';
import { kyselyOver } from './dialect.js';

/** A transaction that holds up all writers for longer than this is broken (it awaits something that is no statement). */
const TRANSACTION_LIMIT_MS = 15_000;
/** Commit at the latest after so many transactions, so that the first of a long queue does not wait for the last. */
const GROUP_LIMIT = 128;

interface Waiting {
  readonly run: (tx: Transaction) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs transactions one after another on the writing connection and commits those that are waiting **together**: each
 * in a savepoint of its own, all with one `fsync`. A caller hears of success only after that commit, so nothing is
 * acknowledged before it is on disk; a failing transaction rolls back alone.
 *
 * With `synchronous=FULL` one commit costs one disk flush; grouping turns 50 concurrent writers' 50 flushes into one or two.
 */
export class GroupCommit {
  readonly #file: SqliteFile.Database;
  readonly #limitMs: number;
  readonly #connection: CachedStatementConnection;
  readonly #queue: Waiting[] = [];
  readonly #statements: Record<
    'begin' | 'commit' | 'rollback' | 'save' | 'release' | 'undo',
    SqliteFile.Statement
  >;
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(file: SqliteFile.Database, limitMs = TRANSACTION_LIMIT_MS) {
    this.#file = file;
    this.#limitMs = limitMs;
    this.#connection = new CachedStatementConnection(file);
    this.#statements = {
      begin: file.prepare('begin immediate'),
      commit: file.prepare('commit'),
      rollback: file.prepare('rollback'),
      save: file.prepare('savepoint work'),
      release: file.prepare('release work'),
      undo: file.prepare('rollback to work'),
    };
  }

  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The database is closed.'));
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ run: work, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#drain();
    });
  }

  /** Finishes what is queued; later calls of `run` are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    // One turn of the event loop, so that requests that arrived together are committed together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) await this.#runGroup();
    this.#running = null;
  }

  async #runGroup(): Promise<void> {
    const settled: (() => void)[] = [];
    const members: Waiting[] = [];
    try {
      this.#statements.begin.run();
      while (members.length < GROUP_LIMIT) {
        const next = this.#queue.shift();
        if (!next) break;
        members.push(next);
        settled.push(await this.#runOne(next));
      }
      this.#statements.commit.run();
    } catch (error) {
      // The group itself failed (begin, commit, or a disk error that made SQLite give up): nothing of it was written.
      if (this.#file.inTransaction) this.#statements.rollback.run();
      if (members.length === 0) members.push(...this.#queue.splice(0));
      for (const member of members) member.reject(error);
      return;
    }
    for (const settle of settled) settle();
  }

  /** Runs one member in its savepoint and returns how to settle it once the group is committed. */
  async #runOne(member: Waiting): Promise<() => void> {
    this.#statements.save.run();
    const connection = new MemberConnection(this.#connection, this.#file);
    try {
      const value = await withinLimit(member.run(kyselyOver(connection) as Transaction), this.#limitMs);
      this.#statements.release.run();
      return () => member.resolve(value);
    } catch (error) {
      // SQLite ends the whole transaction by itself on a full disk or an I/O error; then the group has failed.
      if (!this.#file.inTransaction) throw connection.ended?.by ?? error;
      this.#statements.undo.run();
      this.#statements.release.run();
      return () => member.reject(error);
    } finally {
      connection.revoke();
    }
  }
}

/**
 * A transaction's handle. It stops writing into somebody else's transaction after its own has ended, and into none at all
 * after SQLite ended it: what followed would be committed statement by statement, though the caller hears of a failure.
 */
class MemberConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;
  readonly #file: SqliteFile.Database;
  #revoked = false;
  /** The error with which SQLite ended the whole transaction. */
  ended: { readonly by: unknown } | null = null;

  constructor(inner: DatabaseConnection, file: SqliteFile.Database) {
    this.#inner = inner;
    this.#file = file;
  }

  revoke(): void {
    this.#revoked = true;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#refuseAfterEnd();
    try {
      return await this.#inner.executeQuery(query);
    } catch (error) {
      if (!this.#file.inTransaction) this.ended = { by: error };
      throw error;
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<R>> {
    this.#refuseAfterEnd();
    return this.#inner.streamQuery(query, chunkSize);
  }

  #refuseAfterEnd(): void {
    if (this.#revoked) throw new Error('This transaction has already ended.');
    if (this.ended) throw this.ended.by;
  }
}

async function withinLimit<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`A transaction did not end within ${limitMs} ms and was rolled back.`));
    }, limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
