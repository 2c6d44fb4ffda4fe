import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audioContainer } from '../../../src/platform/audio/container.js';
import { allEvents, receivedEvents } from '../../support/event-stream.js';
import { type Behaviour, type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import { eventually } from '../../support/servers.js';
import { call, someKey } from '../../support/speech-client.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

const PATH = '/api/conversation';
/** The contract's second, and what a machine may need that has other things to do. */
const STOPS_WITHIN_MS = 3_000;

describe('a conversation with an upstream (§5.1)', () => {
  let upstream: FakeOpenai;
  let app: VoiceApp;
  beforeAll(async () => {
    upstream = await startFakeOpenAI();
    app = await startVoiceApp({
      environment: {
        OPENAI_BASE_URL: upstream.baseUrl,
        OPENAI_API_KEY: 'sk-the-operators-own-key-of-this-server',
        VOICE_MODEL: 'gpt-of-the-operator',
        TEXT_FIRST_TOKEN_SECONDS: '3',
      },
    });
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });
  beforeEach(() => upstream.behave(() => ({ kind: 'ok' })));

  const behave = (behaviour: Behaviour) => upstream.behave(() => behaviour);
  const last = () => upstream.requests.at(-1);
  const stream = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${app.url}${PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ stream: true, ...body }),
    });

  it('§12.1 answers a message with the user’s key', async () => {
    const apiKey = someKey();
    const { status, json, headers } = await app.post(PATH, { apiKey, message: '  How wide is a phone? ' });
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toEqual({
      response: 'You said: How wide is a phone?',
      text: 'You said: How wide is a phone?',
      id: expect.stringMatching(/^turn_/),
      model: 'gpt-of-the-operator',
      usage: {
        input_tokens: expect.any(Number),
        output_tokens: expect.any(Number),
        total_tokens: expect.any(Number),
      },
    });
    expect(last()?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(last()?.body.messages).toMatchObject([
      { role: 'system', content: expect.stringContaining('product designers') },
      { role: 'user', content: 'How wide is a phone?' },
    ]);
  });

  it('takes the key from the header too, and the body’s first', async () => {
    const [inHeader, inBody] = [someKey(), someKey()];
    const authorization = `Bearer ${inHeader}`;
    await app.post(PATH, { message: 'Hello' }, { authorization });
    expect(last()?.headers.authorization).toBe(authorization);
    await app.post(PATH, { message: 'Hello', apiKey: inBody }, { authorization });
    expect(last()?.headers.authorization).toBe(`Bearer ${inBody}`);
  });

  it('answers with the operator’s key whoever brings none, or a key of this server', async () => {
    await app.post(PATH, { message: 'Hello' });
    expect(last()?.headers.authorization).toBe('Bearer sk-the-operators-own-key-of-this-server');
    const { key, token } = await app.signUp();
    for (const credential of [key, token]) {
      const { status } = await app.post(
        PATH,
        { message: 'Hello' },
        { authorization: `Bearer ${credential}` },
      );
      expect(status).toBe(200);
      expect(last()?.headers.authorization).toBe('Bearer sk-the-operators-own-key-of-this-server');
    }
  });

  it('never sends a revoked key of this server, or a foreign token, upstream', async () => {
    const { userId, key, keyId } = await app.signUp();
    await app.platform.apiKeys.revoke(userId, keyId);
    const before = upstream.requests.length;
    for (const credential of [key, 'ek_of-somebody-else', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln']) {
      const { status, json } = await app.post(PATH, { message: 'Hello', apiKey: credential });
      expect(status).toBe(401);
      expect(json.error).toMatchObject({ code: 'invalid_api_key', retryable: false });
    }
    expect(upstream.requests).toHaveLength(before);
  });

  it('knows what was said before, the newest 40 messages and 24,000 characters of it', async () => {
    const item = (role: string, content: string) => ({ role, content });
    const many = Array.from({ length: 60 }, (_, index) =>
      item(index % 2 ? 'assistant' : 'user', `m${index}`),
    );
    await app.post(PATH, { message: 'And now?', history: many });
    const sent = last()?.body.messages as { content: string }[];
    expect(sent.slice(1, -1).map(({ content }) => content)).toEqual(
      many.slice(20).map(({ content }) => content),
    );
    const long = [item('user', 'a'.repeat(20_000)), item('assistant', 'b'.repeat(20_000)), item('user', 'c')];
    await app.post(PATH, { message: 'And now?', history: long });
    expect(last()?.body.messages).toMatchObject([{ role: 'system' }, ...long.slice(1), { role: 'user' }]);
  });

  it.each<[string, unknown, number, string]>([
    ['an empty message', { message: '  ' }, 400, 'invalid_request'],
    ['no message', {}, 400, 'invalid_request'],
    ['a message that is a number', { message: 4 }, 400, 'invalid_request'],
    ['a list', [], 400, 'invalid_request'],
    [
      'a foreign role',
      { message: 'Hi', history: [{ role: 'system', content: 'x' }] },
      400,
      'invalid_request',
    ],
    ['a long session id', { message: 'Hi', sessionId: 's'.repeat(65) }, 400, 'invalid_request'],
    ['an empty key', { message: 'Hi', apiKey: '' }, 401, 'invalid_api_key'],
    ['a key with spaces', { message: 'Hi', apiKey: 'sk-a key' }, 401, 'invalid_api_key'],
    ['a key of 257 characters', { message: 'Hi', apiKey: `sk-${'a'.repeat(254)}` }, 401, 'invalid_api_key'],
    ['4,001 characters', { message: '👍'.repeat(4_001) }, 413, 'message_too_long'],
    ['more than 64 KB', { message: 'Hi', more: 'a'.repeat(66_000) }, 413, 'message_too_long'],
  ])('§12.1 refuses %s', async (_, body, status, code) => {
    const before = upstream.requests.length;
    const answer = await app.post(PATH, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ error: { code, message: expect.any(String), retryable: false } });
    expect(upstream.requests).toHaveLength(before);
  });

  it('takes 4,000 characters, and members that it does not know', async () => {
    const { status } = await app.post(PATH, { message: '👍'.repeat(4_000), more: 1, history: [] });
    expect(status).toBe(200);
  });

  it('§12.1 refuses what is no JSON, and other kinds of bodies', async () => {
    const url = `${app.url}${PATH}`;
    const broken = await call(url, { method: 'POST', raw: '{"message":' });
    expect(broken.status).toBe(400);
    expect(broken.json.error.code).toBe('invalid_request');
    const form = await call(url, {
      method: 'POST',
      raw: 'message=Hi',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(415);
    expect(form.json.error.code).toBe('unsupported_media_type');
  });

  it.each<[string, Behaviour, number, string, boolean]>([
    ['refuses the key', { kind: 'status', status: 401 }, 401, 'invalid_api_key', false],
    ['wants to be paid', { kind: 'status', status: 402 }, 429, 'insufficient_quota', false],
    [
      'has no credit for the key',
      { kind: 'status', status: 429, code: 'insufficient_quota', retryAfter: 60 },
      429,
      'insufficient_quota',
      false,
    ],
    ['keeps the model from the key', { kind: 'status', status: 403 }, 403, 'model_not_allowed', false],
    ['is asked too often', { kind: 'status', status: 429, retryAfter: 21 }, 429, 'rate_limited', true],
    ['rejects the request', { kind: 'echo-key' }, 400, 'invalid_request', false],
    ['has a fault', { kind: 'status', status: 500, retryAfter: 21 }, 503, 'upstream_unreachable', true],
    ['sends a web page', { kind: 'garbage' }, 502, 'upstream_error', true],
    ['breaks off in mid-word', { kind: 'close-mid-body' }, 502, 'upstream_error', true],
    ['stalls', { kind: 'hang' }, 504, 'upstream_timeout', true],
    ['says nothing', { kind: 'chat', text: '' }, 502, 'upstream_error', true],
  ])(
    '§12.1 §12.2 tells when the upstream %s, and not the key',
    async (_, behaviour, status, code, retryable) => {
      behave(behaviour);
      const apiKey = someKey();
      const answer = await app.post(PATH, { message: 'Hello', apiKey });
      expect(answer.status).toBe(status);
      expect(answer.json).toEqual({ error: { code, message: expect.any(String), retryable } });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.text).not.toContain(apiKey);
      if (code === 'rate_limited') expect(answer.headers.get('retry-after')).toBe('21');
      expect(app.logged.join('')).not.toContain(apiKey);
    },
  );

  it('does not blame the caller for the operator’s refused key', async () => {
    behave({ kind: 'status', status: 401 });
    const { status, json } = await app.post(PATH, { message: 'Hello' });
    expect(status).toBe(503);
    expect(json.error).toMatchObject({ code: 'unavailable' });
  });

  it('§12.1 says 503 when the upstream hangs up, or nobody listens there', async () => {
    const other = await startFakeOpenAI();
    const patient = await startVoiceApp({ environment: { OPENAI_BASE_URL: other.baseUrl } });
    other.behave(() => ({ kind: 'hang-up' }));
    const answers = [await patient.post(PATH, { message: 'Hello' })];
    await other.close();
    answers.push(await patient.post(PATH, { message: 'Hello' }));
    await patient.stop();
    for (const { status, json } of answers) {
      expect(status).toBe(503);
      expect(json.error).toMatchObject({ code: 'upstream_unreachable', retryable: true });
    }
  });

  describe('as a stream', () => {
    it('§12.1 sends the words as they come, and the whole at the end', async () => {
      behave({ kind: 'chat', text: 'About four hundred points.' });
      const answer = await stream({ message: 'How wide is a phone?' });
      expect(answer.headers.get('content-type')).toContain('text/event-stream');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const events = await allEvents(answer);
      expect(events.at(-1)).toMatchObject({
        name: 'done',
        data: { response: 'About four hundred points.', id: expect.stringMatching(/^turn_/) },
      });
      const deltas = events.slice(0, -1);
      expect(deltas.every(({ name }) => name === 'delta')).toBe(true);
      expect(deltas.map(({ data }) => data.text).join('')).toBe('About four hundred points.');
    });

    it('is one also for those who ask by `Accept`', async () => {
      const answer = await stream({ message: 'Hello', stream: false }, { accept: 'text/event-stream' });
      expect((await allEvents(answer)).at(-1)?.name).toBe('done');
    });

    it('tells by the status what fails before the first word', async () => {
      behave({ kind: 'status', status: 401 });
      const answer = await stream({ message: 'Hello', apiKey: someKey() });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    });

    it.each([
      ['the connection breaks', 'hang-up', 'upstream_error'],
      ['the answer just ends', 'end', 'upstream_error'],
      ['an error comes that repeats the key', 'error', 'upstream_error'],
      ['nothing more comes', 'silence', 'upstream_timeout'],
    ] as const)('§12.2 ends with an error event when %s in mid-word', async (_, comes, code) => {
      behave({ kind: 'chat', text: 'This is cut in mid-word.', after: { pieces: 4, comes } });
      const apiKey = someKey();
      const events = await allEvents(await stream({ message: 'Hello', apiKey }));
      expect(events.at(0)?.name).toBe('delta');
      expect(events.at(-1)).toEqual({
        name: 'error',
        data: { code, message: expect.any(String), retryable: true },
      });
      expect(JSON.stringify(events) + app.logged.join('')).not.toContain(apiKey);
    });

    it('is spoken sentence by sentence when a voice is asked for', async () => {
      behave({ kind: 'ok' });
      upstream.behave(({ path }) =>
        path.endsWith('/chat/completions')
          ? { kind: 'chat', text: 'The **first** sentence is here. The second one comes behind it.' }
          : { kind: 'ok' },
      );
      const events = await allEvents(await stream({ message: 'Hello', voice: 'coral', format: 'wav' }));
      const audio = events.filter(({ name }) => name === 'audio');
      expect(audio.map(({ data }) => data.seq)).toEqual([0, 1]);
      for (const { data } of audio) {
        expect(data.format).toBe('wav');
        expect(audioContainer(Buffer.from(data.base64, 'base64'))?.extension).toBe('wav');
      }
      const spoken = upstream.requests.filter(({ path }) => path.endsWith('/audio/speech')).slice(-2);
      expect(spoken.map(({ body }) => [body.input, body.voice])).toEqual([
        ['The first sentence is here.', 'coral'],
        ['The second one comes behind it.', 'coral'],
      ]);
      expect(events.at(-1)?.name).toBe('done');
    });

    it('goes on in writing when the voice fails', async () => {
      upstream.behave(({ path }) =>
        path.endsWith('/chat/completions') ? { kind: 'ok' } : { kind: 'status', status: 400 },
      );
      const events = await allEvents(await stream({ message: 'Hello there, you.', voice: 'coral' }));
      expect(events.filter(({ name }) => name === 'speech_failed')).toHaveLength(1);
      expect(events.filter(({ name }) => name === 'audio')).toEqual([]);
      expect(events.at(-1)).toMatchObject({
        name: 'done',
        data: { response: 'You said: Hello there, you.' },
      });
    });

    it('§12.3 stops the upstream within a second when the client leaves, in the middle of an answer or before it', async () => {
      const apiKey = someKey();
      const asked = () =>
        upstream.requests.findLast(({ headers }) => headers.authorization === `Bearer ${apiKey}`);
      for (const isBegun of [true, false]) {
        const leave = new AbortController();
        behave(isBegun ? { kind: 'chat', text: 'x'.repeat(4_000), milliseconds: 50 } : { kind: 'hang' });
        const before = upstream.requests.length;
        const answer = fetch(`${app.url}${PATH}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ message: 'Go on', apiKey, stream: true }),
          signal: leave.signal,
        });
        if (isBegun) await receivedEvents(await answer).next();
        else
          await eventually(
            async () => upstream.requests.length,
            (count) => count > before,
          );
        const left = Date.now();
        leave.abort();
        await answer.catch(() => null);
        const { leftAt = 0 } = (await eventually(
          async () => asked(),
          (request) => request?.leftAt !== undefined,
        )) ?? { leftAt: undefined };
        expect(leftAt - left).toBeLessThan(STOPS_WITHIN_MS);
      }
    });
  });
});

describe('a conversation with the builtin engines', () => {
  let app: VoiceApp;
  beforeAll(async () => {
    app = await startVoiceApp();
  });
  afterAll(() => app.stop());

  it('needs no key at all', async () => {
    const { status, json } = await app.post(PATH, { message: 'What is 12 times 12?' });
    expect(status).toBe(200);
    expect(json.response).toContain('144');
    expect(json.usage).toBeNull();
  });

  it('takes “none” in the header for no key, and refuses it where a person has typed it', async () => {
    const { status } = await app.post(PATH, { message: 'Hello' }, { authorization: 'Bearer none' });
    expect(status).toBe(200);
    const typed = await app.post(PATH, { message: 'Hello', apiKey: 'none' });
    expect(typed.json.error.code).toBe('invalid_api_key');
  });

  it('§5.2 answers health at once, with what works', async () => {
    const { status, json, headers } = await app.get('/api/health');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toEqual({
      status: 'ok',
      uptime_s: expect.any(Number),
      version: '1.0.0',
      engines: { llm: true, stt: expect.any(Boolean), tts: true },
    });
  });

  it('§5.3 says what a page may offer', async () => {
    const { json } = await app.get('/api/config');
    expect(json).toMatchObject({
      key: { required: false, accepted: true },
      modes: { speech: ['browser', 'server'], realtime: true },
      history: false,
      limits: { messageCharacters: 4_000 },
    });
    expect(json.voices).toContain('alloy');
  });

  it('§5.4 lets only its own pages listen, and shows no page inside of another', async () => {
    const { headers } = await app.get('/api/config');
    expect(headers.get('permissions-policy')).toBe('microphone=(self)');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("media-src 'self' blob:");
    expect(policy).toContain("frame-ancestors 'none'");
  });
});

describe('a server in production', () => {
  const origin = 'https://assistant.example';
  let app: VoiceApp;
  beforeAll(async () => {
    app = await startVoiceApp({ environment: { NODE_ENV: 'production', ALLOWED_ORIGINS: origin } });
  });
  afterAll(() => app.stop());

  it('§5.4 lets pages of the allowed origins ask, and no others', async () => {
    const preflight = (from: string) =>
      call(`${app.url}${PATH}`, {
        method: 'OPTIONS',
        headers: {
          origin: from,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-device-token',
        },
      });
    const allowed = await preflight(origin);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-device-token');
    expect(allowed.headers.get('access-control-max-age')).toBe('600');
    const refused = await preflight('https://elsewhere.example');
    expect(refused.headers.get('access-control-allow-origin')).not.toBe('https://elsewhere.example');
    expect(refused.headers.get('access-control-allow-origin')).not.toBe('*');
  });
});

describe('a server that wants to know who calls', () => {
  let app: VoiceApp;
  beforeAll(async () => {
    app = await startVoiceApp({ environment: { REQUIRE_USER_KEY: 'true', VOICE_REQUESTS_PER_MINUTE: '20' } });
  });
  afterAll(() => app.stop());

  it('refuses nobody, and says so to pages', async () => {
    expect((await app.get('/api/config')).json.key).toEqual({ required: true, accepted: true });
    for (const headers of [{}, { authorization: 'Bearer none' }]) {
      const { status, json } = await app.post(PATH, { message: 'Hello' }, headers);
      expect(status).toBe(401);
      expect(json.error.code).toBe('invalid_api_key');
    }
    const { key } = await app.signUp();
    expect((await app.post(PATH, { message: 'Hello', apiKey: key })).status).toBe(200);
  });

  it('§7 limits how often an address may call, with when to come back', async () => {
    let answer = await app.get('/api/config');
    for (let asked = 0; answer.status === 200 && asked < 30; asked += 1)
      answer = await app.get('/api/config');
    expect(answer.status).toBe(429);
    expect(answer.json.error).toMatchObject({ code: 'rate_limited', retryable: true });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
