import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteFile from 'better-sqlite3';
import { sql } from 'kysely';
import type { Database } from '../database.js';
import { CachedStatementConnection } from './connection.js';
import { kyselyOver } from './dialect.js';
import { GroupCommit } from './group-commit.js';

export interface SqliteOptions {
  /** How long one transaction may hold up all writers before it counts as broken, in milliseconds. */
  readonly transactionLimitMs?: number;
}

/**
 * Opens (and makes, if need be) a SQLite database file.
 *
 * Two connections: the writer commits in groups with `synchronous=FULL`; the reader sees committed data only and never
 * waits for the writer (WAL).
 *
 * @param path the file; its folder is made when missing
 * @throws when the file cannot be opened or written
 */
export function openSqlite(path: string, options: SqliteOptions = {}): Database {
  mkdirSync(dirname(path), { recursive: true });
  const writer = open(path);
  const reader = open(path);
  reader.pragma('query_only = ON');
  const commits = new GroupCommit(writer, options.transactionLimitMs);
  const read = kyselyOver(new CachedStatementConnection(reader));
  return {
    dialect: 'sqlite',
    read,
    replica: read,
    transaction: (work) => commits.run(work),
    ping: async () => {
      await sql`select 1`.execute(read);
    },
    close: async () => {
      await commits.close();
      reader.close();
      writer.close();
    },
  };
}

function open(path: string): SqliteFile.Database {
  const file = new SqliteFile(path, { timeout: 5_000 });
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  file.pragma('foreign_keys = ON');
  file.pragma('cache_size = -16000');
  file.pragma('journal_size_limit = 67108864');
  return file;
}
