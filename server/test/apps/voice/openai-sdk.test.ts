import OpenAI, { APIError, AuthenticationError, toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPocketSphinx } from '../../../src/platform/ai/builtin/pocketsphinx.js';
import { audioContainer } from '../../../src/platform/audio/container.js';
import { audioDuration } from '../../../src/platform/audio/duration.js';
import { samplesOf } from '../../../src/platform/audio/pcm.js';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import { loudness } from '../../support/sound.js';
import { someKey } from '../../support/speech-client.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

const clientOf = (app: VoiceApp, apiKey = 'none') =>
  new OpenAI({ apiKey, baseURL: `${app.url}/v1`, maxRetries: 0 });

const clock = {
  type: 'function' as const,
  name: 'current_city',
  description: 'Where the user is.',
  parameters: { type: 'object', properties: {}, required: [] as string[], additionalProperties: false },
};

describe('the openai package against the builtin engines', () => {
  let app: VoiceApp;
  let openai: OpenAI;
  beforeAll(async () => {
    app = await startVoiceApp();
    openai = clientOf(app);
  });
  afterAll(() => app.stop());

  it('finds the models, all of them and one', async () => {
    const models: string[] = [];
    for await (const { id } of openai.models.list()) models.push(id);
    expect(models).toEqual(expect.arrayContaining(['earshot-rules', 'tts-1', 'whisper-1', 'gpt-realtime']));
    expect(await openai.models.retrieve('whisper-1')).toMatchObject({ id: 'whisper-1', object: 'model' });
    await expect(openai.models.retrieve('gpt-99')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
  });

  it('completes a chat', async () => {
    const { choices, model, object } = await openai.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'What is 6 times 7?' }] },
      ],
    });
    expect(object).toBe('chat.completion');
    expect(model).toBe('earshot-rules');
    expect(choices[0]).toMatchObject({ index: 0, finish_reason: 'stop', message: { role: 'assistant' } });
    expect(choices[0]?.message.content).toContain('42');
  });

  it('streams a chat', async () => {
    const stream = openai.chat.completions.stream({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'What is 6 times 7?' }],
    });
    let heard = '';
    stream.on('content', (delta) => {
      heard += delta;
    });
    expect(await stream.finalContent()).toBe(heard);
    expect(heard).toContain('42');
  });

  it('counts the answers of an account, however they were asked for', async () => {
    const { key, token } = await app.signUp();
    const own = clientOf(app, key);
    const messages = [{ role: 'user' as const, content: 'What is 6 times 7?' }];
    await own.chat.completions.create({ model: 'm', messages });
    await own.chat.completions.stream({ model: 'm', messages }).finalContent();
    await own.responses.create({ model: 'm', input: 'What is 6 times 7?' });
    expect(await app.answersOf(token)).toBe(3);
  });

  it('has a tool called, and tells what came of it', async () => {
    const { parameters, name, description } = clock;
    const tools = [{ type: 'function' as const, function: { name, description, parameters } }];
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'Please use current_city.' },
    ];
    const { choices } = await openai.chat.completions.create({ model: 'm', messages, tools });
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    const call = choices[0]?.message.tool_calls?.[0];
    expect(call).toMatchObject({ type: 'function', function: { name: 'current_city', arguments: '{}' } });
    if (!choices[0] || !call) return;
    messages.push(choices[0].message, { role: 'tool', tool_call_id: call.id, content: 'Lisbon' });
    const after = await openai.chat.completions.create({ model: 'm', messages, tools });
    expect(after.choices[0]).toMatchObject({ finish_reason: 'stop' });
  });

  it('streams a tool call', async () => {
    const { parameters, name } = clock;
    const stream = openai.chat.completions.stream({
      model: 'm',
      messages: [{ role: 'user', content: 'Where am I?' }],
      tools: [{ type: 'function', function: { name, parameters } }],
      tool_choice: { type: 'function', function: { name } },
    });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name, arguments: '{}' } });
  });

  it('completes and streams a response', async () => {
    const whole = await openai.responses.create({ model: 'gpt-4o-mini', input: 'What is 6 times 7?' });
    expect(whole).toMatchObject({ object: 'response', status: 'completed', error: null });
    expect(whole.output_text).toContain('42');

    const stream = openai.responses.stream({
      model: 'gpt-4o-mini',
      instructions: 'Be brief.',
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'What is 6 times 7?' }] }],
    });
    const types: string[] = [];
    let heard = '';
    for await (const event of stream) {
      expect(event.sequence_number).toBe(types.length);
      types.push(event.type);
      if (event.type === 'response.output_text.delta') heard += event.delta;
    }
    expect(types.slice(0, 4)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
    ]);
    expect(types.slice(-4)).toEqual([
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect((await stream.finalResponse()).output_text).toBe(heard);
    expect(heard).toContain('42');
  });

  it('has a function called in a response, and tells what came of it', async () => {
    const first = await openai.responses.create({
      model: 'm',
      input: 'Please use current_city.',
      tools: [{ ...clock, strict: true }],
    });
    const call = first.output[0];
    expect(call).toMatchObject({ type: 'function_call', name: 'current_city', arguments: '{}' });
    if (call?.type !== 'function_call') return;
    const after = await openai.responses.create({
      model: 'm',
      input: [
        { role: 'user', content: 'Please use current_city.' },
        call,
        { type: 'function_call_output', call_id: call.call_id, output: 'Lisbon' },
      ],
    });
    expect(after.status).toBe('completed');
    expect(after.output[0]?.type).toBe('message');
  });

  it.each(['mp3', 'opus', 'aac', 'flac', 'wav'] as const)('speaks a long text as %s', async (format) => {
    const input = 'This is the first sentence of several. '.repeat(8);
    const answer = await openai.audio.speech.create({
      model: 'tts-1',
      voice: 'echo',
      input,
      response_format: format,
    });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const extension = format === 'opus' ? 'ogg' : format;
    expect(audioContainer(bytes)?.extension).toBe(extension);
    expect(await audioDuration(bytes, format)).toBeGreaterThan(10);
  });

  it('sends sound as events', async () => {
    const answer = await openai.audio.speech.create({
      model: 'gpt-4o-mini-tts',
      voice: 'alloy',
      input: 'Hello.',
      response_format: 'pcm',
      stream_format: 'sse',
    });
    const text = await answer.text();
    expect(text).toContain('"type":"speech.audio.delta"');
    expect(text).toContain('"type":"speech.audio.done"');
  });

  describe.skipIf(!findPocketSphinx())('hearing (SKIPPED without pocketsphinx)', () => {
    let recording: Uint8Array;
    beforeAll(async () => {
      const answer = await openai.audio.speech.create({
        model: 'tts-1',
        voice: 'alloy',
        input: 'The weather is very good.',
        response_format: 'wav',
      });
      recording = new Uint8Array(await answer.arrayBuffer());
    });
    const file = () => toFile(recording, 'recording.wav');

    it('hears what was spoken, in every form of answer', async () => {
      const { text } = await openai.audio.transcriptions.create({ file: await file(), model: 'whisper-1' });
      expect(text.toLowerCase()).toContain('weather');
      const verbose = await openai.audio.transcriptions.create({
        file: await file(),
        model: 'whisper-1',
        response_format: 'verbose_json',
        timestamp_granularities: ['word', 'segment'],
      });
      expect(verbose).toMatchObject({ task: 'transcribe', language: 'en', text });
      expect(verbose.words?.length).toBeGreaterThan(2);
      expect(verbose.segments?.[0]).toMatchObject({ id: 0, text: expect.any(String) });
      for (const [format, mark] of [
        ['srt', /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n/],
        ['vtt', /^WEBVTT\n\n00:00:0\d\.\d{3} --> /],
        ['text', /weather/i],
      ] as const) {
        const written: unknown = await openai.audio.transcriptions.create({
          file: await file(),
          model: 'whisper-1',
          response_format: format,
        });
        expect(written).toMatch(mark);
      }
    });

    it('hears as a stream', async () => {
      const stream = await openai.audio.transcriptions.create({
        file: await file(),
        model: 'gpt-4o-transcribe',
        stream: true,
      });
      let heard = '';
      for await (const event of stream) {
        if (event.type === 'transcript.text.delta') heard += event.delta;
        if (event.type === 'transcript.text.done') expect(event.text).toBe(heard);
      }
      expect(heard.toLowerCase()).toContain('weather');
    });
  });

  it('opens for a key of this server, and for a client secret, and for no wrong one', async () => {
    const { key } = await app.signUp();
    const secret = await clientOf(app, key).realtime.clientSecrets.create({ session: { type: 'realtime' } });
    expect(secret.value).toMatch(/^ek_/);
    for (const good of [key, secret.value])
      await expect(clientOf(app, good).models.list()).resolves.toBeDefined();
    for (const wrong of ['earshot_sk_nobodys', 'ek_nobodys'])
      await expect(clientOf(app, wrong).models.list()).rejects.toThrow(AuthenticationError);
  });

  it.each<[string, (openai: OpenAI) => Promise<unknown>, object]>([
    [
      'no messages',
      (client) => client.chat.completions.create({ model: 'm', messages: [] }),
      { param: 'messages' },
    ],
    [
      'two answers at once',
      (client) =>
        client.chat.completions.create({ model: 'm', n: 2, messages: [{ role: 'user', content: 'Hi' }] }),
      { param: 'n' },
    ],
    [
      'a picture by its address',
      (client) =>
        client.chat.completions.create({
          model: 'm',
          messages: [
            {
              role: 'user',
              content: [{ type: 'image_url', image_url: { url: 'http://127.0.0.1/picture.png' } }],
            },
          ],
        }),
      { param: 'messages.0.content.0.image_url.url' },
    ],
    [
      'a response to one that was not kept',
      (client) => client.responses.create({ model: 'm', input: 'Hi', previous_response_id: 'resp_1' }),
      { param: 'previous_response_id' },
    ],
    [
      'a tool that is no function',
      (client) => client.responses.create({ model: 'm', input: 'Hi', tools: [{ type: 'web_search' }] }),
      { param: 'tools.0' },
    ],
    [
      'an empty text to speak',
      (client) => client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: ' ' }),
      { param: 'input' },
    ],
    [
      'a recording that is none',
      async (client) =>
        client.audio.transcriptions.create({
          model: 'whisper-1',
          file: await toFile(Buffer.from('no sound'), 'a.wav'),
        }),
      {},
    ],
  ])('tells in OpenAI’s shape what is wrong with %s', async (_, ask, members) => {
    const error = await ask(openai).then(
      () => null,
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(APIError);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', ...members });
  });

  it('says 501 for JSON by a schema, which needs a language model', async () => {
    await expect(
      openai.chat.completions.create({
        model: 'm',
        messages: [{ role: 'user', content: 'Hi' }],
        response_format: { type: 'json_object' },
      }),
    ).rejects.toMatchObject({ status: 501, code: 'no_language_model' });
  });

  it('begins to speak a long text long before it has spoken it all', async () => {
    const answer = await openai.audio.speech.create({
      model: 'tts-1',
      voice: 'echo',
      input: `Hello, this is the beginning. ${'And there is much more to come after it. '.repeat(30)}`,
      response_format: 'pcm',
    });
    const sizes: number[] = [];
    const chunks: Uint8Array[] = [];
    for await (const chunk of answer.body ?? []) {
      sizes.push(chunk.length);
      chunks.push(chunk);
    }
    expect(sizes.length).toBeGreaterThan(3);
    const samples = samplesOf(Buffer.concat(chunks));
    expect(samples.length / 24_000).toBeGreaterThan(40);
    expect(loudness(samples)).toBeGreaterThan(200);
  });
});

