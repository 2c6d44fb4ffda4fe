import SqliteFile from 'better-sqlite3';
import type { Snapshot, SnapshotRow, SnapshotTable } from '../snapshot.js';

const BATCH_ROWS = 500;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Opens a SQLite file for reading beside whoever is writing it.
 *
 * @throws when there is no such file
 */
export function openSqliteSnapshot(path: string): Snapshot {
  const file = new SqliteFile(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  file.exec('begin');
  file.prepare('select count(*) from sqlite_master').get(); // a transaction's view is fixed by its first read
  const names = (query: string, ...parameters: string[]) =>
    file.prepare(query).pluck().all(parameters) as string[];
  return {
    dialect: 'sqlite',
    tables: async () =>
      // Where Litestream replicates the file, it keeps notes of its own in it.
      names(
        `select name from pragma_table_list
         where schema = 'main' and type = 'table' and name not like 'sqlite\\_%' escape '\\'
           and name not like '\\_litestream\\_%' escape '\\' order by name`,
      ).map((name) => ({
        name,
        columns: names('select name from pragma_table_xinfo(?) where hidden = 0 order by cid', name),
        references: names('select distinct "table" from pragma_foreign_key_list(?)', name),
      })),
    rows: (table) => batches(file, table),
    close: async () => {
      file.close();
    },
  };
}

async function* batches(
  file: SqliteFile.Database,
  table: SnapshotTable,
): AsyncIterable<readonly SnapshotRow[]> {
  let batch: SnapshotRow[] = [];
  const select = `select ${table.columns.map(quoted).join(', ')} from ${quoted(table.name)}`;
  for (const row of file.prepare(select).iterate()) {
    batch.push(row as SnapshotRow);
    if (batch.length === BATCH_ROWS) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
