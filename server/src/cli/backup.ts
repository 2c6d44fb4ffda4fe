import { existsSync, rmSync } from 'node:fs';
import { access, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from '../config.js';
import { connectDatabase, connectMedia, connectSnapshot, sqlitePathOf } from '../connect.js';
import type { Snapshot, SnapshotTable } from '../platform/database/snapshot.js';
import { BACKUP_RUN } from '../platform/database/tables.js';
import type { Media } from '../platform/media/media.js';
import { SECRETS_FILE } from '../platform/secrets.js';
import { createLog } from '../platform/telemetry/log.js';
import { version } from '../version.js';
import {
  FORMAT,
  FORMAT_VERSION,
  MANIFEST_ENTRY,
  type Manifest,
  mediaEntry,
  SECRETS_ENTRY,
  tableEntry,
} from './archive/manifest.js';
import { createProgress, inBytes, type Progress } from './archive/progress.js';
import { dataTables, MIGRATIONS_TABLE } from './archive/tables.js';
import { type ArchiveWriter, contentOf, createArchive, spool } from './archive/write.js';
import { CommandError } from './command-line.js';

/**
 * Writes one archive of everything that a restore needs, on either database and media store, while the server may be
 * running: the rows are those of one instant, the media those that exist when they are copied.
 *
 * The rows are first written beside the archive, so that the database keeps its snapshot as briefly as possible; the
 * disk needs room for the rows twice.
 *
 * @param file must not exist yet; appears only once it is complete and on the disk
 * @throws CommandError when there is nothing to back up, or no room for it
 */
export async function backup(config: Config, file: string): Promise<void> {
  const target = resolve(file);
  refuseExisting(target);
  await refuseNothing(config);
  const folder = await mkdtemp(`${target}.partial-`).catch((error: unknown) => {
    throw inWords(error, target);
  });
  const interrupted = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const manifest = await write(config, folder, createProgress());
    refuseExisting(target);
    await rename(join(folder, 'archive'), target);
    await flush(dirname(target));
    report(config, target, manifest);
    await noteRun(config);
  } catch (error) {
    throw inWords(error, target);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await rm(folder, { recursive: true, force: true });
  }
}

/** For the operator's page. The backup is complete without it, so a database that cannot be written is no failure. */
async function noteRun(config: Config): Promise<void> {
  try {
    const database = await connectDatabase(config, createLog('silent'));
    const run = { name: BACKUP_RUN, finished_at: Date.now() };
    await database
      .transaction((tx) =>
        tx
          .insertInto('maintenance_runs')
          .values(run)
          .onConflict((conflict) => conflict.column('name').doUpdateSet(run))
          .execute(),
      )
      .finally(() => database.close());
  } catch (error) {
    console.error(`The database could not note that there is a backup now: ${String(error)}`);
  }
}

async function write(config: Config, folder: string, progress: Progress): Promise<Manifest> {
  const { dialect, migrations, tables } = await spoolDatabase(config, folder, progress);
  const archive = createArchive(join(folder, 'archive'));
  try {
    for (const { name, size } of tables) {
      progress(() => `packing ${name}`);
      const path = spoolPath(folder, name);
      await archive.addFile(tableEntry(name), path, size);
      await rm(path);
    }
    const secrets = await addSecrets(config, archive);
    const media = await addMedia(config, archive, folder, progress);
    const manifest: Manifest = {
      format: FORMAT,
      formatVersion: FORMAT_VERSION,
      serverVersion: version,
      createdAt: new Date().toISOString(),
      dialect,
      migrations,
      tables,
      media,
      secrets,
    };
    await archive.addBytes(MANIFEST_ENTRY, Buffer.from(JSON.stringify(manifest)));
    await archive.finish();
    return manifest;
  } catch (error) {
    await archive.abandon();
    throw error;
  }
}

const spoolPath = (folder: string, table: string): string => join(folder, `${table}.ndjson`);

/** Copies the rows of one instant into files, and lets go of the database. */
async function spoolDatabase(
  config: Config,
  folder: string,
  progress: Progress,
): Promise<Pick<Manifest, 'dialect' | 'migrations' | 'tables'>> {
  const snapshot = await connectSnapshot(config);
  try {
    const all = await snapshot.tables();
    const steps = all.find((table) => table.name === MIGRATIONS_TABLE);
    if (!steps)
      throw new CommandError('The database has no Earshot tables yet; there is nothing to back up.');
    const migrations: string[] = [];
    for await (const batch of snapshot.rows(steps)) migrations.push(...batch.map((row) => String(row.id)));
    const tables: Manifest['tables'] = [];
    for (const table of dataTables(all)) {
      let rows = 0;
      const lines = ndjson(snapshot, table, (count) => {
        rows += count;
        progress(() => `${table.name}: ${rows.toLocaleString('en')} rows`);
      });
      const content = await spool(spoolPath(folder, table.name), lines);
      tables.push({ name: table.name, rows, ...content });
    }
    return { dialect: snapshot.dialect, migrations: migrations.sort(), tables };
  } finally {
    await snapshot.close();
  }
}

