import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { Database, Dialect } from '../../src/platform/database/database.js';
import { type Migration, migrate, platformMigrations } from '../../src/platform/database/migrations.js';
import { openPostgres } from '../../src/platform/database/postgres/index.js';
import { openSqlite } from '../../src/platform/database/sqlite/index.js';

/** Both dialects, for `describe.each(dialects)`. */
export const dialects: readonly Dialect[] = ['sqlite', 'postgres'];

export interface TestDatabase {
  readonly database: Database;
  /** Opens the same database once more, as a second process would. */
  reopen(): Database;
  /** Closes it and removes its files or its PostgreSQL database. */
  remove(): Promise<void>;
}

/** An empty, migrated database of the given dialect, of the caller's own. */
export async function testDatabase(
  dialect: Dialect,
  migrations: readonly Migration[] = [],
): Promise<TestDatabase> {
  const made = dialect === 'sqlite' ? sqlite() : await postgres();
  await migrate(made.database, [...platformMigrations, ...migrations], Date.now());
  return made;
}

/** The connection string of a new, empty PostgreSQL database. */
export async function freshPostgres(): Promise<string> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function sqlite(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-sqlite-'));
  const path = join(folder, 'earshot.db');
  const database = openSqlite(path);
  return {
    database,
    reopen: () => openSqlite(path),
    remove: async () => {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function postgres(): Promise<TestDatabase> {
  const url = await freshPostgres();
  const database = openPostgres(url, { poolSize: 10 });
  return {
    database,
    reopen: () => openPostgres(url, { poolSize: 10 }),
    remove: async () => {
      await database.close();
      await administer(
        inject('postgresUrl'),
        `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`,
      );
    },
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
