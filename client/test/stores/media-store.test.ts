import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { afterEach, describe, expect, test } from 'vitest';
import type { MediaEntry, MediaStore } from '../../src/index.js';
import { createMemoryMediaStore } from '../../src/index.js';
import { createDexieMediaStore } from '../../src/stores/dexie.js';
import { openFileMediaStore } from '../../src/stores/file.js';

const folders: string[] = [];
const folder = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'earshot-media-'));
  folders.push(directory);
  return directory;
};

afterEach(async () => {
  for (const each of folders.splice(0)) await rm(each, { recursive: true });
});

interface Ground {
  open(): Promise<MediaStore>;
  readonly lasting: boolean;
}

const grounds: Readonly<Record<string, () => Promise<Ground>>> = {
  memory: async () => ({ open: async () => createMemoryMediaStore(), lasting: false }),
  dexie: async () => {
    const indexedDB = new IDBFactory();
    return { open: async () => createDexieMediaStore({ indexedDB, IDBKeyRange }), lasting: true };
  },
  file: async () => {
    const directory = await folder();
    return { open: () => openFileMediaStore({ directory }), lasting: true };
  },
};

const entry = (key: string, more: Partial<MediaEntry> = {}): MediaEntry => ({
  key,
  kind: 'audio',
  contentType: 'audio/mpeg',
  size: 3,
  sha256: 'abc',
  source: '/api/media/a',
  storedAt: 1,
  lastUsedAt: 1,
  pinned: false,
  ...more,
});
const bytes = Uint8Array.of(1, 2, 3);

describe.each(Object.entries(grounds))('the %s media store', (_name, ground) => {
  test('keeps files with their descriptions, replaces them, and notes what is done with them', async () => {
    const store = await (await ground()).open();
    await store.put(entry('audio_a.mp3'), bytes);
    await store.put(entry('avatar_b.png', { kind: 'avatar' }), bytes);
    expect(await store.get('audio_a.mp3')).toEqual({ entry: entry('audio_a.mp3'), bytes });
    expect(await store.get('audio_z.mp3')).toBeUndefined();
    await store.note('audio_a.mp3', { lastUsedAt: 9, pinned: true });
    await store.note('audio_z.mp3', { lastUsedAt: 9 });
    const noted = entry('audio_a.mp3', { lastUsedAt: 9, pinned: true });
    expect((await store.get('audio_a.mp3'))?.entry).toEqual(noted);
    await store.put(entry('audio_a.mp3', { size: 1 }), Uint8Array.of(7));
    expect((await store.get('audio_a.mp3'))?.bytes).toEqual(Uint8Array.of(7));
    expect((await store.list()).map(({ key }) => key).sort()).toEqual(['audio_a.mp3', 'avatar_b.png']);
    expect(await store.delete(['audio_a.mp3', 'audio_z.mp3'])).toEqual(['audio_a.mp3']);
    expect(await store.delete(['audio_a.mp3'])).toEqual([]);
    await store.clear();
    expect(await store.list()).toEqual([]);
    await store.close();
  });

  test('is not changed by what happens to the bytes outside', async () => {
    const store = await (await ground()).open();
    const mine = Uint8Array.of(1, 2, 3);
    await store.put(entry('audio_a.mp3'), mine);
    mine.fill(0);
    expect((await store.get('audio_a.mp3'))?.bytes).toEqual(bytes);
    await store.close();
  });

  test('has everything after it is opened again without having been closed', async () => {
    const place = await ground();
    if (!place.lasting) return;
    const first = await place.open();
    await first.put(entry('audio_a.mp3'), bytes);
    await first.note('audio_a.mp3', { lastUsedAt: 9 });
    const second = await place.open();
    expect(await second.get('audio_a.mp3')).toEqual({
      entry: entry('audio_a.mp3', { lastUsedAt: 9 }),
      bytes,
    });
    await first.close();
    await second.close();
  });
});

describe('the media folder after a crash', () => {
  test('has folders by kind, and forgets files that were cut off', async () => {
    const directory = await folder();
    const first = await openFileMediaStore({ directory });
    await first.put(entry('audio_a.mp3'), bytes);
    await first.put(entry('illustration_b.png', { kind: 'illustration' }), bytes);
    expect((await readdir(directory)).sort()).toEqual(['Audio', 'Avatars', 'StoryIllustrations']);
    const audio = join(directory, 'Audio');
    await writeFile(join(audio, 'audio_c.mp3'), 'bytes without a description');
    await writeFile(join(audio, 'audio_d.mp3.part'), 'half of it');
    await writeFile(join(audio, 'audio_e.mp3.json'), '{"key":"audio_e');
    await rm(join(directory, 'StoryIllustrations', 'illustration_b.png'));
    const second = await openFileMediaStore({ directory });
    expect((await second.list()).map(({ key }) => key)).toEqual(['audio_a.mp3']);
    expect((await readdir(audio)).sort()).toEqual(['audio_a.mp3', 'audio_a.mp3.json']);
    expect(await readdir(join(directory, 'StoryIllustrations'))).toEqual([]);
  });

  test('has nothing for a file that somebody else removed', async () => {
    const directory = await folder();
    const store = await openFileMediaStore({ directory });
    await store.put(entry('audio_a.mp3'), bytes);
    await rm(join(directory, 'Audio', 'audio_a.mp3'));
    expect(await store.get('audio_a.mp3')).toBeUndefined();
  });
});
