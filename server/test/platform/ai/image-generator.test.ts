import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createImageEngine } from '../../../src/platform/ai/engines.js';
import type { ImageGenerator, ImageRequest, ImageSize } from '../../../src/platform/ai/image-generator.js';
import { AppError } from '../../../src/platform/http/errors.js';
import { type Behaviour, type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import { coloredPng, pngSize } from '../../support/png.js';

const key = 'sk-test-0123456789abcdefghij';
let upstream: FakeOpenai;
let openai: ImageGenerator;
const builtin = createImageEngine({ engine: 'builtin' });
beforeAll(async () => {
  upstream = await startFakeOpenAI();
  openai = createImageEngine({ engine: 'openai', openai: { baseUrl: upstream.baseUrl } });
});
afterAll(async () => {
  await builtin.close();
  await upstream.close();
});
afterEach(() => {
  upstream.behave(() => ({ kind: 'ok' }));
  upstream.requests.length = 0;
});

describe.each<[string, () => ImageGenerator]>([
  ['openai', () => openai],
  ['builtin', () => builtin],
])('the %s image generator', (engine, generator) => {
  it('draws a real picture', async () => {
    const { data, mediaType } = await generator().generate({ prompt: 'A fox on a hill' }, { apiKey: key });
    expect(generator().engine).toBe(engine);
    expect(mediaType).toBe('image/png');
    expect(pngSize(data).width).toBeGreaterThan(0);
  });

  it('stops when it is told to', async () => {
    const reason = new Error('no longer wanted');
    const stopped = generator().generate(
      { prompt: 'A fox' },
      { apiKey: key, signal: AbortSignal.abort(reason) },
    );
    await expect(stopped).rejects.toBe(reason);
  });
});

describe('the built-in image generator', () => {
  it.each<ImageSize>(['1024x1024', '1024x1536', '1536x1024', '128x128'])(
    'draws in %s, within seconds',
    async (size) => {
      const begun = performance.now();
      const { data } = await builtin.generate({ prompt: 'Une plage avec un chien', size });
      const [width, height] = size.split('x').map(Number);
      expect(pngSize(data)).toEqual({ width, height });
      expect(performance.now() - begun).toBeLessThan(5_000);
    },
  );

  const luna: ImageRequest = {
    prompt: 'In a forest with an owl',
    scene: { hero: { name: 'Luna', hair: 'curly red' } },
  };

  it('draws the same for the same words, and another picture for another seed', async () => {
    const [one, same, other] = await Promise.all([
      builtin.generate(luna),
      builtin.generate(luna),
      builtin.generate({ ...luna, seed: 2 }),
    ]);
    expect(Buffer.from(one.data).equals(Buffer.from(same.data))).toBe(true);
    expect(Buffer.from(one.data).equals(Buffer.from(other.data))).toBe(false);
  });

  it('keeps the hero by name, and by the id of an earlier picture', async () => {
    const first = await builtin.generate(luna);
    const elsewhere = await builtin.generate({ ...luna, prompt: 'At the beach at night' });
    const later = await builtin.generate({
      prompt: 'A child in space',
      ...(first.generationId ? { previousGenerationId: first.generationId } : {}),
    });
    expect(first.generationId).toMatch(/^look_6_curly_c95a2c_/);
    expect(elsewhere.generationId).toBe(first.generationId);
    expect(later.generationId).toBe(first.generationId);
  });

  it('ignores an id that is none of its own', async () => {
    const { data } = await builtin.generate({ prompt: 'A cat', previousGenerationId: 'look_"><script>' });
    expect(pngSize(data).width).toBe(1024);
  });

  it('draws every place, whatever the words', async () => {
    const words =
      'hills forest beach city school bedroom castle sea underwater space mountain garden village birthday kitchen'.split(
        ' ',
      );
    const pictures = await Promise.all(
      words.map((place) =>
        builtin.generate({ prompt: `${place} <&"> 🦄`, size: '256x256', scene: { place } }),
      ),
    );
    expect(new Set(pictures.map(({ data }) => Buffer.from(data).toString('base64'))).size).toBe(words.length);
  });

  it.each(['0x0', '99999x10', '10', 'axb'])('refuses the size %s', async (size) => {
    const refused = builtin.generate({ prompt: 'A cat', size: size as ImageSize });
    await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

describe('the OpenAI image generator', () => {
  it('sends words, shape and quality, and passes the picture on', async () => {
    const { data, revisedPrompt } = await openai.generate(
      { prompt: 'A fox', size: '600x900', quality: 'hd' },
      { apiKey: key },
    );
    expect(upstream.requests).toMatchObject([
      {
        path: '/v1/images/generations',
        headers: { authorization: `Bearer ${key}` },
        body: { model: 'gpt-image-1', prompt: 'A fox', size: '1024x1536', quality: 'high' },
      },
    ]);
    expect(Buffer.from(data).equals(coloredPng('A fox'))).toBe(true);
    expect(revisedPrompt).toBe('Drawn: A fox');
  });

  it('sends the reference along as a file to be edited', async () => {
    await openai.generate(
      { prompt: 'A fox', reference: { data: coloredPng('before'), mediaType: 'image/png' } },
      { apiKey: key },
    );
    const [sent] = upstream.requests;
    expect(sent?.path).toBe('/v1/images/edits');
    expect(sent?.body).toMatchObject({ model: 'gpt-image-1', prompt: 'A fox', quality: 'medium' });
    const image = sent?.body.image as File;
    expect(Buffer.from(await image.arrayBuffer()).equals(coloredPng('before'))).toBe(true);
  });

  it.each<[string, Behaviour, string]>([
    ['401', { kind: 'status', status: 401 }, 'UNAUTHORIZED'],
    ['402', { kind: 'status', status: 402 }, 'QUOTA_EXCEEDED'],
    ['429', { kind: 'status', status: 429, retryAfter: 60 }, 'RATE_LIMITED'],
    ['a refusal', { kind: 'status', status: 400, code: 'moderation_blocked' }, 'BAD_REQUEST'],
    ['an echoed key', { kind: 'echo-key' }, 'BAD_REQUEST'],
    ['a web page', { kind: 'garbage' }, 'UPSTREAM_FAILED'],
    ['other JSON', { kind: 'json' }, 'UPSTREAM_FAILED'],
    ['no picture', { kind: 'bytes', bytes: Buffer.from('not a picture') }, 'UPSTREAM_FAILED'],
  ])('tells in its own words of %s', async (_, behaviour, code) => {
    upstream.behave(() => behaviour);
    const error: unknown = await openai
      .generate({ prompt: 'A fox' }, { apiKey: key })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code });
    expect(`${(error as Error).message}${(error as Error).stack}${JSON.stringify(error)}`).not.toContain(
      'sk-',
    );
  });
});
