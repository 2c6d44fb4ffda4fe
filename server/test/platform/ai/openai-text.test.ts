import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTextEngine } from '../../../src/platform/ai/engines.js';
import type { TextEvent, TextGenerator, TextMessage } from '../../../src/platform/ai/text-generator.js';
import { AppError } from '../../../src/platform/http/errors.js';
import { type Behaviour, type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import { coloredPng } from '../../support/png.js';
import { freePort } from '../../support/services.js';

const key = 'sk-test-0123456789abcdefghij';
const hello: TextMessage[] = [{ role: 'user', content: 'Hello there' }];

let upstream: FakeOpenai;
let text: TextGenerator;
beforeAll(async () => {
  upstream = await startFakeOpenAI();
  text = createTextEngine({
    engine: 'openai',
    openai: { baseUrl: upstream.baseUrl, apiKey: 'sk-the-servers-own-key-000000' },
    model: 'small-model',
    // More than the waits between three attempts.
    firstTokenMilliseconds: 3_000,
    deadlineMilliseconds: 5_000,
  });
});
afterAll(() => upstream.close());
afterEach(() => {
  upstream.behave(() => ({ kind: 'ok' }));
  upstream.requests.length = 0;
});

/** Everything about a failure that could reach a log or a person. */
const traces = (error: unknown): string => {
  const { cause, message, stack } = error as Error;
  return [message, stack, JSON.stringify(error), cause === undefined ? '' : traces(cause)].join('\n');
};

const bodies = () => upstream.requests.map(({ body }) => body);

/** The upstream does these in turn, the last one again and again. */
const inTurn = (...behaviours: Behaviour[]) => {
  let next = 0;
  upstream.behave(() => behaviours[Math.min(next++, behaviours.length - 1)] ?? { kind: 'ok' });
};

async function collect(events: AsyncIterable<TextEvent>): Promise<TextEvent[]> {
  const all: TextEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe('what the OpenAI text generator sends', () => {
  it('is the conversation with the caller’s key, the model and the options', async () => {
    await text.text([{ role: 'system', content: 'Be short.' }, ...hello], {
      apiKey: key,
      model: 'large-model',
      maxTokens: 50,
      temperature: 0.3,
    });
    expect(upstream.requests).toMatchObject([
      {
        path: '/v1/chat/completions',
        headers: { authorization: `Bearer ${key}` },
        body: {
          model: 'large-model',
          max_tokens: 50,
          temperature: 0.3,
          messages: [
            { role: 'system', content: 'Be short.' },
            { role: 'user', content: 'Hello there' },
          ],
        },
      },
    ]);
  });

  it('is the server’s own key and model when the caller brings none', async () => {
    await text.text(hello);
    expect(upstream.requests[0]?.headers.authorization).toBe('Bearer sk-the-servers-own-key-000000');
    expect(bodies()[0]?.model).toBe('small-model');
  });

  it('has pictures inside, as data URLs', async () => {
    const png = coloredPng('a fox');
    await text.text([
      { role: 'user', content: 'What is this?', images: [{ data: png, mediaType: 'image/png' }] },
    ]);
    expect(bodies()[0]?.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png.toString('base64')}` } },
        ],
      },
    ]);
  });

  it('has the calls of tools and their answers where they were', async () => {
    await text.text([
      ...hello,
      { role: 'assistant', content: '', toolCalls: [{ id: 'call_7', name: 'weather', arguments: '{}' }] },
      { role: 'tool', toolCallId: 'call_7', content: 'Rain.' },
    ]);
    expect(bodies()[0]?.messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'call_7', type: 'function', function: { name: 'weather', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'call_7', content: 'Rain.' },
    ]);
  });

  it('leaves out a key that cannot be one', async () => {
    const crooked = text.text(hello, { apiKey: 'sk-line\nbreak-0123456789abcdef' });
    await expect(crooked).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('tools', () => {
  const weather = {
    name: 'weather',
    description: 'The weather of a place.',
    parameters: { type: 'object', properties: { place: { type: 'string' } }, required: ['place'] },
  };

  it('are called with arguments that come in pieces and then whole', async () => {
    upstream.behave(() => ({
      kind: 'chat',
      toolCalls: [
        { name: 'weather', arguments: { place: 'Lyon' } },
        { name: 'weather', arguments: { place: 'Oslo' } },
      ],
    }));
    const events = await collect(text.stream(hello, { tools: [weather] }));
    expect(bodies()[0]).toMatchObject({
      tools: [{ type: 'function', function: weather }],
      tool_choice: 'auto',
    });
    const deltas = events.filter((event) => event.type === 'tool-call-delta');
    for (const [index, place] of ['Lyon', 'Oslo'].entries()) {
      const written = deltas.filter((delta) => delta.index === index).map((delta) => delta.arguments);
      expect(written.length).toBeGreaterThan(1);
      expect(JSON.parse(written.join(''))).toEqual({ place });
    }
    expect(events.slice(-3)).toMatchObject([
      { type: 'tool-call', index: 0, call: { id: 'call_1', name: 'weather', arguments: '{"place":"Lyon"}' } },
      { type: 'tool-call', index: 1, call: { id: 'call_2', name: 'weather', arguments: '{"place":"Oslo"}' } },
      { type: 'end', finishReason: 'tool_calls', model: 'small-model' },
    ]);
  });

  it('can be forced', async () => {
    const { toolCalls, finishReason } = await text.text(hello, {
      tools: [weather],
      toolChoice: { name: 'weather' },
    });
    expect(toolCalls).toEqual([{ id: 'call_1', name: 'weather', arguments: '{"place":"sample"}' }]);
    expect(finishReason).toBe('tool_calls');
    expect(bodies()[0]?.tool_choice).toEqual({ type: 'function', function: { name: 'weather' } });
  });
});

describe('answers in JSON', () => {
  const schema = Type.Object({
    title: Type.String({ minLength: 1, maxLength: 40 }),
    mood: Type.Optional(Type.Union([Type.Literal('calm'), Type.Literal('merry')])),
    scenes: Type.Array(Type.Object({ seconds: Type.Integer({ minimum: 0 }) }), { minItems: 1 }),
  });
  const good = { title: 'The owl', scenes: [{ seconds: 3 }] };

  it('are asked for as strict structured outputs, in which what is optional may be null', async () => {
    upstream.behave(() => ({ kind: 'chat', json: { ...good, mood: null } }));
    const { value, usage } = await text.json(hello, schema);
    expect(value).toEqual(good);
    expect(usage?.inputTokens).toBeGreaterThan(0);
    expect(bodies()[0]?.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: {
        strict: true,
        schema: {
          required: ['title', 'mood', 'scenes'],
          additionalProperties: false,
          properties: { title: { type: 'string', description: '(at most 40 characters)' } },
        },
      },
    });
  });

  it('fall back to JSON mode, then to plain words, and the way is remembered', async () => {
    upstream.behave(({ body }) => {
      const format = (body.response_format as { type?: string } | undefined)?.type;
      return format
        ? { kind: 'status', status: 400 }
        : { kind: 'chat', text: `\`\`\`json\n${JSON.stringify(good)}\n\`\`\`` };
    });
    expect((await text.json(hello, schema, { model: 'old-model' })).value).toEqual(good);
    expect(bodies().map((body) => (body.response_format as { type?: string } | undefined)?.type)).toEqual([
      'json_schema',
      'json_object',
      undefined,
    ]);
    expect(JSON.stringify(bodies()[2]?.messages)).toContain('JSON schema');
    upstream.requests.length = 0;
    expect((await text.json(hello, schema, { model: 'old-model' })).value).toEqual(good);
    expect(upstream.requests).toHaveLength(1);
  });

  it.each<[string, Behaviour]>([
    ['a wrong form', { kind: 'chat', json: { title: 'The owl', scenes: [{ seconds: 'three' }] } }],
    ['no JSON', { kind: 'chat', text: 'Certainly! Here it is.' }],
  ])('are asked for once more after %s, with what was wrong', async (_, behaviour) => {
    inTurn(behaviour, { kind: 'chat', json: good });
    const { value } = await text.json(hello, schema);
    expect(value).toEqual(good);
    expect(bodies()).toHaveLength(2);
    expect(bodies()[1]?.messages).toMatchObject([
      { role: 'user', content: 'Hello there' },
      { role: 'assistant' },
      { role: 'user', content: expect.stringMatching(/^That (is not valid JSON|does not satisfy)/) },
    ]);
  });

  it.each<[string, Behaviour, string, number]>([
    ['the form stays wrong', { kind: 'chat', json: { nothing: true } }, 'UPSTREAM_FAILED', 2],
    ['the answer is cut off', { kind: 'chat', text: '{"tit', finishReason: 'length' }, 'UPSTREAM_FAILED', 1],
    ['the model declines', { kind: 'chat', refusal: 'I cannot.' }, 'BAD_REQUEST', 1],
    ['every way is rejected', { kind: 'status', status: 400 }, 'BAD_REQUEST', 3],
    ['it hangs', { kind: 'hang' }, 'UPSTREAM_TIMEOUT', 1],
  ])('fail in the catalogue’s words when %s', async (_, behaviour, code, calls) => {
    upstream.behave(() => behaviour);
    const error: unknown = await text
      .json(hello, schema, { apiKey: key, model: `model-of-${calls}-${code}` })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(upstream.requests).toHaveLength(calls);
    expect(traces(error)).not.toContain('sk-');
  });
});

