import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSpeechEngine, type SpeechEngine } from '../../../src/platform/ai/engines.js';
import type { SpeechRequest } from '../../../src/platform/ai/speech-synthesizer.js';
import { AppError } from '../../../src/platform/http/errors.js';
import { type Behaviour, type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import { freePort } from '../../support/services.js';

const key = 'sk-test-0123456789abcdefghij';
const request: SpeechRequest = {
  text: 'Good morning',
  voice: 'nova',
  model: 'tts-1',
  format: 'mp3',
  speed: 1.5,
};

/** Everything about a failure that could reach a log or a person. */
const traces = (error: unknown): string => {
  const { cause, message, stack } = error as Error;
  return [message, stack, JSON.stringify(error), cause === undefined ? '' : traces(cause)].join('\n');
};

let upstream: FakeOpenai;
let engine: SpeechEngine;
beforeAll(async () => {
  upstream = await startFakeOpenAI();
  engine = createSpeechEngine({
    engine: 'openai',
    openai: { baseUrl: upstream.baseUrl, apiKey: 'sk-the-servers-own-key-000000' },
  });
});
afterAll(() => upstream.close());
afterEach(() => {
  upstream.behave(() => ({ kind: 'ok' }));
  upstream.requests.length = 0;
});

const synthesize = (changes: Partial<SpeechRequest> = {}, signal?: AbortSignal) =>
  engine.synthesizer.synthesize({ ...request, ...changes }, { apiKey: key, ...(signal ? { signal } : {}) });

/** Lets the upstream misbehave once and then do as it should. */
const onceThenWell = (behaviour: Behaviour) => {
  let done = false;
  upstream.behave(() => {
    if (done) return { kind: 'ok' };
    done = true;
    return behaviour;
  });
};

describe('the OpenAI synthesizer', () => {
  it('sends what the interface asks for, and returns the very bytes that came', async () => {
    const audio = await synthesize();
    const [sent] = upstream.requests;
    expect(sent).toMatchObject({
      method: 'POST',
      path: '/v1/audio/speech',
      body: { model: 'tts-1', voice: 'nova', input: 'Good morning', response_format: 'mp3', speed: 1.5 },
      headers: { authorization: `Bearer ${key}` },
    });
    expect(Buffer.from(audio).equals(sent?.answered ?? Buffer.alloc(0))).toBe(true);
  });

  it('uses the server’s own key when the caller brings none', async () => {
    await engine.synthesizer.synthesize(request);
    expect(upstream.requests[0]?.headers.authorization).toBe('Bearer sk-the-servers-own-key-000000');
  });

  it('passes instructions on to models that follow them only', async () => {
    await synthesize({ instructions: 'Whisper.' });
    await synthesize({ instructions: 'Whisper.', model: 'tts-1-hd' });
    await synthesize({ instructions: 'Whisper.', model: 'gpt-4o-mini-tts' });
    expect(upstream.requests.map(({ body }) => body.instructions)).toEqual([
      undefined,
      undefined,
      'Whisper.',
    ]);
  });

  it.each<[string, Behaviour]>([
    ['500', { kind: 'status', status: 500 }],
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: 1 }],
    ['a hang-up', { kind: 'hang-up' }],
  ])('tries again after %s', async (_, behaviour) => {
    onceThenWell(behaviour);
    expect((await synthesize()).length).toBeGreaterThan(1_000);
    expect(upstream.requests).toHaveLength(2);
  });

  it.each<[string, Behaviour, Partial<AppError>, number]>([
    ['401', { kind: 'status', status: 401 }, { code: 'UNAUTHORIZED' }, 1],
    ['403', { kind: 'status', status: 403 }, { code: 'FORBIDDEN' }, 1],
    ['400', { kind: 'status', status: 400 }, { code: 'BAD_REQUEST' }, 1],
    ['404', { kind: 'status', status: 404 }, { code: 'BAD_REQUEST' }, 1],
    ['an error that echoes the key everywhere', { kind: 'echo-key' }, { code: 'BAD_REQUEST' }, 1],
    [
      '429 with a Retry-After of a day',
      { kind: 'status', status: 429, retryAfter: 86_400 },
      { code: 'RATE_LIMITED', retryAfterSeconds: 86_400 },
      1,
    ],
    [
      'an exhausted quota',
      { kind: 'status', status: 429, retryAfter: 30, code: 'insufficient_quota' },
      { code: 'QUOTA_EXCEEDED' },
      1,
    ],
    ['503 again and again', { kind: 'status', status: 503 }, { code: 'UPSTREAM_UNAVAILABLE' }, 3],
    ['hang-ups again and again', { kind: 'hang-up' }, { code: 'UPSTREAM_UNAVAILABLE' }, 3],
    ['a web page', { kind: 'garbage' }, { code: 'UPSTREAM_FAILED' }, 1],
    ['JSON instead of audio', { kind: 'json' }, { code: 'UPSTREAM_FAILED' }, 1],
    ['nothing', { kind: 'empty' }, { code: 'UPSTREAM_FAILED' }, 1],
    ['half a file', { kind: 'close-mid-body' }, { code: 'UPSTREAM_FAILED' }, 1],
    [
      'more than any speech',
      { kind: 'bytes', bytes: new Uint8Array((64 << 20) + 1) },
      { code: 'UPSTREAM_FAILED' },
      1,
    ],
  ])('tells in its own words of %s', async (_, behaviour, expected, attempts) => {
    upstream.behave(() => behaviour);
    const error: unknown = await synthesize().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject(expected);
    expect(upstream.requests).toHaveLength(attempts);
    expect(traces(error)).not.toContain('sk-');
  });

  it('says that nobody answers where nobody listens', async () => {
    const nowhere = createSpeechEngine({
      engine: 'openai',
      openai: { baseUrl: `http://127.0.0.1:${await freePort()}/v1` },
    });
    await expect(nowhere.synthesizer.synthesize(request, { apiKey: key })).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'The speech provider cannot be reached.',
    });
  });

  it.each<[string, Behaviour]>([
    ['the upstream hangs', { kind: 'hang' }],
    ['the audio drips in', { kind: 'drip', milliseconds: 200 }],
    ['it waits for the next attempt', { kind: 'status', status: 503, retryAfter: 15 }],
  ])('stops at once when told to while %s', async (_, behaviour) => {
    upstream.behave(() => behaviour);
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    const begun = performance.now();
    setTimeout(() => controller.abort(reason), 300);
    await expect(synthesize({}, controller.signal)).rejects.toBe(reason);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('takes audio that drips in', async () => {
    upstream.behave(() => ({ kind: 'drip', milliseconds: 10 }));
    expect(Buffer.from(await synthesize()).equals(upstream.requests[0]?.answered ?? Buffer.alloc(0))).toBe(
      true,
    );
  });

  it('does not send a key that cannot be one', async () => {
    const crooked = engine.synthesizer.synthesize(request, { apiKey: 'sk-line\nbreak-0123456789abcdef' });
    await expect(crooked).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('the OpenAI key verifier', () => {
  it('accepts a key that may see the models', async () => {
    await engine.keys.verify(key);
    expect(upstream.requests).toMatchObject([
      { method: 'GET', path: '/v1/models', headers: { authorization: `Bearer ${key}` } },
    ]);
  });

  it.each<[string, Behaviour, Partial<AppError>, number]>([
    ['401', { kind: 'status', status: 401 }, { statusCode: 401, message: 'Invalid OpenAI API token' }, 1],
    ['403', { kind: 'status', status: 403 }, { statusCode: 401, message: 'Invalid OpenAI API token' }, 1],
    ['429', { kind: 'status', status: 429, retryAfter: 60 }, { statusCode: 429, retryAfterSeconds: 60 }, 1],
    [
      '500',
      { kind: 'status', status: 500 },
      { code: 'UPSTREAM_UNAVAILABLE', message: 'The speech provider cannot be reached.' },
      2,
    ],
    ['a hang-up', { kind: 'hang-up' }, { code: 'UPSTREAM_UNAVAILABLE' }, 2],
    ['a web page', { kind: 'garbage' }, { code: 'UPSTREAM_FAILED' }, 1],
    ['an error that echoes the key everywhere', { kind: 'echo-key' }, { code: 'UPSTREAM_FAILED' }, 1],
  ])('tells in its own words of %s', async (_, behaviour, expected, attempts) => {
    upstream.behave(() => behaviour);
    const error: unknown = await engine.keys.verify(key).catch((reason: unknown) => reason);
    expect(error).toMatchObject(expected);
    expect(upstream.requests).toHaveLength(attempts);
    expect(traces(error)).not.toContain('sk-');
  });

  it('stops waiting after ten seconds, and at once when told to', async () => {
    upstream.behave(() => ({ kind: 'hang' }));
    await expect(engine.keys.verify(key, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    await expect(engine.keys.verify(key)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'The speech provider cannot be reached.',
    });
  });

  it('never checks a user by the server’s own key', async () => {
    await expect(engine.keys.verify('')).rejects.toMatchObject({ statusCode: 401 });
    expect(upstream.requests).toHaveLength(0);
  });
});
