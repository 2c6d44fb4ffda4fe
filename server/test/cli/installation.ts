import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { apps } from '../../src/apps/catalogue.js';
import { mediaKeyOf } from '../../src/apps/speech/media-keys.js';
import type { SpeechTables } from '../../src/apps/speech/tables.js';
import { type Config, loadConfig } from '../../src/config.js';
import { allMigrations, connectDatabase, connectMedia, connectSnapshot } from '../../src/connect.js';
import { type Database, type Dialect, withTables } from '../../src/platform/database/database.js';
import { migrate } from '../../src/platform/database/migrations.js';
import { BACKUP_RUN } from '../../src/platform/database/tables.js';
import { uuidV7 } from '../../src/platform/ids.js';
import type { Media } from '../../src/platform/media/media.js';
import { loadSecrets } from '../../src/platform/secrets.js';
import { createLog } from '../../src/platform/telemetry/log.js';
import { freshPostgres } from '../support/databases.js';

/** A data directory (and database) of a test's own, as a server would have it. */
export interface Installation {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string>>;
  /** A path in a temporary folder of the installation's own, outside its data directory. */
  path(name: string): string;
  remove(): void;
}

export async function installation(
  dialect: Dialect,
  more: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-cli-'));
  const environment = {
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'silent',
    ...(dialect === 'postgres' ? { DATABASE_URL: await freshPostgres(), DATABASE_POOL: '4' } : {}),
    ...more,
  };
  return {
    config: loadConfig(environment),
    environment,
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The open database and media of an installation, with today's schema. */
export async function opened(config: Config) {
  const database = await connectDatabase(config, createLog('silent'));
  await migrate(database, allMigrations(apps), 1);
  const media = await connectMedia(config);
  const secrets = loadSecrets({
    serverSecret: config.SERVER_SECRET,
    jwtSecret: config.JWT_SECRET,
    dataDirectory: config.DATA_DIR,
  });
  return {
    database,
    media,
    secrets,
    close: async () => {
      await media.close();
      await database.close();
    },
  };
}

/** A user with an identity, a finished file and a playback position, written in one transaction. */
export async function addListener(
  database: Database,
  media: Media,
  text: string,
  audio: Buffer | null = randomBytes(2_000),
) {
  const now = 1_795_000_000_123;
  const id = uuidV7();
  const fileId = uuidV7();
  if (audio) await media.put(mediaKeyOf(fileId, 'mp3'), audio);
  await database.transaction(async (tx) => {
    const queries = withTables<SpeechTables>(tx);
    await tx.insertInto('users').values({ id, created_at: now, last_seen_at: now }).execute();
    await tx
      .insertInto('identities')
      .values({ issuer: 'openai-key', subject: id, user_id: id, created_at: now })
      .execute();
    await queries
      .insertInto('audio_files')
      .values({
        id: fileId,
        user_id: id,
        content_hash: fileId,
        text_content: text,
        title: null,
        voice: 'alloy',
        model: 'tts-1',
        format: 'mp3',
        speed: 1.1,
        instructions: null,
        file_name: `${fileId}.mp3`,
        file_size: audio?.byteLength ?? 0,
        file_sha256: null,
        duration_ms: 1_234,
        status: 'ready',
        failure: null,
        chunks_done: 1,
        chunks_total: 1,
        created_at: now,
        updated_at: now,
        expires_at: now + 1,
        expired_at: null,
      })
      .execute();
    await queries
      .insertInto('playback_states')
      .values({
        id: uuidV7(),
        user_id: id,
        document_id: fileId,
        title: 'Tab\tquote" \u2028 line',
        text_content: text,
        language_code: null,
        resume_key: 'r',
        progress: 0.1 + 0.2,
        is_playing: 0,
        is_paused: 1,
        is_loading: 0,
        current_title: '',
        created_at: now,
        updated_at: now,
      })
      .execute();
  });
  return { userId: id, fileId };
}

/** Every row of every table that a backup holds, sorted, so that two installations can be compared. */
export async function allRows(config: Config): Promise<Record<string, string[]>> {
  const snapshot = await connectSnapshot(config);
  const found: Record<string, string[]> = {};
  for (const table of await snapshot.tables()) {
    if (['schema_migrations', 'background_jobs', 'job_nodes'].includes(table.name)) continue;
    const lines: string[] = [];
    for await (const batch of snapshot.rows(table)) {
      for (const row of batch) {
        // The source knows of its backup, which was complete before that was written.
        if (row.name === BACKUP_RUN) continue;
        lines.push(JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
      }
    }
    found[table.name] = lines.sort();
  }
  await snapshot.close();
  return found;
}

/** Every media object by its key, in base64. */
export async function allMedia(media: Media): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { key } of media.list('')) {
    const body = await media.read(key);
    if (!body) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of Buffer.isBuffer(body) ? [body] : body) chunks.push(chunk as Buffer);
    found[key] = Buffer.concat(chunks).toString('base64');
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a command prints, for as long as the work goes on; keeps the test's own output clean. */
export async function printed(work: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...words) => {
    lines.push(words.join(' '));
  });
  try {
    await work();
  } finally {
    log.mockRestore();
  }
  return lines.join('\n');
}
