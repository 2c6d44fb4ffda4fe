import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { backup } from '../../src/cli/backup.js';
import { restore } from '../../src/cli/restore.js';
import type { Dialect } from '../../src/platform/database/database.js';
import { lockDataDirectory } from '../../src/platform/database/sqlite/process-lock.js';
import { withJobs } from '../../src/platform/jobs/tables.js';
import { dialects } from '../support/databases.js';
import { startS3 } from '../support/s3.js';
import { entriesOf } from './archives.js';
import {
  addListener,
  allMedia,
  allRows,
  type Installation,
  installation,
  opened,
  printed,
} from './installation.js';

const LARGE_OBJECT = randomBytes(9 * 1024 * 1024);

const made: Installation[] = [];
async function fresh(dialect: Dialect, more: Record<string, string> = {}): Promise<Installation> {
  const one = await installation(dialect, more);
  made.push(one);
  return one;
}
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

async function fill(from: Installation, listeners = 20): Promise<void> {
  const { database, media, close } = await opened(from.config);
  for (let n = 0; n < listeners; n += 1)
    await addListener(database, media, `Text number ${n} 💬\r\nwith lines`);
  await addListener(database, media, 'large', LARGE_OBJECT);
  await addListener(database, media, 'empty', Buffer.alloc(0));
  await close();
}

async function backedUp(from: Installation): Promise<string> {
  const file = from.path('backup.tar.gz');
  await printed(() => backup(from.config, file));
  return file;
}

async function mediaOf(one: Installation) {
  const { media, close } = await opened(one.config);
  const found = await allMedia(media);
  await close();
  return found;
}

describe.each(dialects.flatMap((from) => dialects.map((to) => [from, to] as const)))(
  'a backup of %s restored into %s',
  (from, to) => {
    it('Backups: brings back every row, every object and the secret', async () => {
      const source = await fresh(from);
      const target = await fresh(to);
      await fill(source);
      const file = await backedUp(source);
      const words = await printed(() => restore(target.config, file));

      expect(await allRows(target.config)).toEqual(await allRows(source.config));
      expect(await mediaOf(target)).toEqual(await mediaOf(source));
      const secret = (one: Installation) => readFileSync(join(one.config.DATA_DIR, 'secrets.json'), 'utf8');
      expect(secret(target)).toBe(secret(source));
      expect(statSync(join(target.config.DATA_DIR, 'secrets.json')).mode & 0o777).toBe(0o600);
      expect(words).toMatch(/Restored 88 rows and 22 media objects/);
    });
  },
);

describe.each(dialects)('a backup of %s', (dialect) => {
  it('is of one instant while twenty writers go on', async () => {
    const source = await fresh(dialect);
    await fill(source);
    const { database, media, close } = await opened(source.config);
    let writing = true;
    let written = 0;
    const writers = Array.from({ length: 20 }, async (_, n) => {
      while (writing) {
        await addListener(database, media, 'written meanwhile', n === 0 ? randomBytes(10) : null);
        written += 1;
        // Not flat out: a slow machine takes longer for the backup, and must not have ten times the rows to restore.
        await pause(20);
      }
    });
    await vi.waitUntil(() => written >= 20, { timeout: 20_000 });
    const before = written;
    const file = await backedUp(source);
    const during = written - before;
    writing = false;
    await Promise.all(writers);
    await close();

    const target = await fresh('sqlite');
    await printed(() => restore(target.config, file));
    const rows = await allRows(target.config);
    expect(during).toBeGreaterThan(0);
    // One transaction writes one row into each of these: a snapshot has them all or none of them.
    const counts = ['users', 'identities', 'audio_files', 'playback_states'].map(
      (name) => rows[name]?.length,
    );
    expect(new Set(counts).size).toBe(1);
    expect(counts[0]).toBeGreaterThanOrEqual(22 + before);
    expect(counts[0]).toBeLessThanOrEqual(22 + written);
    const restored = await opened(target.config);
    const broken = await sql`pragma foreign_key_check`.execute(restored.database.read);
    expect(broken.rows).toEqual([]);
    await restored.close();
  }, 120_000);

  it('holds nothing of the queue, so no key that is sealed in it', async () => {
    const source = await fresh(dialect);
    const { database, secrets, close } = await opened(source.config);
    const apiKey = 'sk-a-users-own-key-0123456789';
    const sealed = secrets.seal(apiKey);
    await database.transaction((tx) =>
      withJobs(tx)
        .insertInto('background_jobs')
        .values({
          id: 'j',
          name: 'speech.generate',
          owner: 'u',
          unique_key: null,
          payload: JSON.stringify({ sealedKey: sealed }),
          state: 'waiting',
          recurring: 0,
          run_at: 0,
          node: null,
          error: null,
          failed_at: null,
        })
        .execute(),
    );
    await close();
    const entries = await entriesOf(await backedUp(source));
    const everything = Buffer.concat(entries.map((entry) => entry.bytes)).toString('latin1');
    expect(everything).not.toContain(apiKey);
    expect(everything).not.toContain(sealed);
    expect(entries.map((entry) => entry.name)).toEqual(
      expect.arrayContaining(['database/users.ndjson', 'secrets.json', 'manifest.json']),
    );
    expect(entries.map((entry) => entry.name).filter((name) => /job|graphile|migrations/.test(name))).toEqual(
      [],
    );
  });
});