async function* ndjson(
  snapshot: Snapshot,
  table: SnapshotTable,
  count: (rows: number) => void,
): AsyncIterable<Buffer> {
  for await (const batch of snapshot.rows(table)) {
    for (const row of batch) {
      for (const [column, value] of Object.entries(row)) refuseUnknown(table.name, column, value);
    }
    count(batch.length);
    yield Buffer.from(batch.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}

/** JSON would turn a date, bytes or NaN into something else without a word. */
function refuseUnknown(table: string, column: string, value: unknown): void {
  const isKept = value === null || typeof value === 'string' || Number.isFinite(value);
  if (!isKept) throw new Error(`${table}.${column} holds a value that the backup format has no form for.`);
}

async function addSecrets(config: Config, archive: ArchiveWriter): Promise<Manifest['secrets']> {
  if (config.SERVER_SECRET || config.JWT_SECRET) return null;
  const file = join(config.DATA_DIR, SECRETS_FILE);
  if (!existsSync(file)) return null;
  const bytes = await readFile(file);
  await archive.addBytes(SECRETS_ENTRY, bytes);
  return contentOf(bytes);
}

async function addMedia(
  config: Config,
  archive: ArchiveWriter,
  folder: string,
  progress: Progress,
): Promise<Manifest['media']> {
  const media = await connectMedia(config, { besideServer: true });
  const added: Manifest['media'] = [];
  let total = 0;
  try {
    for await (const { key } of media.list('')) {
      const content = await addObject(media, key, archive, join(folder, 'object'));
      if (!content) continue;
      added.push({ key, ...content });
      total += content.size;
      progress(() => `media: ${added.length.toLocaleString('en')} objects, ${inBytes(total)}`);
    }
  } finally {
    await media.close();
  }
  return added;
}

/** @returns null when the object was removed in the meantime; apps make anew what they miss */
async function addObject(media: Media, key: string, archive: ArchiveWriter, spooled: string) {
  const body = await media.read(key);
  if (!body) return null;
  if (Buffer.isBuffer(body)) {
    await archive.addBytes(mediaEntry(key), body);
    return contentOf(body);
  }
  const content = await spool(spooled, body);
  await archive.addFile(mediaEntry(key), spooled, content.size);
  await rm(spooled);
  return content;
}

function refuseExisting(target: string): void {
  if (existsSync(target)) throw new CommandError(`${target} exists already. Name a file that does not.`);
}

async function refuseNothing(config: Config): Promise<void> {
  if (config.DATABASE_URL) return;
  const path = sqlitePathOf(config);
  await access(path).catch((error: unknown) => {
    throw new CommandError(
      `There is no database ${path}, so there is nothing to back up. Is DATA_DIR right?`,
      {
        cause: error,
      },
    );
  });
}

function inWords(error: unknown, target: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new CommandError(
      `The disk that ${target} is on is full. No part of the archive was kept; make room or name a file on another disk.`,
      { cause: error },
    );
  }
  if (code === 'ENOENT' && error instanceof Error && 'syscall' in error && error.syscall === 'mkdtemp')
    return new CommandError(`There is no folder ${dirname(target)}.`, { cause: error });
  return error;
}

/** Makes the archive's name durable. Windows cannot open folders, and needs no such thing. */
async function flush(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function report(config: Config, target: string, manifest: Manifest): void {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const bytes = manifest.media.reduce((sum, object) => sum + object.size, 0);
  console.log(
    `Backed up ${rows.toLocaleString('en')} rows and ${manifest.media.length.toLocaleString('en')} media objects (${inBytes(bytes)}) into ${target}`,
  );
  if (manifest.secrets)
    console.log('It holds the server’s secret and users’ texts: keep it where nobody else can read it.');
  if (config.SERVER_SECRET || config.JWT_SECRET) {
    console.log(
      'SERVER_SECRET or JWT_SECRET is not in it: keep that too, or users who sign in with a key will be strangers after a restore.',
    );
  }
}
