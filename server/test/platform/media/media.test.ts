import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFileMedia } from '../../../src/platform/media/files/index.js';
import { InvalidMediaKey, type Media } from '../../../src/platform/media/media.js';
import { s3Media } from '../../../src/platform/media/s3/index.js';
import { startS3 } from '../../support/s3.js';

const folder = mkdtempSync(join(tmpdir(), 'earshot-media-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const adapters: Record<string, () => Promise<{ media: Media; stop(): Promise<void> }>> = {
  files: async () => {
    const media = await openFileMedia(join(folder, 'files'));
    return { media, stop: () => media.close() };
  },
  s3: async () => {
    const server = await startS3();
    const media = s3Media(server.options);
    return { media, stop: () => media.close().then(server.stop) };
  },
};

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const keysOf = async (media: Media, prefix: string) => {
  const keys: string[] = [];
  for await (const entry of media.list(prefix)) keys.push(entry.key);
  return keys.sort();
};

async function bytesOf(content: Buffer | Readable | null): Promise<Buffer | null> {
  if (!(content instanceof Readable)) return content;
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe.each(Object.keys(adapters))('the media port on %s', (name) => {
  let media: Media;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    const made = await adapters[name]?.();
    if (!made) throw new Error(name);
    ({ media, stop } = made);
  });
  afterAll(() => stop());

  it('gives back what was put, with its size, hash and time', async () => {
    const bytes = randomBytes(40_000);
    const stored = await media.put('speech/ab/small.mp3', bytes);
    expect(stored).toMatchObject({ key: 'speech/ab/small.mp3', size: 40_000, sha256: sha256(bytes) });
    expect(Math.abs(stored.modifiedAt - Date.now())).toBeLessThan(60_000);
    expect(await media.read('speech/ab/small.mp3')).toEqual(bytes);
    const found = await media.stat('speech/ab/small.mp3');
    expect(found).toMatchObject({ key: 'speech/ab/small.mp3', size: 40_000 });
    expect(Math.abs((found?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('streams large objects', async () => {
    const bytes = randomBytes(700_000);
    await media.put('large.wav', bytes);
    const content = await media.read('large.wav');
    expect(content).toBeInstanceOf(Readable);
    expect(sha256((await bytesOf(content)) ?? Buffer.alloc(0))).toBe(sha256(bytes));
  });

  it('takes over a local file, small or in several parts', async () => {
    for (const size of [10, 9 * 1024 * 1024]) {
      const bytes = randomBytes(size);
      const file = join(folder, `upload-${name}-${size}`);
      writeFileSync(file, bytes);
      expect(await media.put(`moved/${size}.bin`, { file })).toMatchObject({ size, sha256: sha256(bytes) });
      expect(existsSync(file)).toBe(false);
      expect((await bytesOf(await media.read(`moved/${size}.bin`)))?.equals(bytes)).toBe(true);
    }
  });

  it('replaces an object as a whole', async () => {
    await media.put('same.txt', Buffer.from('the longer first version'));
    await media.put('same.txt', Buffer.from('second'));
    expect(String(await media.read('same.txt'))).toBe('second');
  });

  it('keeps an empty object', async () => {
    expect(await media.put('empty.bin', new Uint8Array())).toMatchObject({ size: 0 });
    expect(await bytesOf(await media.read('empty.bin'))).toEqual(Buffer.alloc(0));
  });

  it('reads ranges, cut at the end of the object', async () => {
    await media.put('digits.txt', Buffer.from('0123456789'));
    // Not 0-0: s3rver takes that for the whole object.
    expect(String(await media.read('digits.txt', { start: 0, end: 1 }))).toBe('01');
    expect(String(await media.read('digits.txt', { start: 9, end: 9 }))).toBe('9');
    expect(String(await media.read('digits.txt', { start: 3, end: 5 }))).toBe('345');
    expect(String(await media.read('digits.txt', { start: 8, end: 99 }))).toBe('89');
    const long = await media.read('large.wav', { start: 100_000, end: 599_999 });
    expect((await bytesOf(long))?.length).toBe(500_000);
  });

  it.each([
    { start: 10, end: 12 },
    { start: 5, end: 4 },
    { start: -1, end: 4 },
    { start: 0.5, end: 4 },
  ])('refuses the range $start-$end of ten bytes', async (range) => {
    await media.put('digits.txt', Buffer.from('0123456789'));
    await expect(media.read('digits.txt', range)).rejects.toBeInstanceOf(RangeError);
  });

  it('says null of what is not there', async () => {
    expect(await media.stat('no/such.mp3')).toBeNull();
    expect(await media.read('no/such.mp3')).toBeNull();
    expect(await media.read('no/such.mp3', { start: 0, end: 1 })).toBeNull();
  });

  it('deletes, also what is not there', async () => {
    await media.put('gone.mp3', Buffer.from('x'));
    await media.delete('gone.mp3');
    await media.delete('gone.mp3');
    await media.delete('never/was.mp3');
    expect(await media.read('gone.mp3')).toBeNull();
  });

  it('lists by the beginning of the key', async () => {
    for (const key of ['list/a/1.mp3', 'list/a/2.mp3', 'list/ab/3.mp3', 'list/b.mp3', 'listing.mp3']) {
      await media.put(key, Buffer.from('x'));
    }
    expect(await keysOf(media, 'list/')).toEqual([
      'list/a/1.mp3',
      'list/a/2.mp3',
      'list/ab/3.mp3',
      'list/b.mp3',
    ]);
    expect(await keysOf(media, 'list/a')).toEqual(['list/a/1.mp3', 'list/a/2.mp3', 'list/ab/3.mp3']);
    expect(await keysOf(media, 'list/a/')).toEqual(['list/a/1.mp3', 'list/a/2.mp3']);
    expect(await keysOf(media, 'nothing/here')).toEqual([]);
    expect(await keysOf(media, '')).toContain('listing.mp3');
  });

  it.each([
    '',
    '/etc/passwd',
    '../up',
    'a/../b',
    'a//b',
    'a/',
    '.hidden',
    'a/.tmp',
    'a\\b',
    'a\0b',
    'ä.mp3',
    'a b',
    'x/'.repeat(20),
  ])('refuses the key %j', async (key) => {
    await expect(media.put(key, Buffer.from('x'))).rejects.toBeInstanceOf(InvalidMediaKey);
    await expect(media.read(key)).rejects.toBeInstanceOf(InvalidMediaKey);
    await expect(media.stat(key)).rejects.toBeInstanceOf(InvalidMediaKey);
    await expect(media.delete(key)).rejects.toBeInstanceOf(InvalidMediaKey);
  });

  it('lets the last of many writers of one key win as a whole', async () => {
    const versions = Array.from({ length: 20 }, (_, n) => Buffer.alloc(20_000, n));
    await Promise.all(versions.map((bytes) => media.put('contested.bin', bytes)));
    const won = await bytesOf(await media.read('contested.bin'));
    expect(versions.some((bytes) => won !== null && bytes.equals(won))).toBe(true);
  });

  it('answers a ping and leaves nothing behind', async () => {
    const before = await keysOf(media, '');
    await media.ping();
    expect(await keysOf(media, '')).toEqual(before);
  });
});

describe('media as files', () => {
  it('sweeps what an earlier process left half written', async () => {
    const root = join(folder, 'swept');
    await openFileMedia(root);
    writeFileSync(join(root, '.tmp', `${process.pid}-half`), 'half');
    writeFileSync(join(root, '.tmp', 'no-process'), 'half');
    await openFileMedia(root);
    expect(readdirSync(join(root, '.tmp'))).toEqual([]);
  });

  it('leaves no temporary file behind when storing fails, and keeps the error code', async () => {
    const root = join(folder, 'failing');
    const media = await openFileMedia(root);
    await media.put('a', Buffer.from('a file, so no folder can be made here'));
    await expect(media.put('a/b', Buffer.from('x'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(media.put('c', { file: join(folder, 'missing') })).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(join(root, '.tmp'))).toEqual([]);
  });

  it('says with the original error that the disk cannot be written', async () => {
    const root = join(folder, 'unwritable');
    const media = await openFileMedia(root);
    rmSync(join(root, '.tmp'), { recursive: true });
    await expect(media.ping()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(media.put('x', Buffer.from('x'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await media.stat('x')).toBeNull();
  });
});

describe('media in S3', () => {
  it('says aloud that the bucket is missing', async () => {
    const server = await startS3();
    const media = s3Media({ ...server.options, bucket: 'missing' });
    await expect(media.put('x', Buffer.from('x'))).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(media.ping()).rejects.toThrow();
    await media.close();
    await server.stop();
  });
});