describe('the openai package against an upstream', () => {
  let upstream: FakeOpenai;
  let app: VoiceApp;
  const operatorsKey = 'sk-the-operators-own-key-of-this-server';
  beforeAll(async () => {
    upstream = await startFakeOpenAI();
    app = await startVoiceApp({
      environment: {
        OPENAI_BASE_URL: upstream.baseUrl,
        OPENAI_API_KEY: operatorsKey,
        TEXT_FIRST_TOKEN_SECONDS: '3',
      },
    });
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  const ask = (key: string, model: string) =>
    clientOf(app, key).chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] });
  const last = () => upstream.requests.at(-1);

  it('is answered with the caller’s own key and model', async () => {
    upstream.behave(() => ({ kind: 'ok' }));
    const key = someKey();
    const { choices, usage } = await ask(key, 'gpt-of-the-caller');
    expect(choices[0]?.message.content).toBe('You said: Hi');
    expect(usage?.total_tokens).toBeGreaterThan(0);
    expect(last()?.headers.authorization).toBe(`Bearer ${key}`);
    expect(last()?.body.model).toBe('gpt-of-the-caller');
  });

  it('lets keys of this server choose a model at the operator’s expense, and nobody else', async () => {
    upstream.behave(() => ({ kind: 'ok' }));
    const { key } = await app.signUp();
    await ask(key, 'gpt-of-the-caller');
    expect(last()?.body.model).toBe('gpt-of-the-caller');
    expect(last()?.headers.authorization).toBe(`Bearer ${operatorsKey}`);
    const { status } = await app.post('/v1/chat/completions', {
      model: 'the-most-expensive-one',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(status).toBe(200);
    expect(last()?.body.model).toBe('gpt-4o-mini');
  });

  it('hands tools, pictures and limits on', async () => {
    upstream.behave(() => ({ kind: 'ok' }));
    const png = 'data:image/png;base64,iVBORw0KGgo=';
    const { choices } = await clientOf(app, someKey()).chat.completions.create({
      model: 'm',
      max_completion_tokens: 77,
      temperature: 0.3,
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: png } }] }],
      tools: [{ type: 'function', function: { name: 'paint', parameters: { type: 'object' } } }],
      tool_choice: 'required',
    });
    expect(choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: { name: 'paint' } });
    expect(last()?.body).toMatchObject({
      max_tokens: 77,
      temperature: 0.3,
      tool_choice: 'required',
      messages: [{ content: [{ type: 'text' }, { type: 'image_url', image_url: { url: png } }] }],
    });
  });

  it('is given JSON by a schema', async () => {
    upstream.behave(() => ({ kind: 'chat', json: { answer: 42 } }));
    const { output_text: text } = await clientOf(app, someKey()).responses.create({
      model: 'm',
      input: 'Hi',
      text: {
        format: {
          type: 'json_schema',
          name: 'answer',
          schema: { type: 'object', properties: { answer: { type: 'integer' } }, required: ['answer'] },
        },
      },
    });
    expect(JSON.parse(text)).toEqual({ answer: 42 });
  });

  it('§12.2 gets the upstream’s refusal in OpenAI’s shape, without the key', async () => {
    upstream.behave(() => ({ kind: 'status', status: 401 }));
    const key = someKey();
    const error: unknown = await ask(key, 'm').catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ code: 'invalid_api_key', type: 'invalid_request_error' });
    expect(JSON.stringify(error) + app.logged.join('')).not.toContain(key);
  });

  it.each(['hang-up', 'error', 'silence'] as const)(
    '§12.2 gets an error when the upstream breaks off with “%s” in mid-word',
    async (comes) => {
      upstream.behave(() => ({
        kind: 'chat',
        text: 'This is cut in mid-word.',
        after: { pieces: 4, comes },
      }));
      const key = someKey();
      const openai = clientOf(app, key);
      const chat = await openai.chat.completions.create({
        model: 'm',
        stream: true,
        messages: [{ role: 'user', content: 'Hi' }],
      });
      const readAll = async () => {
        for await (const _ of chat);
      };
      const error: unknown = await readAll().catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(APIError);
      const response = await openai.responses.create({ model: 'm', stream: true, input: 'Hi' });
      let status: unknown;
      for await (const event of response) if (event.type === 'response.failed') ({ status } = event.response);
      expect(status).toBe('failed');
      expect(String(error) + app.logged.join('')).not.toContain(key);
    },
  );

  it('lists the upstream’s models to whom the upstream answers', async () => {
    upstream.behave(() => ({ kind: 'ok' }));
    const { data } = await clientOf(app, someKey()).models.list();
    expect(data.map(({ id }) => id)).toEqual(expect.arrayContaining(['gpt-4o-mini', 'tts-1']));
    expect(last()?.path).toBe('/v1/models');
  });

  it('hears the upstream’s sound as it comes', async () => {
    upstream.behave(() => ({ kind: 'drip', milliseconds: 20 }));
    const answer = await clientOf(app, someKey()).audio.speech.create({
      model: 'gpt-4o-mini-tts',
      voice: 'ash',
      input: 'Hello',
      instructions: 'Whisper.',
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-type')).toContain('audio/mpeg');
    expect(bytes.equals(last()?.answered ?? Buffer.of())).toBe(true);
    expect(last()?.body).toMatchObject({ model: 'gpt-4o-mini-tts', voice: 'ash', instructions: 'Whisper.' });
  });
});
