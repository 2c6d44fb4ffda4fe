import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { apps, chosenApps } from '../apps/catalogue.js';
import { type Config, isScaled } from '../config.js';
import { allMigrations, connectDatabase, connectMedia, connectSnapshot, scratchPathOf } from '../connect.js';
import { renewEpochs } from '../platform/changes/changes.js';
import type { Database } from '../platform/database/database.js';
import { type Migration, migrate } from '../platform/database/migrations.js';
import type { SnapshotTable } from '../platform/database/snapshot.js';
import { lockDataDirectory } from '../platform/database/sqlite/process-lock.js';
import { SECRETS_FILE } from '../platform/secrets.js';
import { createLog } from '../platform/telemetry/log.js';
import { discard, loadRows } from './archive/load.js';
import { loadMedia } from './archive/load-media.js';
import type { Manifest } from './archive/manifest.js';
import { createProgress, type Progress } from './archive/progress.js';
import { readArchive, verifyArchive, wholeEntry } from './archive/read.js';
import { dataTables, MIGRATIONS_TABLE, OWN_NOTES_TABLE } from './archive/tables.js';
import { CommandError } from './command-line.js';

/** Loading is one transaction, however large the archive is. */
const LOAD_LIMIT_MS = 24 * 3_600_000;

/**
 * Fills an empty database and media store from an archive, whichever kinds it came from. Verifies the whole archive
 * before it touches anything; the rows come last and all at once, so a restore that failed can be run again.
 *
 * @param options.keepsEpochs when the archive is all that there is, so that devices need not pull everything anew
 * @throws CommandError when the archive is damaged or too new, or when there is already data
 */
export async function restore(
  config: Config,
  file: string,
  { keepsEpochs = false }: { readonly keepsEpochs?: boolean } = {},
): Promise<void> {
  const archive = resolve(file);
  const progress = createProgress();
  const manifest = await verifyArchive(archive, progress);
  const known = allMigrations(apps);
  refuseNewer(manifest, known);
  const unlock = isScaled(config) ? () => {} : lockDataDirectory(config.DATA_DIR);
  if (!unlock) {
    throw new CommandError(
      `A server is running on the data directory ${config.DATA_DIR}. Stop it before you restore.`,
    );
  }
  try {
    const secrets = await secretsToRestore(config, manifest, archive);
    const database = await connectDatabase(config, createLog(config.LOG_LEVEL), {
      transactionLimitMs: LOAD_LIMIT_MS,
    });
    try {
      await refuseData(config, database, manifest);
      await migrate(
        database,
        known.filter(({ id }) => manifest.migrations.includes(id)),
        Date.now(),
      );
      await restoreMedia(config, manifest, archive, progress);
      if (secrets) await writeSecrets(config.DATA_DIR, secrets);
      const tables = new Set(dataTables(await tablesOf(config)).map(({ name }) => name));
      await loadRows(database, tables, archive, progress, async (tx) => {
        // Devices may have seen changes that are newer than the archive.
        if (tables.has('change_sequences') && !keepsEpochs) await renewEpochs(tx);
      });
      await migrate(database, allMigrations(chosenApps(config)), Date.now());
    } finally {
      await database.close();
    }
  } finally {
    unlock();
  }
  report(config, manifest);
}

function refuseNewer(manifest: Manifest, known: readonly Migration[]): void {
  const unknown = manifest.migrations.filter((id) => !known.some((migration) => migration.id === id));
  if (unknown.length === 0) return;
  throw new CommandError(
    `The archive was written by Earshot ${manifest.serverVersion}, whose schema this version does not know (${unknown.join(', ')}). Update Earshot, then restore. Nothing was restored.`,
  );
}

async function tablesOf(config: Config): Promise<SnapshotTable[]> {
  const snapshot = await connectSnapshot(config);
  try {
    return await snapshot.tables();
  } finally {
    await snapshot.close();
  }
}

/** Only an empty database of no newer schema than the archive's can take its rows as they are. */
async function refuseData(config: Config, database: Database, manifest: Manifest): Promise<void> {
  const where = config.DATABASE_URL ? 'The database' : `The data directory ${config.DATA_DIR}`;
  const all = await tablesOf(config);
  for (const { name } of dataTables(all)) {
    if (name === OWN_NOTES_TABLE) continue;
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(database.read);
    if (rows.length > 0) {
      throw new CommandError(
        `${where} already has data (in ${name}). A restore never overwrites: name an empty one. Nothing was restored.`,
      );
    }
  }
  if (!all.some(({ name }) => name === MIGRATIONS_TABLE)) return;
  const applied = await database.read.selectFrom('schema_migrations').select('id').execute();
  const newer = applied.filter(({ id }) => !manifest.migrations.includes(id));
  if (newer.length > 0) {
    throw new CommandError(
      `${where} is empty but has a newer schema than the archive. Name one that no server has started on. Nothing was restored.`,
    );
  }
}

/**
 * The archive's secrets file when it must be written.
 *
 * @throws CommandError when another secret is in its place: with it, the archive's users could not sign in
 */
async function secretsToRestore(config: Config, manifest: Manifest, archive: string): Promise<Buffer | null> {
  if (!manifest.secrets || config.SERVER_SECRET || config.JWT_SECRET) return null;
  const kept = await keptSecrets(archive);
  const path = join(config.DATA_DIR, SECRETS_FILE);
  if (!existsSync(path)) return kept;
  if (!kept.equals(await readFile(path))) {
    throw new CommandError(
      `${path} holds another secret than the archive. If nothing depends on it, move it away and restore again. Nothing was restored.`,
    );
  }
  return null;
}

async function keptSecrets(archive: string): Promise<Buffer> {
  for await (const { name, bytes } of readArchive(archive)) {
    if (name.kind === 'secrets') return wholeEntry(bytes);
    await discard(bytes);
  }
  throw new CommandError('The archive changed while it was read. Start again.');
}

async function writeSecrets(directory: string, secrets: Buffer): Promise<void> {
  const path = join(directory, SECRETS_FILE);
  const temporary = `${path}.${process.pid}.tmp`;
  await mkdir(directory, { recursive: true });
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(secrets);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(temporary, 0o600);
  await rename(temporary, path);
}

async function restoreMedia(
  config: Config,
  manifest: Manifest,
  archive: string,
  progress: Progress,
): Promise<void> {
  const folder = scratchPathOf(config);
  await mkdir(folder, { recursive: true });
  const media = await connectMedia(config);
  try {
    await loadMedia(media, manifest, archive, folder, progress);
  } finally {
    await media.close();
  }
}

function report(config: Config, manifest: Manifest): void {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `Restored ${rows.toLocaleString('en')} rows and ${manifest.media.length.toLocaleString('en')} media objects, as they were on ${manifest.createdAt}.`,
  );
  if (config.SERVER_SECRET || config.JWT_SECRET) {
    console.log(
      manifest.secrets
        ? 'The archive’s own secret was not restored because SERVER_SECRET or JWT_SECRET is set: users who sign in with a key will be strangers.'
        : 'SERVER_SECRET must be the one of the server that was backed up, or users who sign in with a key will be strangers.',
    );
  }
}
