import { type Kysely, sql } from 'kysely';
import { type Database, type Transaction, withTables } from '../../platform/database/database.js';
import { CommandError } from '../command-line.js';
import type { Progress } from './progress.js';
import { linesOf, readArchive } from './read.js';
import { OWN_NOTES_TABLE } from './tables.js';

type Row = Record<string, unknown>;
type AnyTables = Record<string, Row>;

/** SQLite takes 32,766 values in one statement and PostgreSQL 65,535. */
const VALUES_PER_STATEMENT = 10_000;
const CHARACTERS_PER_STATEMENT = 4 * 1024 * 1024;

/**
 * Inserts the rows of an archive, all of them or none.
 *
 * @param database empty, with the schema that the rows fit
 * @param tables the names of its tables
 * @param afterwards what must be true of restored rows, written together with them
 */
export async function loadRows(
  database: Database,
  tables: ReadonlySet<string>,
  archive: string,
  progress: Progress,
  afterwards: (tx: Transaction) => Promise<void>,
): Promise<void> {
  await database.transaction(async (tx) => {
    // Only a server's own notes can be there; the archive brings those of the server that it came from.
    if (tables.has(OWN_NOTES_TABLE)) await anyTable(tx).deleteFrom(OWN_NOTES_TABLE).execute();
    // Rows may refer to later rows of their own table.
    if (database.dialect === 'sqlite') await sql`pragma defer_foreign_keys = on`.execute(tx);
    let rows = 0;
    for await (const { name, bytes } of readArchive(archive)) {
      if (name.kind !== 'table') {
        await discard(bytes);
        continue;
      }
      if (!tables.has(name.table)) {
        throw new CommandError(
          `The archive holds the table ${name.table}, which ${database.dialect} databases of this version do not have. Nothing was restored.`,
        );
      }
      for await (const batch of batches(bytes, database.dialect === 'postgres')) {
        await anyTable(tx).insertInto(name.table).values(batch).execute();
        rows += batch.length;
        progress(() => `restoring ${name.table}: ${rows.toLocaleString('en')} rows in all`);
      }
    }
    if (database.dialect === 'postgres') await continueNumbering(tx);
    await afterwards(tx);
  });
}

/** PostgreSQL counts numbered rows by itself, not by what was inserted; SQLite's `autoincrement` follows the rows. */
async function continueNumbering(tx: Transaction): Promise<void> {
  const numbered = await sql<{ table: string; column: string }>`
    select table_name as "table", column_name as "column" from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'`.execute(tx);
  for (const { table, column } of numbered.rows) {
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}),
      (select coalesce(max(${sql.ref(column)}), 0) + 1 from ${sql.table(table)}), false)`.execute(tx);
  }
}

const anyTable = (tx: Transaction): Kysely<AnyTables> => withTables<AnyTables>(tx);

async function* batches(bytes: AsyncIterable<Buffer>, withoutNul: boolean): AsyncIterable<Row[]> {
  let batch: Row[] = [];
  let values = 0;
  let characters = 0;
  for await (const line of linesOf(bytes)) {
    const row = JSON.parse(line) as Row;
    if (withoutNul) replaceNul(row);
    batch.push(row);
    values += Object.keys(row).length;
    characters += line.length;
    if (values >= VALUES_PER_STATEMENT || characters >= CHARACTERS_PER_STATEMENT) {
      yield batch;
      batch = [];
      values = 0;
      characters = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

/** PostgreSQL texts cannot hold U+0000, which SQLite's can; it becomes the sign for what cannot be shown. */
function replaceNul(row: Row): void {
  for (const [column, value] of Object.entries(row)) {
    if (typeof value === 'string' && value.includes('\0')) row[column] = value.replaceAll('\0', '\uFFFD');
  }
}

/** An entry must be read to its end before the next one comes. */
export async function discard(bytes: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of bytes);
}
