import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import {
  eventually,
  type Ground,
  layGround,
  stacks,
  startServer,
  type TestServer,
} from '../../support/servers.js';
import { type SpeechDevice, signIn } from '../../support/speech-client.js';

describe.each(stacks)('downloading and deleting, on %s', (stack) => {
  let ground: Ground;
  let upstream: FakeOpenai;
  let server: TestServer;
  let device: SpeechDevice;
  let id: string;
  let whole: Buffer;
  beforeAll(async () => {
    ground = await layGround(stack);
    upstream = await startFakeOpenAI();
    server = await startServer(ground, { OPENAI_BASE_URL: upstream.baseUrl });
    device = await signIn(server.url);
    const { ordered } = await device.speak('Something to download');
    id = ordered.json.file_id;
    whole = (await device.download(id)).bytes;
  });
  afterAll(async () => {
    await server.stop();
    await upstream.close();
    await ground.remove();
  });

  it('sends the headers that players and caches need, and never lets a shared cache keep it', async () => {
    const { response } = await device.download(id);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-type': 'audio/mpeg',
      'content-length': String(whole.length),
      'content-disposition': `attachment; filename="${id}.mp3"`,
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/);
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
  });

  it.each([
    ['bytes=0-3', 0, 3],
    ['bytes=10-', 10, -1],
    ['bytes=-5', -5, -1],
    ['bytes=5-99999999', 5, -1],
  ])('sends %s as 206', async (range, first, last) => {
    const { response, bytes } = await device.download(id, { range });
    const start = first < 0 ? whole.length + first : first;
    const end = last < 0 ? whole.length - 1 : last;
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${whole.length}`);
    expect(bytes.equals(whole.subarray(start, end + 1))).toBe(true);
  });

  it('answers 416 to a range outside of the file and ignores what is no single range', async () => {
    const outside = await device.download(id, { range: `bytes=${whole.length}-` });
    expect(outside.response.status).toBe(416);
    expect(outside.response.headers.get('content-range')).toBe(`bytes */${whole.length}`);
    for (const range of ['bytes=0-1,4-5', 'bytes=9-3', 'lines=1-2', 'bytes=-', 'junk']) {
      expect((await device.download(id, { range })).response.status, range).toBe(200);
    }
  });

  it('answers 304 to a known entity tag and honours If-Range', async () => {
    const { response } = await device.download(id);
    const etag = response.headers.get('etag') ?? '';
    expect((await device.download(id, { 'if-none-match': etag })).response.status).toBe(304);
    expect((await device.download(id, { 'if-none-match': '"other"' })).response.status).toBe(200);
    const modified = response.headers.get('last-modified') ?? '';
    expect((await device.download(id, { 'if-modified-since': modified })).response.status).toBe(304);
    expect((await device.download(id, { range: 'bytes=0-1', 'if-range': etag })).response.status).toBe(206);
    expect((await device.download(id, { range: 'bytes=0-1', 'if-range': '"old"' })).response.status).toBe(
      200,
    );
  });

  it('answers HEAD with the same headers and no body', async () => {
    const answer = await device.call(`/files/${id}`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe(String(whole.length));
    expect(answer.text).toBe('');
  });

  it("keeps somebody else's file from being read or deleted, in the words for unknown ids", async () => {
    const stranger = await signIn(server.url);
    for (const fileId of [
      id,
      '0193a0d0-0000-7000-8000-000000000000',
      'x',
      '..%2F..%2Fetc%2Fpasswd',
      "1' or '1'='1",
    ]) {
      const read = await stranger.call(`/files/${encodeURI(fileId)}`);
      expect([read.status, read.json.error, read.json.message]).toEqual([404, 'Not Found', 'File not found']);
      for (const path of [`/tts/delete/${encodeURI(fileId)}`, `/tts/${encodeURI(fileId)}`]) {
        expect((await stranger.call(path, { method: 'DELETE' })).json.message).toBe('File not found');
      }
    }
    expect((await device.download(id)).response.status).toBe(200);
  });

  it('says 404 with Retry-After while a file is being made', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    upstream.behave(async () => {
      await held;
      return { kind: 'ok' };
    });
    const ordered = await device.generate('In the making');
    const early = await device.call(`/files/${ordered.json.file_id}`);
    expect([early.status, early.json.message, early.headers.get('retry-after')]).toEqual([
      404,
      'File not ready for download',
      '1',
    ]);
    release();
    upstream.behave(() => ({ kind: 'ok' }));
    await device.speak('In the making');
  });

  it.each(['/tts/delete/', '/tts/'])(
    'deletes by %s:id at once and for good, however often it is asked',
    async (path) => {
      const text = `To be deleted by ${path}`;
      const { ordered } = await device.speak(text);
      const fileId: string = ordered.json.file_id;
      const poll = new Date().toISOString();
      const before = (await device.call('/user/usage')).json.files_count;
      for (const options of [{}, { headers: { 'content-type': 'application/json' }, raw: '' }]) {
        const answer = await device.call(`${path}${fileId}`, { method: 'DELETE', ...options });
        expect([answer.status, answer.json]).toEqual([200, { deleted: true }]);
      }
      expect((await device.download(fileId)).response.status).toBe(404);
      expect((await device.status(ordered.json.content_hash)).json).toEqual({ status: 'not_found' });
      const listed: { id: string }[] = (await device.call('/tts/files')).json;
      expect(listed.map((file) => file.id)).not.toContain(fileId);
      expect(await server.built.platform.media.stat(`speech/${fileId.slice(-2)}/${fileId}.mp3`)).toBeNull();
      expect((await device.call('/user/usage')).json.files_count).toBe(before - 1);
      for (const query of ['', `?since=${poll}`]) {
        expect((await device.call(`/playback/deleted-files${query}`)).json.deleted_files).toContain(fileId);
      }
      const again = await device.speak(text);
      expect(again.ordered.json.file_id).not.toBe(fileId);
    },
  );

  it('wipes the words of a deleted text from the database', async () => {
    const { ordered } = await device.speak('Words that must not stay');
    await device.call(`/tts/${ordered.json.file_id}`, { method: 'DELETE' });
    const { rows } = await sql<{ text_content: string }>`
      select text_content from audio_files where id = ${ordered.json.file_id}`.execute(
      server.built.platform.database.read,
    );
    expect(rows).toEqual([{ text_content: '' }]);
  });

  it('counts usage as documented', async () => {
    const other = await signIn(server.url);
    await other.speak('One file');
    const { json } = await eventually(
      () => other.call('/user/usage'),
      ({ json: usage }) => usage.files_count === 1,
    );
    expect(json).toMatchObject({ files_count: 1, generated_today: 1, characters_today: 8 });
    expect(typeof json.storage_used_mb).toBe('number');
    expect(json.last_cleanup).toMatch(/Z$/);
  });
});