describe('an upstream that misbehaves', () => {
  it.each<[string, Behaviour]>([
    ['500', { kind: 'status', status: 500 }],
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfter: 1 }],
    ['a hang-up', { kind: 'hang-up' }],
  ])('is asked again after %s', async (_, behaviour) => {
    inTurn(behaviour, { kind: 'ok' });
    expect((await text.text(hello)).text).toBe('You said: Hello there');
    expect(upstream.requests).toHaveLength(2);
  });

  it.each<[string, Behaviour, Partial<AppError>, number]>([
    ['401', { kind: 'status', status: 401 }, { code: 'UNAUTHORIZED' }, 1],
    ['402', { kind: 'status', status: 402 }, { code: 'QUOTA_EXCEEDED' }, 1],
    ['403', { kind: 'status', status: 403 }, { code: 'FORBIDDEN' }, 1],
    ['404', { kind: 'status', status: 404 }, { code: 'BAD_REQUEST' }, 1],
    ['an error that echoes the key everywhere', { kind: 'echo-key' }, { code: 'BAD_REQUEST' }, 1],
    [
      '429 with a Retry-After of a minute',
      { kind: 'status', status: 429, retryAfter: 60 },
      { code: 'RATE_LIMITED', retryAfterSeconds: 60 },
      1,
    ],
    [
      'an exhausted quota',
      { kind: 'status', status: 429, retryAfter: 30, code: 'insufficient_quota' },
      { code: 'QUOTA_EXCEEDED' },
      1,
    ],
    ['503 again and again', { kind: 'status', status: 503 }, { code: 'UPSTREAM_UNAVAILABLE' }, 3],
    ['a web page', { kind: 'garbage' }, { code: 'UPSTREAM_FAILED' }, 1],
    ['JSON of another kind', { kind: 'json' }, { code: 'UPSTREAM_FAILED' }, 1],
    ['nothing', { kind: 'empty' }, { code: 'UPSTREAM_FAILED' }, 1],
    ['an answer cut in mid-word', { kind: 'close-mid-body' }, { code: 'UPSTREAM_FAILED' }, 1],
    [
      'an answer that ends without an end',
      { kind: 'chat', text: 'Once upon', after: { pieces: 2, comes: 'end' } },
      { code: 'UPSTREAM_FAILED' },
      1,
    ],
    [
      'an error in the midst that echoes the key',
      { kind: 'chat', text: 'Once upon', after: { pieces: 2, comes: 'error' } },
      { code: 'UPSTREAM_FAILED' },
      1,
    ],
    ['a hang', { kind: 'hang' }, { code: 'UPSTREAM_TIMEOUT' }, 1],
    [
      'silence in the midst',
      { kind: 'chat', text: 'Once upon', after: { pieces: 2, comes: 'silence' } },
      { code: 'UPSTREAM_TIMEOUT' },
      1,
    ],
    [
      'an answer that never ends',
      { kind: 'chat', text: 'la '.repeat(1_000), milliseconds: 100 },
      { code: 'UPSTREAM_TIMEOUT' },
      1,
    ],
  ])('is told of in our own words: %s', async (_, behaviour, expected, attempts) => {
    upstream.behave(() => behaviour);
    const error: unknown = await text.text(hello, { apiKey: key }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject(expected);
    expect(upstream.requests).toHaveLength(attempts);
    expect(traces(error)).not.toContain('sk-');
  });

  it('is read no further than an answer can be long', async () => {
    const patient = createTextEngine({ engine: 'openai', openai: { baseUrl: upstream.baseUrl } });
    upstream.behave(() => ({ kind: 'chat', text: 'la '.repeat(200_000) }));
    await expect(patient.text(hello)).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('is away where nobody listens', async () => {
    const nowhere = createTextEngine({
      engine: 'openai',
      openai: { baseUrl: `http://127.0.0.1:${await freePort()}/v1` },
    });
    await expect(nowhere.text(hello)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  });

  it('has been heard as far as it came', async () => {
    upstream.behave(() => ({ kind: 'close-mid-body' }));
    const heard: string[] = [];
    const listening = (async () => {
      for await (const event of text.stream(hello)) if (event.type === 'text') heard.push(event.text);
    })();
    await expect(listening).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
    expect(heard.join('')).toMatch(/^This is/);
  });
});

describe('stopping', () => {
  it.each<[string, Behaviour]>([
    ['the upstream hangs', { kind: 'hang' }],
    ['the words drip in', { kind: 'chat', text: 'la '.repeat(200), milliseconds: 50 }],
    ['it waits for the next attempt', { kind: 'status', status: 503, retryAfter: 4 }],
  ])('takes less than a second while %s', async (_, behaviour) => {
    upstream.behave(() => behaviour);
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    setTimeout(() => controller.abort(reason), 300);
    const begun = performance.now();
    await expect(text.text(hello, { signal: controller.signal })).rejects.toBe(reason);
    expect(performance.now() - begun).toBeLessThan(1_300);
    if (behaviour.kind !== 'status')
      await expect.poll(() => upstream.requests[0]?.leftAt, { timeout: 1_000 }).toBeDefined();
  });

  it('happens when the iteration is left', async () => {
    upstream.behave(() => ({ kind: 'chat', text: 'la '.repeat(200), milliseconds: 50 }));
    for await (const event of text.stream(hello)) if (event.type === 'text') break;
    await expect.poll(() => upstream.requests[0]?.leftAt, { timeout: 1_000 }).toBeDefined();
  });

  it('happens before anything is sent when the signal is aborted already', async () => {
    await expect(text.text(hello, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
    expect(upstream.requests).toHaveLength(0);
  });
});
