import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import {
  type Ground,
  layGround,
  movableClock,
  stacks,
  startServer,
  type TestServer,
} from '../../support/servers.js';
import { type SpeechDevice, signIn } from '../../support/speech-client.js';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const HOUR = 3_600_000;
type Listed = { id: string; status: string; content_hash: string };

describe.each(stacks)('lists of files, on %s', (stack) => {
  let ground: Ground;
  let upstream: FakeOpenai;
  let server: TestServer;
  let device: SpeechDevice;
  const clock = movableClock();
  beforeAll(async () => {
    ground = await layGround(stack);
    upstream = await startFakeOpenAI();
    server = await startServer(ground, { OPENAI_BASE_URL: upstream.baseUrl }, { clock });
    device = await signIn(server.url);
  });
  afterAll(async () => {
    await server.stop();
    await upstream.close();
    await ground.remove();
  });

  const since = async (instant: string): Promise<Listed[]> =>
    (await device.call(`/tts/files/since/${instant}`)).json;

  it('lists newest first with every field that the app decodes', async () => {
    await device.speak('The older one', { title: 'Older' });
    clock.advance(1_000);
    await device.speak('The newer one');
    const { json, status } = await device.call('/tts/files');
    expect(status).toBe(200);
    expect(json.map((file: { text_content: string }) => file.text_content)).toEqual([
      'The newer one',
      'The older one',
    ]);
    const [newer] = json;
    for (const name of [
      'id',
      'content_hash',
      'text_content',
      'voice',
      'model',
      'format',
      'status',
      'file_name',
      'url',
    ]) {
      expect(typeof newer[name], name).toBe('string');
    }
    expect(newer.created_at).toMatch(ISO);
    expect(newer.expires_at).toMatch(ISO);
    expect(newer.file_size).toBeGreaterThan(0);
    expect(newer.file_name).toBe(`${newer.id}.mp3`);
    expect(newer.user_id).toBeUndefined();
    expect(json[1].title).toBe('Older');
  });

  it('pages through a list when asked to', async () => {
    const all: Listed[] = (await device.call('/tts/files')).json;
    const first: Listed[] = (await device.call('/tts/files?limit=1')).json;
    const second: Listed[] = (await device.call(`/tts/files?limit=1&cursor=${first[0]?.id}`)).json;
    expect([...first, ...second].map(({ id }) => id)).toEqual(all.slice(0, 2).map(({ id }) => id));
    expect((await device.call('/tts/files?cursor=nobody')).status).toBe(400);
  });

  it('answers 304 until the list has changed', async () => {
    const first = await device.call('/tts/files');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const unchanged = await device.call('/tts/files', { headers });
    expect(unchanged.status).toBe(304);
    expect(unchanged.headers.get('content-length')).toBeNull();
    clock.advance(1_000);
    await device.speak('A change');
    expect((await device.call('/tts/files', { headers })).status).toBe(200);
  });

  it('lists a file that was made a minute ago when asked for the last hour', async () => {
    const { ordered } = await device.speak('A minute ago');
    clock.advance(60_000);
    const anHourAgo = new Date(clock.now() - HOUR).toISOString().replace(/\.\d+Z/, 'Z');
    expect((await since(anHourAgo)).map(({ id }) => id)).toContain(ordered.json.file_id);
  });

  it('lists a file again when it becomes ready after the instant asked for', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    upstream.behave(async ({ path }) => {
      if (path.endsWith('/audio/speech')) await held;
      return { kind: 'ok' };
    });
    const ordered = await device.generate('Ready later');
    clock.advance(60_000);
    const watermark = new Date(clock.now()).toISOString();
    expect((await since(watermark)).map(({ id }) => id)).not.toContain(ordered.json.file_id);
    clock.advance(60_000);
    release();
    await device.speak('Ready later');
    upstream.behave(() => ({ kind: 'ok' }));
    const found = (await since(watermark)).find(({ id }) => id === ordered.json.file_id);
    expect(found?.status).toBe('ready');
  });

  it('reads every form of an instant that clients send, and refuses junk', async () => {
    const { ordered } = await device.speak('Instants');
    const at = new Date(clock.now() - 30_000);
    const forms = [
      at.toISOString(),
      at.toISOString().replace(/\.\d+Z$/, 'Z'),
      at.toISOString().replaceAll(':', '%3A'),
      at
        .toISOString()
        .replace('T', '%20')
        .replace(/\.\d+Z$/, ''),
      new Date(at.getTime() + 2 * HOUR).toISOString().replace(/\.\d+Z$/, '%2B02:00'),
      String(at.getTime()),
    ];
    for (const form of forms) {
      expect(
        (await since(form)).map(({ id }) => id),
        form,
      ).toContain(ordered.json.file_id);
    }
    for (const junk of ['yesterday', '2026', '12', '2026-13-45T99:99:99Z', 'zzzz']) {
      const answer = await device.call(`/tts/files/since/${junk}`);
      expect(answer.status, junk).toBe(400);
      expect(typeof answer.json.message).toBe('string');
    }
  });

  it('treats a file past its time as gone at once, everywhere', async () => {
    const { ordered } = await device.speak('Short-lived');
    const id: string = ordered.json.file_id;
    const poll = new Date(clock.now()).toISOString();
    clock.advance(7 * 24 * HOUR + 1);
    const again = await signIn(server.url, device.key);
    expect((await again.download(id)).response.status).toBe(404);
    expect((await again.call('/tts/files')).json).toEqual([]);
    expect((await again.status(ordered.json.content_hash)).json).toEqual({ status: 'not_found' });
    const gone = await again.call(`/playback/deleted-files?since=${poll}`);
    expect(gone.json.deleted_files).toContain(id);
    expect((await again.call('/user/usage')).json).toMatchObject({ files_count: 0, storage_used_mb: 0 });
    const renewed = await again.speak('Short-lived');
    expect(renewed.ordered.json.file_id).not.toBe(id);
  });
});
