import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import { type Ground, layGround, stacks, startServer, type TestServer } from '../../support/servers.js';
import { type SpeechDevice, signIn, someKey } from '../../support/speech-client.js';

describe.each(stacks)('generating speech through an upstream, on %s', (stack) => {
  let ground: Ground;
  let upstream: FakeOpenai;
  let server: TestServer;
  let device: SpeechDevice;
  beforeAll(async () => {
    ground = await layGround(stack);
    upstream = await startFakeOpenAI();
    server = await startServer(ground, { OPENAI_BASE_URL: upstream.baseUrl });
    device = await signIn(server.url);
  });
  afterAll(async () => {
    await server.stop();
    await upstream.close();
    await ground.remove();
  });
  afterEach(() => upstream.behave(() => ({ kind: 'ok' })));

  const spoken = () => upstream.requests.filter(({ path }) => path.endsWith('/audio/speech'));

  it('answers at once, becomes ready, and hands out the very bytes of the upstream', async () => {
    const before = spoken().length;
    const ordered = await device.generate('Alpha beta');
    expect(ordered.status).toBe(200);
    expect(ordered.json).toMatchObject({
      content_hash: '8f57b7e6d9b81ead9d97432fb7fb80a0cd3c9a76b78dfcfd39203e0ceb026147',
      status: 'generating',
    });
    expect(ordered.json.url).toBeUndefined();
    expect(ordered.json.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

    const { status } = await device.speak('Alpha beta');
    expect(status.json).toMatchObject({ status: 'ready', file_id: ordered.json.file_id, progress: 1 });
    const { response, bytes } = await device.download(ordered.json.file_id);
    expect(response.headers.get('content-type')).toBe('audio/mpeg');
    const [request] = spoken().slice(before);
    expect(request?.headers.authorization).toBe(`Bearer ${device.key}`);
    expect(request?.body).toMatchObject({
      model: 'tts-1',
      voice: 'nova',
      input: 'Alpha beta',
      response_format: 'mp3',
    });
    expect(bytes.equals(Buffer.from(request?.answered ?? []))).toBe(true);
  });

  it('serves the second request from what is there, without asking the upstream', async () => {
    const { ordered } = await device.speak('Heard before');
    const asked = spoken().length;
    const again = await device.generate('Heard before');
    expect(again.json).toEqual({
      file_id: ordered.json.file_id,
      content_hash: ordered.json.content_hash,
      status: 'ready',
      url: `/files/${ordered.json.file_id}`,
      expires_at: ordered.json.expires_at,
    });
    expect(spoken().length).toBe(asked);
  });

  it('makes one file of five simultaneous requests', async () => {
    const asked = spoken().length;
    const answers = await Promise.all(Array.from({ length: 5 }, () => device.generate('All at once')));
    expect(new Set(answers.map(({ json }) => json.file_id)).size).toBe(1);
    await device.speak('All at once');
    expect(spoken().length).toBe(asked + 1);
  });

  it('makes the same text anew for somebody else, who learns nothing of the first', async () => {
    const { ordered } = await device.speak('Mine');
    const stranger = await signIn(server.url);
    expect((await stranger.status(ordered.json.content_hash)).json).toEqual({ status: 'not_found' });
    const theirs = await stranger.speak('Mine');
    expect(theirs.ordered.json.file_id).not.toBe(ordered.json.file_id);
    expect(theirs.ordered.json.content_hash).toBe(ordered.json.content_hash);
  });

  it('says why it failed, and a second try makes a new file that can succeed', async () => {
    upstream.behave(() => ({ kind: 'status', status: 400 }));
    const failed = await device.speak('Second time lucky');
    expect(failed.status.json.status).toBe('failed');
    expect(failed.status.json.error).toBe(failed.status.json.message);
    expect(failed.status.json.error.length).toBeGreaterThan(10);
    upstream.behave(() => ({ kind: 'ok' }));
    const again = await device.speak('Second time lucky');
    expect(again.ordered.json.file_id).not.toBe(failed.ordered.json.file_id);
    expect(again.status.json).toMatchObject({ status: 'ready', file_id: again.ordered.json.file_id });
  });

  it.each([
    ['refuses the key', { kind: 'status', status: 401 }],
    ['has no quota left', { kind: 'status', status: 429, retryAfter: 1 }],
    ['breaks down', { kind: 'status', status: 500 }],
    ['answers a web page', { kind: 'garbage' }],
    ['echoes the key in its error', { kind: 'echo-key' }],
    ['hangs up in the middle', { kind: 'close-mid-body' }],
  ] as const)('fails with a reason and without the key when the upstream %s', async (name, behaviour) => {
    upstream.behave(({ path }) => (path.endsWith('/audio/speech') ? behaviour : { kind: 'ok' }));
    const { status } = await device.speak(`An upstream that ${name}`);
    expect(status.json.status).toBe('failed');
    expect(status.json.error).toBeTruthy();
    expect(status.text).not.toContain('sk-');
    expect((await device.call('/health')).status).toBe(200);
  });

  it('cuts long texts, tells the progress, and hears every piece', async () => {
    const text = 'A sentence of the long text. '.repeat(340).trim();
    const asked = spoken().length;
    const { status, ordered } = await device.speak(text, { format: 'pcm' });
    expect(status.json).toMatchObject({ status: 'ready', chunks_done: 3, chunks_total: 3 });
    const pieces = spoken().slice(asked);
    const spaceless = (words: string) => words.replace(/\s/g, '');
    expect(spaceless(pieces.map(({ body }) => body.input).join(''))).toBe(spaceless(text));
    const { bytes } = await device.download(ordered.json.file_id);
    expect(bytes.length).toBe(pieces.reduce((sum, piece) => sum + (piece.answered?.length ?? 0), 0));
  });

  it.each([
    ['9,000 unbroken characters', 'x'.repeat(9_000)],
    ['12,000 CJK characters', '漢字かな交じり文。'.repeat(1_334).slice(0, 12_000)],
    ['50,000 characters', 'Words and words, again and again. '.repeat(1_471).slice(0, 50_000)],
    ['emoji with joiners', '👩‍👩‍👧‍👦'.repeat(1_000)],
  ])('takes %s', async (_name, text) => {
    const { status } = await device.speak(text);
    expect(status.json).toMatchObject({ status: 'ready' });
    const [longest] = spoken()
      .slice(-14)
      .map(({ body }) => [...String(body.input)].length)
      .sort((a, b) => b - a);
    expect(longest).toBeLessThanOrEqual(4_096);
  });

  it("uses the key of the session when the request has none, and the request's own when it has", async () => {
    await device.speak('No key in the body', { openai_token: undefined });
    expect(spoken().at(-1)?.headers.authorization).toBe(`Bearer ${device.key}`);
    const other = someKey();
    await device.speak('Another key in the body', { openai_token: other });
    expect(spoken().at(-1)?.headers.authorization).toBe(`Bearer ${other}`);
  });

  it('takes the newer models, voices, formats and instructions, which are part of the content', async () => {
    const plain = await device.generate('How to speak', {
      model: 'gpt-4o-mini-tts',
      voice: 'cedar',
      format: 'wav',
    });
    const told = await device.speak('How to speak', {
      model: 'gpt-4o-mini-tts',
      voice: 'cedar',
      format: 'wav',
      instructions: 'Whisper.',
      title: 'A whisper',
    });
    expect(told.ordered.json.content_hash).not.toBe(plain.json.content_hash);
    expect(spoken().at(-1)?.body).toMatchObject({
      instructions: 'Whisper.',
      voice: 'cedar',
      response_format: 'wav',
    });
    const { json } = await device.call('/tts/files');
    expect(json.find((file: { id: string }) => file.id === told.ordered.json.file_id).title).toBe(
      'A whisper',
    );
  });

  it('takes speed as a number or as its text, and hashes both alike', async () => {
    const number = await device.generate('Speedy', { speed: 1.5 });
    const text = await device.generate('Speedy', { speed: '1.5' });
    expect(text.json.file_id).toBe(number.json.file_id);
  });

  it('makes a ready file anew when its audio has vanished from the store', async () => {
    const { ordered } = await device.speak('Vanishing');
    const id: string = ordered.json.file_id;
    await server.built.platform.media.delete(`speech/${id.slice(-2)}/${id}.mp3`);
    expect((await device.download(id)).response.status).toBe(404);
    const again = await device.speak('Vanishing');
    expect(again.ordered.json.file_id).not.toBe(id);
    expect(again.status.json.status).toBe('ready');
  });

  it('stops the upstream call and forgets the file when it is deleted while being made', async () => {
    upstream.behave(({ path }) => (path.endsWith('/audio/speech') ? { kind: 'hang' } : { kind: 'ok' }));
    const ordered = await device.generate('Never mind');
    const gone = await device.call(`/tts/${ordered.json.file_id}`, { method: 'DELETE' });
    expect(gone.json).toEqual({ deleted: true });
    expect((await device.status(ordered.json.content_hash)).json).toEqual({ status: 'not_found' });
    upstream.behave(() => ({ kind: 'ok' }));
    expect((await device.speak('Never mind')).status.json.status).toBe('ready');
  });

  it('leaves no piece behind and no key in the database', async () => {
    const { database } = server.built.platform;
    await device.speak('Tidy');
    const jobs = await sql<{ row: string }>`select payload as row from background_jobs`.execute(
      database.read,
    );
    for (const { row } of jobs.rows) expect(row ?? '').not.toContain(device.key);
  });
});
