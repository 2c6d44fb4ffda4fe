import pg from 'pg';
import type { Snapshot, SnapshotRow, SnapshotTable } from '../snapshot.js';
import { parserFor } from './column-types.js';

const BATCH_ROWS = 500;

/**
 * Opens a connection of its own whose every query sees the same instant.
 *
 * @param connectionString `postgres://user:password@host:port/database`
 * @throws when the server cannot be reached
 */
export async function openPostgresSnapshot(connectionString: string): Promise<Snapshot> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 5_000,
    application_name: 'earshot backup',
    types: { getTypeParser: parserFor },
  });
  // A broken connection fails the query that is running; without a listener it would end the process as well.
  client.on('error', () => {});
  await client.connect();
  await client.query('begin isolation level repeatable read, read only');
  const names = async (query: string, table?: string): Promise<string[]> => {
    const { rows } = await client.query<{ name: string }>(query, table === undefined ? [] : [table]);
    return rows.map((row) => row.name);
  };
  return {
    dialect: 'postgres',
    tables: async () => {
      const tables: SnapshotTable[] = [];
      for (const name of await names(TABLES)) {
        tables.push({ name, columns: await names(COLUMNS, name), references: await names(REFERENCES, name) });
      }
      return tables;
    },
    rows: (table) => batches(client, table),
    close: () => client.end(),
  };
}

const TABLES = `select table_name as name from information_schema.tables
  where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name`;

const COLUMNS = `select column_name as name from information_schema.columns
  where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`;

const REFERENCES = `select distinct target.relname as name from pg_constraint
  join pg_class source on source.oid = conrelid and source.relnamespace = current_schema()::regnamespace
  join pg_class target on target.oid = confrelid
  where contype = 'f' and source.relname = $1`;

async function* batches(client: pg.Client, table: SnapshotTable): AsyncIterable<readonly SnapshotRow[]> {
  const columns = table.columns.map((name) => client.escapeIdentifier(name)).join(', ');
  await client.query(
    `declare backup_rows no scroll cursor for select ${columns} from ${client.escapeIdentifier(table.name)}`,
  );
  for (;;) {
    const { rows } = await client.query<SnapshotRow>(`fetch ${BATCH_ROWS} from backup_rows`);
    if (rows.length === 0) break;
    yield rows;
  }
  await client.query('close backup_rows');
}
