import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import type { MediaEntry, MediaStore } from '../../src/index.js';
import {
  createMemoryMediaStore,
  EVICTION_POLICIES,
  MEDIA_LIMIT_BYTES,
  SWEEP_INTERVAL_MS,
} from '../../src/index.js';
import { createDexieMediaStore } from '../../src/stores/dexie.js';
import type { Device } from '../support/device.js';
import { createDevice, lighthouse, luna } from '../support/device.js';
import type { FakeServer } from '../support/fake-server.js';
import { createFakeServer, errorAnswer, json } from '../support/fake-server.js';
import { settle } from '../support/world.js';

const DAY_MS = 24 * 3_600_000;
const bytes = (size: number, value = 7): Uint8Array<ArrayBuffer> => new Uint8Array(size).fill(value);

interface Library {
  readonly server: FakeServer;
  readonly device: Device;
  readonly media: MediaStore;
  /** Paths of the files that were asked for. */
  readonly downloads: () => readonly string[];
  /** What is served under `/api/media/…`; by path. */
  readonly files: Map<string, () => Response | Promise<Response>>;
}

const fileAnswer = (
  content: Uint8Array<ArrayBuffer>,
  type = 'image/png',
  announced = content.byteLength,
): Response =>
  new Response(content, { headers: { 'content-type': type, 'content-length': String(announced) } });

/** A hero with an avatar, and a story with a narration and two pictures, synced. */
async function library(more: Parameters<typeof createDevice>[1] = {}): Promise<Library> {
  const server = createFakeServer();
  const media = createMemoryMediaStore();
  const files: Library['files'] = new Map([
    ['/api/media/avatar/u/1-h1.png', () => fileAnswer(bytes(100, 1))],
    ['/api/media/audio/u/1-s1.mp3', () => fileAnswer(bytes(2000, 2), 'audio/mpeg')],
    ['/api/media/illustration/u/1-i1.png', () => fileAnswer(bytes(300, 3))],
    ['/api/media/illustration/u/1-i2.png', () => fileAnswer(bytes(300, 4))],
  ]);
  const fresh = (path: string): string =>
    `http://stories.test${path}?expires=${Date.UTC(2027, 0, 1)}&signature=x`;
  server.put('hero', 'h1', { ...luna, avatarUrl: fresh('/api/media/avatar/u/1-h1.png') });
  server.put('story', 's1', {
    ...lighthouse,
    heroId: 'h1',
    audioUrl: fresh('/api/media/audio/u/1-s1.mp3'),
    audioDuration: 60,
  });
  for (const id of ['i1', 'i2']) {
    server.put('illustration', id, {
      storyId: 's1',
      imageUrl: fresh(`/api/media/illustration/u/1-${id}.png`),
      generationStatus: 'completed',
    });
  }
  server.route = ({ path }) => files.get(path)?.();
  const device = await createDevice(server, { ...more, more: { mediaStore: media, ...more?.more } });
  await device.synced();
  const downloads = () =>
    server.requests.map(({ path }) => path).filter((path) => path.startsWith('/api/media/'));
  return { server, device, media, downloads, files };
}

