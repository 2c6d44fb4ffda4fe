import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteFile from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openSqliteSnapshot } from '../../src/platform/database/sqlite/snapshot.js';

it('backups and copies leave out the tables that Litestream keeps in the database', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-litestream-'));
  const path = join(folder, 'earshot.db');
  const file = new SqliteFile(path);
  file.exec(`create table users (id text primary key);
    create table litestreamers (id text primary key);
    create table _litestream_seq (id integer primary key, seq integer);
    create table _litestream_lock (id integer);`);
  file.close();
  const snapshot = openSqliteSnapshot(path);
  const names = (await snapshot.tables()).map(({ name }) => name);
  await snapshot.close();
  rmSync(folder, { recursive: true, force: true });
  expect(names).toEqual(['litestreamers', 'users']);
});