describe('a backup', () => {
  it('is readable by its owner only and leaves nothing beside it', async () => {
    const source = await fresh('sqlite');
    await fill(source, 1);
    const file = await backedUp(source);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(file)).sort()).toEqual(['backup.tar.gz', 'data']);
  });

  it('does not overwrite a file', async () => {
    const source = await fresh('sqlite');
    await fill(source, 1);
    const file = await backedUp(source);
    const size = statSync(file).size;
    await expect(backup(source.config, file)).rejects.toThrow('exists already');
    expect(statSync(file).size).toBe(size);
  });

  it('says so when there is nothing to back up, and makes nothing', async () => {
    const source = await fresh('sqlite');
    await expect(backup(source.config, source.path('b.tar.gz'))).rejects.toThrow('nothing to back up');
    expect(existsSync(source.config.DATA_DIR)).toBe(false);
    expect(existsSync(source.path('b.tar.gz'))).toBe(false);
  });

  it('says so when the folder of the archive does not exist', async () => {
    const source = await fresh('sqlite');
    await fill(source, 1);
    await expect(backup(source.config, source.path('no/such/b.tar.gz'))).rejects.toThrow(
      'There is no folder',
    );
  });

  it('leaves a configured secret out', async () => {
    const source = await fresh('sqlite', { SERVER_SECRET: 'x'.repeat(40) });
    await fill(source, 1);
    const entries = await entriesOf(await backedUp(source));
    expect(entries.map((entry) => entry.name)).not.toContain('secrets.json');
  });

  it('moves an installation to PostgreSQL and S3 and back', async () => {
    const s3 = await startS3();
    const scaled = await fresh('postgres', {
      S3_ENDPOINT: s3.options.endpoint ?? '',
      S3_BUCKET: s3.options.bucket,
      S3_ACCESS_KEY_ID: s3.options.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.options.secretAccessKey,
    });
    const source = await fresh('sqlite');
    const target = await fresh('sqlite');
    await fill(source, 5);
    const file = await backedUp(source);
    await printed(() => restore(scaled.config, file));
    const back = await backedUp(scaled);
    await printed(() => restore(target.config, back));
    expect(await mediaOf(scaled)).toEqual(await mediaOf(source));
    expect(await mediaOf(target)).toEqual(await mediaOf(source));
    expect(await allRows(target.config)).toEqual(await allRows(source.config));
    await s3.stop();
  });

  it('of texts that PostgreSQL cannot hold restores with a sign in the place of U+0000', async () => {
    const source = await fresh('sqlite');
    const target = await fresh('postgres');
    const from = await opened(source.config);
    await addListener(from.database, from.media, 'a\0b');
    await from.close();
    const file = await backedUp(source);
    await printed(() => restore(target.config, file));
    expect((await allRows(target.config)).audio_files?.[0]).toContain('"a\uFFFDb"');
  });
});

describe.each(dialects)('a restore into %s', (dialect) => {
  it('refuses a database that has data, and leaves it as it is', async () => {
    const source = await fresh('sqlite');
    const target = await fresh(dialect);
    await fill(source, 1);
    const file = await backedUp(source);
    const { database, media, close } = await opened(target.config);
    await addListener(database, media, 'mine');
    await close();
    // The secret is not what this is about.
    const rows = await allRows(target.config);
    await expect(restore({ ...target.config, SERVER_SECRET: 'x'.repeat(40) }, file)).rejects.toThrow(
      'already has data',
    );
    expect(await allRows(target.config)).toEqual(rows);
    expect(Object.keys(await mediaOf(target))).toHaveLength(1);
  });

  it('accepts a database that a server has only started on', async () => {
    const source = await fresh('sqlite', { SERVER_SECRET: 'x'.repeat(40) });
    const target = await fresh(dialect, { SERVER_SECRET: 'x'.repeat(40) });
    await fill(source, 1);
    const file = await backedUp(source);
    const { database, close } = await opened(target.config);
    await database.transaction((tx) =>
      tx.insertInto('maintenance_runs').values({ name: 'speech.retention', finished_at: 1 }).execute(),
    );
    await close();
    await printed(() => restore(target.config, file));
    expect(await allRows(target.config)).toEqual(await allRows(source.config));
  });

  it('can be run again after it failed half way', async () => {
    const source = await fresh('sqlite', { SERVER_SECRET: 'x'.repeat(40) });
    const target = await fresh(dialect, { SERVER_SECRET: 'x'.repeat(40) });
    await fill(source, 1);
    const file = await backedUp(source);
    const { database, close } = await opened(target.config);
    const rename = (from: string, to: string) =>
      database.transaction((tx) =>
        sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(tx),
      );
    await rename('playback_states', 'elsewhere');
    await expect(restore(target.config, file)).rejects.toThrow('playback_states');
    expect((await allRows(target.config)).users).toEqual([]);
    await rename('elsewhere', 'playback_states');
    await close();
    await printed(() => restore(target.config, file));
    expect(await allRows(target.config)).toEqual(await allRows(source.config));
  });
});

describe('a restore', () => {
  it('refuses a data directory that a server is running on', async () => {
    const source = await fresh('sqlite');
    const target = await fresh('sqlite');
    await fill(source, 1);
    const file = await backedUp(source);
    const unlock = lockDataDirectory(target.config.DATA_DIR);
    await expect(restore(target.config, file)).rejects.toThrow('A server is running');
    unlock?.();
    expect(existsSync(join(target.config.DATA_DIR, 'earshot.db'))).toBe(false);
  });

  it('refuses to go on under another secret than the archive’s', async () => {
    const source = await fresh('sqlite');
    const target = await fresh('sqlite');
    await fill(source, 1);
    const file = await backedUp(source);
    await (await opened(target.config)).close();
    await expect(restore(target.config, file)).rejects.toThrow('another secret');
    expect((await allRows(target.config)).users).toEqual([]);
  });
});
