// @ts-check
// The server's own database adapters, for rows that no route makes quickly.
import { join } from 'node:path';
import { sql } from 'kysely';

/** @typedef {{ read: any, transaction: <T>(work: (tx: any) => Promise<T>) => Promise<T>, dialect: string, close: () => Promise<void> }} Database */

/** Rows of one statement: both databases bind at most 32,766 values. */
const ROWS_AT_ONCE = 500;

/** @param {string} name of a module of the built platform */
export const platform = (name) => import(new URL(`../../server/dist/platform/${name}`, import.meta.url).href);

/**
 * Opens the database of a server that does not run.
 *
 * @param {Readonly<Record<string, string>>} environment
 * @returns {Promise<Database>}
 */
export async function openDatabase({ DATABASE_URL, DATA_DIR = '' }) {
  if (DATABASE_URL) return (await platform('database/postgres/index.js')).openPostgres(DATABASE_URL);
  return (await platform('database/sqlite/index.js')).openSqlite(join(DATA_DIR, 'earshot.db'));
}

/**
 * @param {Database} database
 * @param {string} table
 * @param {readonly object[]} rows
 */
export async function insert(database, table, rows) {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE);
    await database.transaction((tx) => tx.insertInto(table).values(some).execute());
  }
}

/** What autovacuum does by itself within a minute or two of such a change. @param {Database} database */
export async function settle({ dialect, read }) {
  if (dialect === 'postgres') await sql`vacuum analyze`.execute(read);
}
