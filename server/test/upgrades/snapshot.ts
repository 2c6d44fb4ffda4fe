import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import type { Dialect } from '../../src/platform/database/database.js';
import type { Migration } from '../../src/platform/database/migrations.js';
import { GENEROUS, kindsOfResidents } from '../faults/house/house.js';
import type { Resident } from '../faults/house/resident.js';
import { startUpstream } from '../faults/house/upstream.js';
import { startChildServer } from '../support/child-server.js';
import { freshPostgres } from '../support/databases.js';
import { eventually } from '../support/servers.js';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** What is kept of a release: its database, its media, and what its users remember. */
const files = { sqlite: 'earshot.db.gz', postgres: 'dump.sql', media: 'media', users: 'users.json' };

/** The releases of which there is a snapshot. */
export const versions = async (): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** A data directory, and for PostgreSQL a database, in which a server can be started. */
export interface Premises {
  readonly dialect: Dialect;
  readonly environment: Readonly<Record<string, string>>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  remove(): Promise<void>;
}

export async function newPremises(dialect: Dialect): Promise<Premises> {
  const data = await mkdtemp(join(tmpdir(), 'earshot-upgrade-'));
  const url = dialect === 'postgres' ? await freshPostgres() : null;
  return {
    dialect,
    environment: {
      ...GENEROUS,
      NODE_ENV: 'test',
      DATA_DIR: data,
      // Users of speech are known by it: a snapshot has to be opened with the secret that it was made with.
      SERVER_SECRET: 'the-secret-of-all-snapshots-of-the-tests',
      ...(url ? { DATABASE_URL: url } : {}),
    },
    query: (sql) => (url ? queryPostgres(url, sql) : querySqlite(join(data, 'earshot.db'), sql)),
    remove: () => rm(data, { recursive: true, force: true }),
  };
}

/** Premises as they were left by a release, and what its users remember. */
export async function openSnapshot(version: string, dialect: Dialect) {
  const kept = join(folder, version, dialect);
  const premises = await newPremises(dialect);
  const { DATA_DIR = '', DATABASE_URL = '' } = premises.environment;
  await cp(join(kept, files.media), join(DATA_DIR, 'media'), { recursive: true });
  if (dialect === 'sqlite')
    await writeFile(join(DATA_DIR, 'earshot.db'), gunzipSync(await readFile(join(kept, files.sqlite))));
  else await queryPostgres(DATABASE_URL, await readFile(join(kept, files.postgres), 'utf8'));
  const users: Record<string, unknown> = JSON.parse(await readFile(join(kept, files.users), 'utf8'));
  return { premises, users };
}

/** Steps that each user makes: enough for updates and removals, and little of what is large or slow. */
const STEPS: Readonly<Record<string, number>> = { listener: 3, reader: 3, speaker: 3 };
const USUAL_STEPS = 6;

/**
 * Lets users of the apps work on a server of a release, and keeps what is there then.
 *
 * @param server the release's `server` folder, built
 * @param appNames the apps that it has
 */
export async function makeSnapshot(
  version: string,
  dialect: Dialect,
  { server, appNames }: { readonly server: string; readonly appNames: readonly string[] },
): Promise<void> {
  const premises = await newPremises(dialect);
  const upstream = await startUpstream();
  const environment = { ...premises.environment, OPENAI_BASE_URL: upstream.baseUrl };
  const { DATA_DIR = '', DATABASE_URL = '' } = premises.environment;
  const running = await startChildServer(environment, join(server, 'dist', 'main.js'));
  const users: Record<string, Resident> = {};
  for (const [kind, { app, moveIn }] of Object.entries(kindsOfResidents))
    if (appNames.includes(app)) users[kind] = await moveIn(running.url);
  for (const [kind, user] of Object.entries(users)) {
    for (let step = 0; step < (STEPS[kind] ?? USUAL_STEPS); step += 1) await user.step();
    await user.settle();
    const problems = await user.judge();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  }
  await eventually(
    () => premises.query('select name from background_jobs where recurring = 0'),
    (rows) => rows.length === 0,
    60_000,
  );
  await running.end('SIGTERM');

  const kept = join(folder, version, dialect);
  await rm(kept, { recursive: true, force: true });
  await mkdir(kept, { recursive: true });
  const memories = Object.fromEntries(Object.entries(users).map(([kind, user]) => [kind, user.remember()]));
  await writeFile(join(kept, files.users), `${JSON.stringify(memories, null, 1)}\n`);
  const media = join(DATA_DIR, 'media');
  await cp(media, join(kept, files.media), { recursive: true, filter: (path) => !path.endsWith('.tmp') });
  if (dialect === 'sqlite') await keepSqlite(join(DATA_DIR, 'earshot.db'), join(kept, files.sqlite));
  else await writeFile(join(kept, files.postgres), await dumpPostgres(DATABASE_URL, server));
  await upstream.close();
  await premises.remove();
}

async function keepSqlite(file: string, target: string): Promise<void> {
  const compact = `${file}.compact`;
  const database = new Sqlite(file);
  database.prepare('vacuum into ?').run(compact);
  database.close();
  await writeFile(target, gzipSync(await readFile(compact), { level: 9 }));
}

/** What `pg_dump` would write, which the PostgreSQL of npm does not have: the schema as the release's own steps make it, then rows. */
async function dumpPostgres(url: string, server: string): Promise<string> {
  const built = (name: string) => import(pathToFileURL(join(server, 'dist', name)).href);
  const { allMigrations } = await built('connect.js');
  const { apps } = await built('apps/catalogue.js');
  const schema = (allMigrations(apps) as Migration[]).flatMap(({ statements }) =>
    typeof statements === 'function' ? statements('postgres') : statements,
  );
  const rows: string[] = [];
  const tables = await queryPostgres(
    url,
    "select tablename from pg_tables where schemaname = 'public' order by tablename",
  );
  for (const { tablename } of tables) rows.push(...(await insertsInto(url, String(tablename))));
  const sequences = await queryPostgres(
    url,
    "select sequencename, last_value from pg_sequences where schemaname = 'public' and last_value is not null",
  );
  return [
    'create table schema_migrations (id text primary key, applied_at bigint not null)',
    ...schema,
    // Rows come in the order of their tables' names.
    "set session_replication_role = 'replica'",
    ...rows,
    ...sequences.map(({ sequencename, last_value }) => `select setval('${sequencename}', ${last_value})`),
    "set session_replication_role = 'origin'",
    '',
  ].join(';\n');
}

async function insertsInto(url: string, table: string): Promise<string[]> {
  const columns = await queryPostgres(
    url,
    `select column_name from information_schema.columns
     where table_schema = 'public' and table_name = '${table}' and is_generated = 'NEVER' order by ordinal_position`,
  );
  const names = columns.map(({ column_name }) => `"${column_name}"`);
  const values = names.map((name) => `coalesce(quote_literal(${name}::text), 'null')`).join(` || ', ' || `);
  const rows = await queryPostgres(url, `select ${values} as row from "${table}"`);
  return rows.map(
    ({ row }) => `insert into "${table}" (${names.join(', ')}) overriding system value values (${row})`,
  );
}

function querySqlite(file: string, sql: string): Promise<Record<string, unknown>[]> {
  if (!existsSync(file)) throw new Error(`There is no ${file}.`);
  const database = new Sqlite(file, { readonly: true });
  try {
    return Promise.resolve(database.prepare(sql).all() as Record<string, unknown>[]);
  } finally {
    database.close();
  }
}

async function queryPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
