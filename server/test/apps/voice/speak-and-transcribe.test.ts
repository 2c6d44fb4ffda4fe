import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPocketSphinx } from '../../../src/platform/ai/builtin/pocketsphinx.js';
import { audioContainer } from '../../../src/platform/audio/container.js';
import { audioDuration } from '../../../src/platform/audio/duration.js';
import { wavFile } from '../../../src/platform/audio/wav.js';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import {
  type FakeTranscription,
  fakeWords,
  startFakeTranscription,
} from '../../support/fake-openai-audio.js';
import { eventually } from '../../support/servers.js';
import { babble } from '../../support/sound.js';
import { someKey } from '../../support/speech-client.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

/** The contract's second, and what a machine may need that has other things to do. */
const STOPS_WITHIN_MS = 2_000;

interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

const answered = async (answer: Response): Promise<Answered> => ({
  status: answer.status,
  json: await answer.json(),
});

const babbleFile = (seconds: number) => wavFile(babble(seconds, 8_000), 8_000);

const speak = (app: VoiceApp, body: object, signal?: AbortSignal) =>
  fetch(`${app.url}/api/speak`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });

async function transcribe(
  app: VoiceApp,
  recording: Uint8Array | null,
  headers: Record<string, string> = { 'content-type': 'audio/wav' },
): Promise<Answered> {
  const answer = await fetch(`${app.url}/api/transcribe`, {
    method: 'POST',
    headers,
    ...(recording ? { body: Buffer.from(recording) } : {}),
  });
  return answered(answer);
}

function form(recording: Uint8Array, name = 'file', fields: Record<string, string> = {}): FormData {
  const filled = new FormData();
  for (const [field, value] of Object.entries(fields)) filled.set(field, value);
  filled.set(name, new Blob([Buffer.from(recording)], { type: 'audio/wav' }), 'speech.wav');
  return filled;
}

describe('speaking and hearing with the builtin engines (§5.3)', () => {
  let app: VoiceApp;
  beforeAll(async () => {
    app = await startVoiceApp();
  });
  afterAll(() => app.stop());

  it.each(['mp3', 'wav'] as const)('speaks as %s, without the marks of Markdown', async (format) => {
    const answer = await speak(app, {
      text: '# Hello\n\nThis is **important**, see [the page](https://example.com/a/long/address).',
      voice: 'echo',
      format,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(audioContainer(bytes)?.extension).toBe(format);
    const seconds = await audioDuration(bytes, format);
    expect(seconds).toBeGreaterThan(1);
    expect(seconds).toBeLessThan(6);
  });

  it.each<[string, object, number, string]>([
    ['nothing', { text: ' ' }, 400, 'invalid_request'],
    ['only marks', { text: '# ' }, 400, 'invalid_request'],
    ['no text', {}, 400, 'invalid_request'],
    ['an unknown format', { text: 'Hi', format: 'ogg' }, 400, 'invalid_request'],
    ['a wild speed', { text: 'Hi', speed: 9 }, 400, 'invalid_request'],
    ['too much', { text: 'a'.repeat(4_097) }, 413, 'message_too_long'],
  ])('refuses to speak %s', async (_, body, status, code) => {
    const answer = await speak(app, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: { code, message: expect.any(String), retryable: false } });
  });

  it.skipIf(!findPocketSphinx())(
    'hears what it has spoken, as raw audio and as a form (SKIPPED without pocketsphinx)',
    async () => {
      const spoken = await speak(app, {
        text: 'The weather in the city is very good today.',
        format: 'opus',
      });
      const recording = new Uint8Array(await spoken.arrayBuffer());
      const raw = await transcribe(app, recording, { 'content-type': 'audio/ogg;codecs=opus' });
      expect(raw.status).toBe(200);
      expect(raw.json).toMatchObject({ language: 'en', hears: 'words' });
      expect(raw.json.text.toLowerCase()).toContain('weather');
      expect(raw.json.duration_s).toBeGreaterThan(1);
      expect(raw.json.segments[0]).toEqual({
        text: expect.any(String),
        start: expect.any(Number),
        end: expect.any(Number),
      });
      const answer = await fetch(`${app.url}/api/transcribe`, {
        method: 'POST',
        body: form(recording, 'audio', { language: 'en' }),
      });
      expect((await answered(answer)).json.text).toBe(raw.json.text);
    },
    60_000,
  );

  it('§5.3 refuses what is longer than two minutes, and what is more than 25 MB', async () => {
    const long = await transcribe(app, babbleFile(121));
    expect(long.status).toBe(413);
    expect(long.json.error.code).toBe('message_too_long');
    const large = await fetch(`${app.url}/api/transcribe`, {
      method: 'POST',
      body: form(new Uint8Array(25_000_001)),
    });
    expect(large.status).toBe(413);
  });

  it.each<[string, () => Promise<Answered>, number, string]>([
    ['no sound', () => transcribe(app, Buffer.from('no sound at all')), 400, 'invalid_request'],
    ['nothing', () => transcribe(app, Buffer.of()), 400, 'invalid_request'],
    ['no body', () => transcribe(app, null, {}), 400, 'invalid_request'],
    [
      'a form without a file',
      async () => {
        const empty = new FormData();
        empty.set('language', 'en');
        const answer = await fetch(`${app.url}/api/transcribe`, { method: 'POST', body: empty });
        return answered(answer);
      },
      400,
      'invalid_request',
    ],
    [
      'a picture',
      () => transcribe(app, Buffer.of(1), { 'content-type': 'image/png' }),
      415,
      'unsupported_media_type',
    ],
    [
      'a broken form',
      () => transcribe(app, Buffer.from('--x\r\n'), { 'content-type': 'multipart/form-data; boundary=x' }),
      400,
      'invalid_request',
    ],
  ])('refuses to hear %s', async (_, ask, status, code) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.json.error.code).toBe(code);
  });
});

