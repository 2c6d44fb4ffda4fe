import type SqliteFile from 'better-sqlite3';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';

/** How many prepared statements one connection keeps: the whole product has fewer, ad-hoc `in (…)` lists come and go. */
const STATEMENT_CACHE_SIZE = 500;

/**
 * A Kysely connection over one better-sqlite3 handle. Kysely prepares every statement anew; this keeps them by their
 * text, which is worth about a third of the time of a small read.
 */
export class CachedStatementConnection implements DatabaseConnection {
  readonly #file: SqliteFile.Database;
  readonly #statements = new Map<string, Prepared>();

  constructor(file: SqliteFile.Database) {
    this.#file = file;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { statement, toRow } = this.#prepare(query.sql);
    if (toRow) return { rows: (statement.all(query.parameters) as unknown[][]).map(toRow) as R[] };
    const { changes, lastInsertRowid } = statement.run(query.parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    // Not from the cache: an iterating statement is busy, and a second use of it would fail.
    for (const row of this.#file.prepare(query.sql).iterate(query.parameters)) yield { rows: [row as R] };
  }

  #prepare(text: string): Prepared {
    const cached = this.#statements.get(text);
    if (cached) return cached;
    const statement = this.#file.prepare(text);
    const prepared = statement.reader
      ? { statement: statement.raw(), toRow: rowsOf(statement) }
      : { statement };
    if (this.#statements.size >= STATEMENT_CACHE_SIZE) {
      const oldest = this.#statements.keys().next();
      if (!oldest.done) this.#statements.delete(oldest.value);
    }
    this.#statements.set(text, prepared);
    return prepared;
  }
}

interface Prepared {
  readonly statement: SqliteFile.Statement;
  /** What makes an object of a row's values, for statements that give rows. */
  readonly toRow?: (values: readonly unknown[]) => object;
}

/**
 * Rows as one object literal each, written for this statement's columns: a list of a hundred rows takes half the time of
 * the binding's own, which sets every member of every row by its name.
 */
function rowsOf(statement: SqliteFile.Statement): (values: readonly unknown[]) => object {
  const members = statement.columns().map(({ name }, place) => `${JSON.stringify(name)}: values[${place}]`);
  return new Function('values', `return { ${members.join(', ')} };`) as (
    values: readonly unknown[],
  ) => object;
}
