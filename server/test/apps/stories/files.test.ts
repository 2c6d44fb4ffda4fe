import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUploadStore } from '../../../src/apps/stories/files/upload-store.js';
import { createReadingStore } from '../../../src/apps/stories/reading/store.js';
import { retentionJob } from '../../../src/apps/stories/retention/job.js';
import { orphansJob } from '../../../src/apps/stories/retention/orphans.js';
import { eventually, movableClock, stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

/** The smallest file that looks like a picture of the given size. */
const png = (size = 400) =>
  Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(Math.max(0, size - 8))]);
const mp3 = (size = 2_000) =>
  Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), randomBytes(size)]);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each(stacks)('files of the stories on %s', (stack) => {
  const clock = movableClock();
  let app: StoriesApp;
  let user: StoriesUser;
  beforeAll(async () => {
    app = await startStoriesApp(stack, { clock });
    user = await app.signUp();
  });
  afterAll(() => app.stop());

  const announce = async (bytes: Buffer, more: Record<string, unknown> = {}, whose = user) => {
    const { status, json, text } = await whose.post('files/upload', {
      fileName: 'Luna portrait.png',
      mimeType: 'image/png',
      fileSize: bytes.length,
      category: 'avatar',
      ...more,
    });
    if (status !== 201) throw new Error(`${status}: ${text}`);
    return json as { uploadUrl: string; storageKey: string; publicUrl: string; expiresAt: string };
  };
  const put = async (url: string, bytes: Uint8Array, headers: Record<string, string> = {}) => {
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'image/png', ...headers },
      body: new Uint8Array(bytes),
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
    return { status: answer.status, json: (await answer.json()) as any };
  };
  const upload = async (bytes: Buffer, more: Record<string, unknown> = {}, whose = user) => {
    const announced = await announce(bytes, more, whose);
    const { status } = await put(announced.uploadUrl, bytes);
    expect(status).toBe(200);
    return announced;
  };
  const address = async (bytes = png()) => (await upload(bytes)).publicUrl;

  describe('served by signed addresses', () => {
    it('gives the bytes, whole or by ranges, with their type', async () => {
      const bytes = png(300_000);
      const url = await address(bytes);
      const whole = await fetch(url);
      expect(whole.status).toBe(200);
      expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
      expect(whole.headers.get('content-type')).toBe('image/png');
      expect(whole.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/);
      expect(whole.headers.get('accept-ranges')).toBe('bytes');
      const part = await fetch(url, { headers: { range: 'bytes=100-299' } });
      expect(part.status).toBe(206);
      expect(part.headers.get('content-range')).toBe('bytes 100-299/300000');
      expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100, 300))).toBe(true);
      const last = await fetch(url, { headers: { range: 'bytes=-10' } });
      expect(Buffer.from(await last.arrayBuffer()).equals(bytes.subarray(-10))).toBe(true);
    });

    it('answers HEAD, and 304 and whole files by entity tags', async () => {
      const url = await address(png(500));
      const head = await fetch(url, { method: 'HEAD' });
      expect([head.status, head.headers.get('content-length'), head.headers.get('content-type')]).toEqual([
        200,
        '500',
        'image/png',
      ]);
      const etag = head.headers.get('etag') ?? '';
      expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
      const same = await fetch(url, { headers: { 'if-range': etag, range: 'bytes=2-4' } });
      expect(same.status).toBe(206);
      const changed = await fetch(url, { headers: { 'if-range': '"other"', range: 'bytes=2-4' } });
      expect(changed.status).toBe(200);
    });

    it('says 416 with the size for a range outside of the file', async () => {
      const answer = await fetch(await address(png(500)), { headers: { range: 'bytes=500-' } });
      expect(answer.status).toBe(416);
      expect(answer.headers.get('content-range')).toBe('bytes */500');
      expect(await answer.json()).toMatchObject({ error: expect.any(String), message: expect.any(String) });
    });

    it('opens for 15 minutes, also by the versioned path, and for no other file', async () => {
      const url = new URL(await address());
      const versioned = new URL(url.href.replace('/api/media/', '/api/v1/media/'));
      expect((await fetch(versioned)).status).toBe(200);
      const other = new URL(await address());
      other.search = url.search;
      expect((await fetch(other)).status).toBe(403);
      const forged = new URL(url);
      forged.searchParams.set('expires', String(Number(url.searchParams.get('expires')) + 1));
      expect((await fetch(forged)).status).toBe(403);
      const bare = new URL(url);
      bare.search = '';
      expect((await fetch(bare)).status).toBe(400);
      clock.advance(15 * 60_000 - 1_000);
      expect((await fetch(url)).status).toBe(200);
      clock.advance(1_001);
      const late = await fetch(url);
      expect(late.status).toBe(403);
      expect(await late.json()).toMatchObject({ error: 'Forbidden', code: 'Forbidden' });
    });

    it('keeps the path for ever and changes only the query, so that clients can cache by the path', async () => {
      const hero = await user.hero();
      const { storageKey } = await upload(png());
      await user.post('files/confirm', { storageKey, heroId: hero.id });
      const addresses: URL[] = [];
      for (const path of [`heroes/${hero.id}`, `heroes/${hero.id}`]) {
        addresses.push(new URL((await user.get(path)).json.data.avatarUrl));
        clock.advance(1_000);
      }
      expect(addresses[0]?.pathname).toBe(addresses[1]?.pathname);
      expect(addresses[0]?.pathname).toBe(`/api/media/${storageKey}`);
      expect(addresses[0]?.search).not.toBe(addresses[1]?.search);
      expect(addresses[0]?.origin).toBe(app.url);
    });
  });

  describe('§3.8 uploads', () => {
    it('announces in both forms, with a key under the user’s own prefix', async () => {
      const { status, json } = await user.post('/api/files/upload', {
        fileName: '../../Łuna portrait.final.PNG',
        mimeType: 'image/png',
        fileSize: 10,
        category: 'illustration',
      });
      expect(status).toBe(201);
      const { data, ...bare } = json;
      expect(bare).toEqual(data);
      expect(data.storageKey).toMatch(new RegExp(`^illustration/${user.userId}/\\d{13}-[\\w.-]+\\.png$`));
      expect(data.expiresAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    it('takes the bytes, also in pieces, and tells their hash', async () => {
      const bytes = png(900_000);
      const { uploadUrl, storageKey } = await announce(bytes, { sha256: sha256(bytes).toUpperCase() });
      const { status, json } = await put(uploadUrl, bytes);
      expect(status).toBe(200);
      expect(json.data).toEqual({ storageKey, size: 900_000, sha256: sha256(bytes) });
      const again = await put(uploadUrl, bytes, { 'content-type': 'application/octet-stream' });
      expect(again.status).toBe(200);
    });

    it.each([
      ['a type that is none', { mimeType: 'text/html' }, 'mimeType'],
      ['a picture that can hold scripts', { mimeType: 'image/svg+xml' }, 'mimeType'],
      ['sound as an avatar', { mimeType: 'audio/mpeg' }, 'mimeType'],
      ['a picture over 10 MB', { fileSize: 10 * 1_048_576 + 1 }, 'fileSize'],
      [
        'sound over 50 MB',
        { category: 'audio', mimeType: 'audio/mpeg', fileSize: 50 * 1_048_576 + 1 },
        'fileSize',
      ],
      ['nothing', { fileSize: 0 }, 'fileSize'],
      ['a long name', { fileName: 'x'.repeat(256) }, 'fileName'],
      ['an unknown category', { category: 'video' }, 'category'],
    ])('refuses to take %s', async (_what, more, field) => {
      const body = { fileName: 'x.png', mimeType: 'image/png', fileSize: 10, category: 'avatar', ...more };
      const { status, json } = await user.post('files/upload', body);
      expect([status, json.error, Object.keys(json.details)]).toEqual([400, 'ValidationError', [field]]);
    });

    it('stores nothing that is not what was announced', async () => {
      const bytes = png(1_000);
      const cases: [string, Buffer, Record<string, unknown>][] = [
        ['fewer bytes', bytes.subarray(0, 999), {}],
        ['more bytes', Buffer.concat([bytes, bytes]), {}],
        ['a page', Buffer.from(`<html>${'x'.repeat(994)}`), {}],
        ['another type', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), randomBytes(996)]), {}],
        ['other bytes', png(1_000), { sha256: sha256(bytes) }],
        ['no bytes', Buffer.alloc(0), {}],
      ];
      for (const [what, sent, more] of cases) {
        const { uploadUrl, storageKey } = await announce(bytes, more);
        const { status, json } = await put(uploadUrl, sent);
        expect([what, status, json.error]).toEqual([what, 400, 'ValidationError']);
        expect(await app.platform.media.stat(storageKey)).toBeNull();
        const hero = await user.hero();
        expect((await user.post('files/confirm', { storageKey, heroId: hero.id })).status).toBe(409);
        expect((await put(uploadUrl, bytes)).status).toBe(200); // the right ones are still welcome
      }
    });

    it('stores nothing when the connection breaks midway, and takes the file afterwards', async () => {
      const bytes = png(800_000);
      const { uploadUrl, storageKey } = await announce(bytes);
      await new Promise<void>((resolve) => {
        const sending = httpRequest(uploadUrl, {
          method: 'PUT',
          headers: { 'content-type': 'image/png', 'content-length': bytes.length },
        });
        sending.on('error', () => resolve());
        sending.write(bytes.subarray(0, 300_000), () => setTimeout(() => sending.destroy(), 50));
      });
      expect(await app.platform.media.stat(storageKey)).toBeNull();
      expect((await put(uploadUrl, bytes)).status).toBe(200);
      expect(app.logged.filter((line) => line.includes('request failed'))).toEqual([]);
    });

    it('opens the upload address to nobody who forges it, nor after an hour', async () => {
      const bytes = png();
      const { uploadUrl } = await announce(bytes);
      const other = await announce(bytes);
      const swapped = new URL(uploadUrl);
      swapped.pathname = new URL(other.uploadUrl).pathname;
      expect((await put(swapped.href, bytes)).status).toBe(403);
      clock.advance(3_600_001);
      expect((await put(uploadUrl, bytes)).status).toBe(403);
    });

    it('binds an avatar, replaces it later, and erases the one before', async () => {
      const hero = await user.hero();
      const first = await upload(png());
      const confirmed = await user.post('files/confirm', {
        storageKey: first.storageKey,
        heroId: hero.id,
        avatarPrompt: 'A girl with a lantern',
      });
      expect(confirmed.status).toBe(200);
      expect(confirmed.json.data).toMatchObject({ type: 'hero', id: hero.id, size: 400 });
      expect(confirmed.json.data.value.avatarPrompt).toBe('A girl with a lantern');
      expect(confirmed.json.data.version).toBeGreaterThan(hero.version);
      expect((await fetch(confirmed.json.data.value.avatarUrl)).status).toBe(200);
      const second = await upload(png());
      await user.post('files/confirm', { storageKey: second.storageKey, heroId: hero.id });
      await eventually(
        () => app.platform.media.stat(first.storageKey),
        (found) => found === null,
      );
      expect(await app.platform.media.stat(second.storageKey)).not.toBeNull();
    });

    it('binds a narration and measures or takes its length', async () => {
      const hero = await user.hero();
      const story = await user.story(hero.id);
      const bytes = mp3();
      const { storageKey } = await upload(bytes, {
        category: 'audio',
        mimeType: 'audio/mp3',
        fileName: 'a.mp3',
      });
      const { json } = await user.post('files/confirm', {
        storageKey,
        storyId: story.id,
        audioDuration: 61.5,
        voice: 'nova',
      });
      expect(json.data.value).toMatchObject({ audioDuration: 61.5, audioGenerationStatus: 'completed' });
      const { json: audio } = await user.get(`stories/${story.id}`);
      const served = await fetch(audio.data.audioUrl);
      expect(served.headers.get('content-type')).toBe('audio/mpeg');
      expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true);
    });

    it('makes an illustration of a picture once, and counts it', async () => {
      const hero = await user.hero();
      const story = await user.story(hero.id);
      const confirm = async () => {
        const { storageKey } = await upload(png(), { category: 'illustration' });
        const body = {
          storageKey,
          storyId: story.id,
          localId: 'scene-1',
          imagePrompt: 'A lighthouse',
          displayOrder: 0,
          audioTimestamp: 2.5,
        };
        return user.post('files/confirm', body);
      };
      const { json } = await confirm();
      expect(json.data.value).toMatchObject({
        storyId: story.id,
        generationStatus: 'completed',
        displayOrder: 0,
        audioTimestamp: 2.5,
        imagePrompt: 'A lighthouse',
      });
      const again = await confirm(); // a resumed migration sends it once more
      expect(again.json.data.id).toBe(json.data.id);
      const told = (await user.get(`stories/${story.id}?includeIllustrations=true`)).json.data;
      expect([told.illustrationCount, told.illustrationStatus, told.illustrations.length]).toEqual([
        1,
        'completed',
        1,
      ]);
      const { storageKey } = await upload(png(), { category: 'illustration' });
      const bound = await user.post('files/confirm', { storageKey, illustrationId: json.data.id });
      expect(bound.json.data.url).toContain(storageKey);
    });

    it('binds a pictogram', async () => {
      const event = await user.event();
      const { storageKey } = await upload(png(), { category: 'pictogram' });
      const { status, json } = await user.post('files/confirm', { storageKey, customEventId: event.id });
      expect([status, json.data.type, json.data.id]).toEqual([200, 'customEvent', event.id]);
    });

    it('answers a repeated confirmation alike and writes nothing again', async () => {
      const hero = await user.hero();
      const { storageKey } = await upload(png());
      const confirm = () => user.post('files/confirm', { storageKey, heroId: hero.id });
      const answers = await Promise.all([confirm(), confirm(), confirm()]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(new Set(answers.map(({ json }) => json.data.version)).size).toBe(1);
      const other = await user.hero();
      expect((await user.post('files/confirm', { storageKey, heroId: other.id })).status).toBe(409);
      expect((await user.get(`heroes/${other.id}`)).json.data.avatarUrl).toBeNull();
    });

    it('lets nobody confirm what is not theirs, nor bind it to what is not theirs', async () => {
      const stranger = await app.signUp();
      const [mine, theirs] = [await user.hero(), await stranger.hero()];
      const { storageKey } = await upload(png());
      const confirm = (whose: StoriesUser, body: object) => whose.post('files/confirm', body);
      expect((await confirm(stranger, { storageKey, heroId: theirs.id })).status).toBe(403);
      expect((await confirm(user, { storageKey, heroId: theirs.id })).status).toBe(403);
      expect((await confirm(user, { storageKey, heroId: 'nobody' })).status).toBe(404);
      expect((await confirm(user, { storageKey })).status).toBe(400);
      expect((await confirm(user, { storageKey: 'avatar/nobody/1-x.png', heroId: mine.id })).status).toBe(
        404,
      );
      expect((await confirm(user, { storageKey, heroId: mine.id })).status).toBe(200);
      const patched = await stranger.patch(`heroes/${theirs.id}`, {
        avatarUrl: (await user.get(`heroes/${mine.id}`)).json.data.avatarUrl,
      });
      expect(patched.status).toBe(400);
    });

    it('takes an uploaded file as a hero’s avatarUrl, but no address of another server', async () => {
      const hero = await user.hero();
      const { publicUrl, storageKey } = await upload(png());
      expect((await user.patch(`heroes/${hero.id}`, { avatarUrl: publicUrl })).status).toBe(200);
      const foreign = publicUrl.replace(app.url, 'https://elsewhere.example');
      expect((await user.patch(`heroes/${hero.id}`, { avatarUrl: foreign })).status).toBe(400);
      expect((await user.get(`heroes/${hero.id}`)).json.data.avatarUrl).toContain(storageKey);
    });

    it('asks who is calling', async () => {
      const body = JSON.stringify({ fileName: 'x', mimeType: 'image/png', fileSize: 1, category: 'avatar' });
      const headers = { 'content-type': 'application/json' };
      for (const path of ['/api/v1/files/upload', '/api/files/confirm']) {
        expect((await fetch(`${app.url}${path}`, { method: 'POST', headers, body })).status).toBe(401);
      }
    });

    it('bounds what one user may announce without confirming it', async () => {
      const eager = await app.signUp();
      const big = { category: 'audio', mimeType: 'audio/mpeg', fileSize: 50 * 1_048_576 };
      for (let n = 0; n < 20; n += 1) await announce(mp3(), big, eager);
      const { status, json } = await eager.post('files/upload', { fileName: 'x.mp3', ...big });
      expect([status, json.error]).toEqual([429, 'RateLimitExceeded']);
    });

    it('sweeps what nobody confirmed in time, but nothing that is shown', async () => {
      const hero = await user.hero();
      const [abandoned, shown, confirmed] = [await upload(png()), await upload(png()), await upload(png())];
      await user.patch(`heroes/${hero.id}`, { avatarUrl: shown.publicUrl });
      await user.post('files/confirm', { storageKey: confirmed.storageKey, heroId: (await user.hero()).id });
      clock.advance(49 * 3_600_000);
      const { jobs, media } = app.platform;
      await runRetention(app);
      expect(await media.stat(abandoned.storageKey)).toBeNull();
      expect(await media.stat(shown.storageKey)).not.toBeNull();
      expect(await media.stat(confirmed.storageKey)).not.toBeNull();
      expect((await jobs.counts()).failed).toBe(0);
    });

    it('sweeps media that no row names after a week, but neither those of uploads nor of other servers', async () => {
      const { media } = app.platform;
      const hero = await user.hero();
      const shown = await upload(png());
      await user.post('files/confirm', { storageKey: shown.storageKey, heroId: hero.id });
      const waiting = await upload(png());
      const nameless = `illustration/${user.userId}/${clock.now()}-story-scene.png`;
      const elsewhere = `illustration/somebody-else/${clock.now()}-story-scene.png`;
      for (const key of [nameless, elsewhere]) await media.put(key, png());
      const sweep = () =>
        orphansJob(app.platform).run({
          id: 'now',
          payload: null,
          attempt: 1,
          signal: new AbortController().signal,
        });
      await sweep();
      expect(await media.stat(nameless)).not.toBeNull();
      clock.advance(8 * 24 * 3_600_000);
      const young = `audio/${user.userId}/${clock.now()}-story.mp3`;
      await media.put(young, png());
      await sweep();
      expect(await media.stat(nameless)).toBeNull();
      for (const key of [young, elsewhere, shown.storageKey, waiting.storageKey])
        expect(await media.stat(key), key).not.toBeNull();
    });
  });
});

/** Runs the recurring job now. */
async function runRetention({ platform }: StoriesApp): Promise<void> {
  const job = retentionJob(platform, {
    uploads: createUploadStore(platform.database),
    reading: createReadingStore(platform.database),
  });
  await job.run({ id: 'now', payload: null, attempt: 1, signal: new AbortController().signal });
}