describe('speaking with an upstream', () => {
  let upstream: FakeOpenai;
  let app: VoiceApp;
  beforeAll(async () => {
    upstream = await startFakeOpenAI();
    app = await startVoiceApp({ environment: { OPENAI_BASE_URL: upstream.baseUrl } });
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('asks it with the caller’s key, for the operator’s model', async () => {
    upstream.behave(() => ({ kind: 'ok' }));
    const apiKey = someKey();
    const answer = await speak(app, { text: 'Hello', voice: 'sage', apiKey });
    expect(answer.status).toBe(200);
    expect(upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(upstream.requests.at(-1)?.body).toMatchObject({ model: 'gpt-4o-mini-tts', voice: 'sage' });
  });

  it('§12.2 tells by the status when it fails at once, and not the key', async () => {
    upstream.behave(() => ({ kind: 'echo-key' }));
    const apiKey = someKey();
    const answer = await speak(app, { text: 'Hello', apiKey });
    expect(answer.status).toBe(400);
    expect((await answer.text()) + app.logged.join('')).not.toContain(apiKey);
  });

  it('cuts the connection when it breaks off in the middle, so that nobody takes the half for the whole', async () => {
    upstream.behave(() => ({ kind: 'close-mid-body' }));
    const answer = await speak(app, { text: 'Hello' });
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  it('§12.3 stops it when the listener leaves', async () => {
    upstream.behave(() => ({ kind: 'drip', milliseconds: 300 }));
    const leave = new AbortController();
    const answer = await speak(app, { text: 'Hello' }, leave.signal);
    expect(answer.status).toBe(200);
    const left = Date.now();
    leave.abort();
    const request = await eventually(
      async () => upstream.requests.at(-1),
      (last) => last?.leftAt !== undefined,
    );
    expect((request?.leftAt ?? 0) - left).toBeLessThan(STOPS_WITHIN_MS);
  });
});

describe('hearing with an upstream', () => {
  let upstream: FakeTranscription;
  let app: VoiceApp;
  beforeAll(async () => {
    upstream = await startFakeTranscription();
    app = await startVoiceApp({ environment: { OPENAI_BASE_URL: upstream.baseUrl } });
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('asks it with the caller’s key', async () => {
    const key = someKey();
    const { status, json } = await transcribe(app, babbleFile(2), {
      'content-type': 'audio/wav',
      authorization: `Bearer ${key}`,
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ text: fakeWords, language: 'en', hears: 'words' });
    expect(upstream.requests.at(-1)?.authorization).toBe(`Bearer ${key}`);
  });

  it('does not ask it about more than two minutes', async () => {
    const before = upstream.requests.length;
    expect((await transcribe(app, babbleFile(121))).status).toBe(413);
    expect(upstream.requests).toHaveLength(before);
  });

  it('§12.2 tells its failure without the key', async () => {
    upstream.behave(() => ({ kind: 'status', status: 401 }));
    const key = someKey();
    const { status, json } = await transcribe(app, babbleFile(1), {
      'content-type': 'audio/wav',
      authorization: `Bearer ${key}`,
    });
    expect(status).toBe(401);
    expect(json.error.code).toBe('invalid_api_key');
    expect(JSON.stringify(json) + app.logged.join('')).not.toContain(key);
  });
});
