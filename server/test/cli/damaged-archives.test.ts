import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backup } from '../../src/cli/backup.js';
import { restore } from '../../src/cli/restore.js';
import { type Entry, entriesOf, writeEntries } from './archives.js';
import { addListener, type Installation, installation, opened, printed } from './installation.js';

describe('a restore refuses, and touches nothing, when an archive', () => {
  let source: Installation;
  let target: Installation;
  let good: string;
  let entries: Entry[];
  beforeAll(async () => {
    source = await installation('sqlite');
    target = await installation('sqlite');
    const { database, media, close } = await opened(source.config);
    for (let n = 0; n < 5; n += 1) await addListener(database, media, `Text ${n}`);
    await close();
    good = source.path('good.tar.gz');
    await printed(() => backup(source.config, good));
    entries = await entriesOf(good);
  });
  afterAll(() => {
    source.remove();
    target.remove();
  });

  const refused = async (file: string, words: RegExp) => {
    await expect(restore(target.config, file)).rejects.toThrow(words);
    expect(existsSync(target.config.DATA_DIR)).toBe(false);
  };
  const altered = async (change: (entries: Entry[]) => Entry[]) => {
    const file = source.path('altered.tar.gz');
    await writeEntries(file, change([...entries]));
    return file;
  };
  const withManifest = (change: (manifest: Record<string, unknown>) => void) => (all: Entry[]) =>
    all.map((entry) => {
      if (entry.name !== 'manifest.json') return entry;
      const manifest = JSON.parse(entry.bytes.toString('utf8'));
      change(manifest);
      return { ...entry, bytes: Buffer.from(JSON.stringify(manifest)) };
    });

  it('does not exist', () => refused(source.path('none.tar.gz'), /There is no file/));

  it('is a folder', () => refused(source.config.DATA_DIR, /is a folder/));

  it('is something else', async () => {
    const file = source.path('else');
    writeFileSync(file, 'a shopping list');
    await refused(file, /damaged or not complete/);
    writeFileSync(file, gzipSync('a shopping list'));
    await refused(file, /cannot be used/);
    writeFileSync(file, '');
    await refused(file, /cannot be used/);
  });

  it.each([0.1, 0.5, 0.9, 0.999])('was cut off after %d of it', async (part) => {
    const bytes = readFileSync(good);
    const file = source.path('cut.tar.gz');
    writeFileSync(file, bytes.subarray(0, Math.floor(bytes.length * part)));
    await refused(file, /cannot be used/);
  });

  it('was cut off and packed again', async () => {
    const bytes = gunzipSync(readFileSync(good));
    const file = source.path('cut.tar.gz');
    for (const length of [700, 5_000, bytes.length - 4_000]) {
      writeFileSync(file, gzipSync(bytes.subarray(0, length)));
      await refused(file, /cannot be used/);
    }
  });

  it('has one wrong bit anywhere in its content', async () => {
    const bytes = readFileSync(good);
    const file = source.path('flipped.tar.gz');
    for (let at = 20; at < bytes.length; at += 997) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      writeFileSync(file, flipped);
      await refused(file, /cannot be used/);
    }
  });

  it('has one wrong byte in an object and was packed again', async () => {
    const file = await altered((all) =>
      all.map((entry) =>
        entry.name.startsWith('media/')
          ? { ...entry, bytes: Buffer.concat([entry.bytes.subarray(1), Buffer.from('x')]) }
          : entry,
      ),
    );
    await refused(file, /media\/.* is not what was backed up/);
  });

  it.each([
    'media/../../evil',
    '../evil',
    '/etc/evil',
    'media//evil',
    'media/.hidden',
    'media/a\\..\\b',
    'database/../users.ndjson',
    'database/Users.ndjson',
    'database/sqlite_master;drop.ndjson',
    'notes.txt',
  ])('contains %s', async (name) => {
    const bytes = Buffer.from('evil');
    const file = await altered((all) => [{ name, bytes }, ...all]);
    await refused(file, /which no backup has/);
  });

  it('contains a link', async () => {
    const link: Entry = { name: 'media/link', bytes: Buffer.alloc(0), type: 'symlink' };
    await refused(await altered((all) => [link, ...all]), /which no backup has/);
  });

  it('contains more than its manifest names', async () => {
    const extra: Entry = { name: 'media/extra', bytes: Buffer.from('x') };
    await refused(await altered((all) => [extra, ...all]), /its manifest does not name/);
  });

  it('contains something twice', async () => {
    await refused(await altered((all) => [...all.slice(0, 1), ...all]), /twice/);
  });

  it('lacks something', async () => {
    const file = await altered((all) => all.filter((entry) => entry.name !== 'database/users.ndjson'));
    await refused(file, /users\.ndjson is missing/);
  });

  it('lacks its manifest', async () => {
    const file = await altered((all) => all.filter((entry) => entry.name !== 'manifest.json'));
    await refused(file, /no manifest/);
  });

  it('has a newer format, or a schema of a newer version', async () => {
    const newerFormat = withManifest((manifest) => {
      manifest.formatVersion = 2;
    });
    await refused(await altered(newerFormat), /newer Earshot/);
    const newerSchema = withManifest((manifest) => {
      manifest.migrations = ['speech-999-telepathy'];
    });
    await refused(await altered(newerSchema), /speech-999-telepathy/);
  });

  it('names a table that there is none of, with nothing loaded', async () => {
    const bytes = Buffer.from('{"id":1}\n');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const withTable = withManifest((manifest) => {
      manifest.tables = [{ name: 'mystery', rows: 1, size: bytes.length, sha256 }];
      manifest.media = [];
    });
    const file = await altered((all) => [
      { name: 'database/mystery.ndjson', bytes },
      ...withTable(all).filter(({ name }) => name === 'manifest.json' || name === 'secrets.json'),
    ]);
    const empty = await installation('sqlite');
    await expect(restore(empty.config, file)).rejects.toThrow(/mystery/);
    empty.remove();
  });
});