describe('what is looked at', () => {
  test('row 2: nothing is downloaded before it is looked at', async () => {
    const { device, downloads } = await library();
    await device.stories.list();
    expect(downloads()).toEqual([]);
    expect(await device.media.get('audio', 's1')).toBeNull();
    expect((await device.media.downloadAndCache('audio', 's1')).bytes).toEqual(bytes(2000, 2));
    expect(downloads()).toEqual(['/api/media/audio/u/1-s1.mp3']);
  });

  test('row 33: the second time it comes from the device, also offline, and needs no session', async () => {
    const { device, downloads } = await library();
    await device.media.downloadAndCache('audio', 's1');
    device.manual.set({ connected: false });
    const shares: number[] = [];
    const again = await device.media.downloadWithProgress('audio', 's1', (share) => shares.push(share));
    expect(again.bytes).toEqual(bytes(2000, 2));
    expect(shares).toEqual([1]);
    expect(downloads()).toHaveLength(1);
    await expect(device.media.downloadAndCache('avatar', 'h1')).rejects.toMatchObject({ code: 'notCached' });
  });

  test('has the keys of contract §7.8, by the local id', async () => {
    const { device, media } = await library();
    await device.media.downloadAndCache('avatar', 'h1');
    await device.media.downloadAndCache('audio', 's1');
    await device.media.downloadAndCache('illustration', 'i1');
    expect((await media.list()).map(({ key }) => key)).toEqual([
      'avatar_h1.png',
      'audio_s1.mp3',
      'illustration_i1.png',
    ]);
    expect(await device.media.size()).toEqual({
      avatar: { files: 1, bytes: 100 },
      audio: { files: 1, bytes: 2000 },
      illustration: { files: 1, bytes: 300 },
      total: { files: 3, bytes: 2400 },
    });
    expect(await device.media.clear('audio')).toBe(2000);
    expect((await device.media.size()).total).toEqual({ files: 2, bytes: 400 });
    expect(await device.media.clear()).toBe(400);
  });

  test('is downloaded once for several callers, with progress for each, and ended when none waits', async () => {
    const { device, downloads, files } = await library();
    let serve: (answer: Response) => void = () => undefined;
    files.set('/api/media/audio/u/1-s1.mp3', () => new Promise((resolve) => (serve = resolve)));
    const shares: number[] = [];
    const first = device.media.downloadAndCache('audio', 's1', { onProgress: (share) => shares.push(share) });
    const leaving = new AbortController();
    const second = device.media.downloadAndCache('audio', 's1', { signal: leaving.signal });
    await settle();
    leaving.abort();
    await expect(second).rejects.toMatchObject({ code: 'aborted' });
    serve(fileAnswer(bytes(2000, 2), 'audio/mpeg'));
    expect((await first).bytes).toHaveLength(2000);
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
    expect(downloads()).toHaveLength(1);

    await device.media.clear();
    const alone = new AbortController();
    const third = device.media.downloadAndCache('audio', 's1', { signal: alone.signal });
    await settle();
    alone.abort();
    await expect(third).rejects.toMatchObject({ code: 'aborted' });
    serve(fileAnswer(bytes(2000, 2), 'audio/mpeg'));
    await settle();
    expect((await device.media.size()).total.files).toBe(0);
    await expect(
      device.media.downloadAndCache('audio', 's1', { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'aborted' });
  });

  test('a broken download leaves nothing behind', async () => {
    const { device, files, media } = await library();
    files.set('/api/media/audio/u/1-s1.mp3', () => fileAnswer(bytes(1200, 2), 'audio/mpeg', 2000));
    await expect(device.media.downloadAndCache('audio', 's1')).rejects.toMatchObject({ code: 'truncated' });
    files.set('/api/media/audio/u/1-s1.mp3', () => fileAnswer(bytes(0), 'audio/mpeg'));
    await expect(device.media.downloadAndCache('audio', 's1')).rejects.toMatchObject({ code: 'truncated' });
    expect(await media.list()).toEqual([]);
  });

  test('a file that was damaged on the device is downloaded anew', async () => {
    const { device, media, downloads } = await library();
    const { entry } = await device.media.downloadAndCache('audio', 's1');
    await media.put(entry, bytes(2000, 9));
    expect(await device.media.get('audio', 's1')).toBeNull();
    expect((await device.media.downloadAndCache('audio', 's1')).bytes).toEqual(bytes(2000, 2));
    expect(downloads()).toHaveLength(2);
  });
});

describe('addresses', () => {
  test('that have expired are renewed by asking for the entity, before or after a refusal', async () => {
    const { server, device, files, downloads } = await library();
    const old = `http://stories.test/api/media/avatar/u/1-h1.png?expires=${device.world.now() - 1}&signature=x`;
    const good = `/api/media/avatar/u/2-h1.png?expires=${Date.UTC(2027, 0, 1)}&signature=y`;
    server.put('hero', 'h1', { avatarUrl: old });
    await device.synced();
    files.set('/api/heroes/h1', () => json({ data: { ...luna, id: 'h1', avatarUrl: good } }));
    files.set('/api/media/avatar/u/2-h1.png', () => fileAnswer(bytes(50, 5)));
    expect((await device.media.downloadAndCache('avatar', 'h1')).bytes).toEqual(bytes(50, 5));
    expect(downloads()).toEqual(['/api/media/avatar/u/2-h1.png']);

    files.set('/api/media/illustration/u/1-i1.png', () => errorAnswer(403, 'Forbidden'));
    const illustration = { id: 'i1', imageUrl: good.replace('avatar', 'illustration') };
    files.set('/api/stories/s1', () =>
      json({ data: { ...lighthouse, id: 's1', illustrations: [illustration] } }),
    );
    files.set('/api/media/illustration/u/2-h1.png', () => fileAnswer(bytes(60, 6)));
    expect((await device.media.downloadAndCache('illustration', 'i1')).bytes).toEqual(bytes(60, 6));
  });

  test('of a new avatar replace the old file; offline the old one is better than none', async () => {
    const { server, device, files } = await library();
    await device.media.downloadAndCache('avatar', 'h1');
    server.put('hero', 'h1', { avatarUrl: 'http://stories.test/api/media/avatar/u/9-h1.png' });
    await device.synced();
    expect(await device.media.get('avatar', 'h1')).toBeNull();
    device.manual.set({ connected: false });
    expect((await device.media.downloadAndCache('avatar', 'h1')).bytes).toEqual(bytes(100, 1));
    device.manual.set({ connected: true });
    files.set('/api/media/avatar/u/9-h1.png', () => fileAnswer(bytes(10, 9)));
    expect((await device.media.downloadAndCache('avatar', 'h1')).bytes).toEqual(bytes(10, 9));
    expect((await device.media.get('avatar', 'h1'))?.bytes).toEqual(bytes(10, 9));
  });

  test('of a narration whose words were changed are gone, and its file with them', async () => {
    const { server, device, media } = await library();
    await device.media.downloadAndCache('audio', 's1');
    server.put('story', 's1', { audioUrl: null, audioGenerationStatus: 'pending' });
    await device.synced();
    await expect(device.media.downloadAndCache('audio', 's1')).rejects.toMatchObject({ code: 'notFound' });
    expect(await media.list()).toEqual([]);
  });

  test('for pages are shared by their users and revoked after the last one', async () => {
    const { device } = await library();
    const first = await device.media.objectUrl('avatar', 'h1');
    const second = await device.media.objectUrl('avatar', 'h1');
    expect(second.url).toBe(first.url);
    first.release();
    first.release();
    expect((await (await fetch(second.url)).blob()).size).toBe(100);
    second.release();
    await expect(fetch(second.url)).rejects.toThrow();
  });
});

describe('eviction', () => {
  const at = (lastUsedAt: number, more: Partial<MediaEntry>): MediaEntry => ({
    key: 'audio_s1.mp3',
    kind: 'audio',
    contentType: 'audio/mpeg',
    size: 10,
    sha256: 'x',
    source: null,
    storedAt: lastUsedAt,
    lastUsedAt,
    pinned: false,
    ...more,
  });

  test('the policies have the numbers of contract §7.8', () => {
    const days = Object.fromEntries(
      Object.entries(EVICTION_POLICIES).map(([name, { avatar, audio, illustration }]) => [
        name,
        [avatar / DAY_MS, audio / DAY_MS, illustration / DAY_MS],
      ]),
    );
    expect(days).toEqual({
      keepAvatars: [Number.POSITIVE_INFINITY, 30, 14],
      default: [90, 30, 14],
      conservative: [180, 60, 30],
      aggressive: [30, 7, 3],
    });
    expect(SWEEP_INTERVAL_MS).toBe(DAY_MS);
    expect(MEDIA_LIMIT_BYTES).toBe(200 * 1024 * 1024);
  });

  test('row 22: narrations go after 30 days, pictures after 14, avatars stay; a read of one that expired is a miss', async () => {
    const { device, downloads } = await library();
    for (const [kind, id] of [
      ['avatar', 'h1'],
      ['audio', 's1'],
      ['illustration', 'i1'],
    ] as const)
      await device.media.downloadAndCache(kind, id);
    device.world.skip(14 * DAY_MS + 1);
    expect((await device.media.evictExpired()).evicted).toEqual({ avatar: 0, audio: 0, illustration: 1 });
    device.world.skip(16 * DAY_MS);
    const before = downloads().length;
    expect(await device.media.get('audio', 's1')).toBeNull();
    expect((await device.media.size()).audio.files).toBe(0);
    expect(downloads()).toHaveLength(before);
    device.world.skip(1000 * DAY_MS);
    expect((await device.media.evictExpired()).bytesFreed).toBe(0);
    expect(await device.media.get('avatar', 'h1')).not.toBeNull();
  });

  test('what is used stays', async () => {
    const { device } = await library();
    await device.media.downloadAndCache('illustration', 'i1');
    for (let week = 0; week < 5; week += 1) {
      device.world.skip(7 * DAY_MS);
      expect(await device.media.get('illustration', 'i1')).not.toBeNull();
    }
  });

  test('row 22: 1000 files are evicted in less than 5 s', async () => {
    const media = createDexieMediaStore({ indexedDB: new IDBFactory(), IDBKeyRange });
    const { device } = await library({ more: { mediaStore: media } });
    for (let index = 0; index < 1000; index += 1) {
      await media.put(at(0, { key: `audio_${index}.mp3` }), bytes(10));
    }
    const begun = performance.now();
    const { evicted, bytesFreed } = await device.media.evictExpired();
    const ms = performance.now() - begun;
    console.info(`row 22: 1000 files evicted in ${ms.toFixed(0)} ms (limit 5000)`);
    expect(evicted.audio).toBe(1000);
    expect(bytesFreed).toBe(10_000);
    expect(ms).toBeLessThan(5000);
  });

  test('when there is too much, what was used longest ago goes, but nothing that is kept offline', async () => {
    const { device, media } = await library({ more: { mediaLimitBytes: 700 } });
    await device.media.keepOffline('s1');
    expect(await device.media.isKeptOffline('s1')).toBe(true);
    device.world.skip(1000);
    await device.media.downloadAndCache('avatar', 'h1');
    await device.media.evictExpired();
    expect((await device.media.size()).total.bytes).toBe(2700);
    await device.media.releaseOffline('s1');
    expect(await device.media.isKeptOffline('s1')).toBe(false);
    device.world.skip(1000);
    await device.media.get('illustration', 'i2');
    await device.media.evictExpired();
    expect((await media.list()).map(({ key }) => key).sort()).toEqual([
      'avatar_h1.png',
      'illustration_i1.png',
      'illustration_i2.png',
    ]);
  });

  test('room is made as soon as there is too much, and what does not fit on the device is shown all the same', async () => {
    const { device, media } = await library({ more: { mediaLimitBytes: 700 } });
    for (const id of ['i1', 'i2']) {
      await device.media.downloadAndCache('illustration', id);
      device.world.skip(1);
    }
    await device.media.downloadAndCache('avatar', 'h1');
    expect((await media.list()).map(({ key }) => key)).toHaveLength(3);
    device.world.skip(1);
    await device.media.put('avatar', 'h1', bytes(350), 'image/png');
    expect((await media.list()).map(({ key }) => key).sort()).toEqual([
      'avatar_h1.png',
      'illustration_i2.png',
    ]);

    const full: MediaStore = { ...media, put: () => Promise.reject(new Error('QuotaExceededError')) };
    const other = await library({ more: { mediaStore: full } });
    expect((await other.device.media.downloadAndCache('illustration', 'i1')).bytes).toHaveLength(300);
    expect((await full.list()).some(({ key }) => key === 'illustration_i1.png')).toBe(false);
  });

  test('what is kept offline neither expires nor loses that by a new version', async () => {
    const { device, server, files } = await library();
    await device.media.keepOffline('s1');
    device.world.skip(100 * DAY_MS);
    await device.media.evictExpired();
    expect(await device.media.isKeptOffline('s1')).toBe(true);
    server.put('story', 's1', { audioUrl: 'http://stories.test/api/media/audio/u/2-s1.mp3' });
    await device.synced();
    files.set('/api/media/audio/u/2-s1.mp3', () => fileAnswer(bytes(20), 'audio/mpeg'));
    expect((await device.media.downloadAndCache('audio', 's1')).entry.pinned).toBe(true);
  });

  test('files of what was deleted go with the next sweep, at launch and every 24 h', async () => {
    const { device, server, media } = await library();
    await device.media.downloadAndCache('audio', 's1');
    await device.start();
    await settle();
    expect(await media.list()).toHaveLength(1);
    server.remove('story', 's1');
    await device.sync.sync();
    await device.world.pass(23 * 3_600_000);
    expect(await media.list()).toHaveLength(1);
    await device.world.pass(2 * 3_600_000);
    expect(await media.list()).toHaveLength(0);
    await device.close();
  });
});

describe('preferences and signing out', () => {
  test('over a mobile network nothing is downloaded when Wi-Fi is wanted', async () => {
    const { device } = await library();
    await device.preferences.change({ mediaOnWifiOnly: true });
    device.manual.set({ interface: 'cellular' });
    await expect(device.media.downloadAndCache('audio', 's1')).rejects.toMatchObject({ code: 'wifiOnly' });
    device.manual.set({ interface: 'wifi' });
    expect((await device.media.downloadAndCache('audio', 's1')).bytes).toHaveLength(2000);
    await device.preferences.change({ mediaEviction: 'aggressive' });
    device.world.skip(8 * DAY_MS);
    expect((await device.media.evictExpired()).evicted.audio).toBe(1);
  });

  test('row 9: signing out removes every file, and one that arrives afterwards is not kept', async () => {
    const { device, media, files } = await library();
    await device.media.downloadAndCache('avatar', 'h1');
    let serve: (answer: Response) => void = () => undefined;
    files.set('/api/media/audio/u/1-s1.mp3', () => new Promise((resolve) => (serve = resolve)));
    const late = device.media.downloadAndCache('audio', 's1').catch((error: unknown) => error);
    await settle();
    const shown = await device.media.objectUrl('avatar', 'h1');
    await device.auth.signOut();
    serve(fileAnswer(bytes(2000, 2), 'audio/mpeg'));
    expect(await late).toMatchObject({ name: 'EarshotError' });
    await settle();
    expect(await media.list()).toEqual([]);
    await expect(fetch(shown.url)).rejects.toThrow();
    shown.release();
  });

  test('what was put in by the app is kept and handed out', async () => {
    const { device } = await library();
    const hero = await device.heroes.create(luna);
    let told = 0;
    device.media.subscribe(() => {
      told += 1;
    });
    await device.media.put('avatar', hero.id, bytes(5), 'image/png');
    expect((await device.media.get('avatar', hero.id))?.bytes).toEqual(bytes(5));
    expect(told).toBe(1);
  });
});
