import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinSpeechSynthesizer } from '../../../src/platform/ai/builtin/speech-synthesizer.js';
import { samplesOf } from '../../../src/platform/audio/pcm.js';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import { openRealtime, type RealtimeClient, type RealtimeOptions } from '../../support/realtime-client.js';
import { eventually, movableClock } from '../../support/servers.js';
import { joined } from '../../support/sound.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

const silence = (seconds: number) => new Int16Array(24_000 * seconds);

async function spoken(text: string): Promise<Int16Array> {
  const synthesizer = createBuiltinSpeechSynthesizer();
  const sound = await synthesizer.synthesize({ text, voice: 'alloy', model: '', format: 'pcm', speed: 1 });
  await synthesizer.close();
  return samplesOf(sound);
}

const userSays = (text: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});

const opened: RealtimeClient[] = [];
async function open(app: VoiceApp, options?: RealtimeOptions): Promise<RealtimeClient> {
  const client = await openRealtime(app.url, options);
  opened.push(client);
  return client;
}
afterEach(async () => {
  for (const client of opened.splice(0)) {
    // Whatever happens, an answer ends exactly once, and says nothing afterwards.
    const ids = (type: string) => client.ofType(type).map(({ response }) => response.id);
    expect(ids('response.done')).toEqual(ids('response.created').slice(0, ids('response.done').length));
    await client.close();
  }
});

describe('the Realtime protocol over the builtin engines', () => {
  let app: VoiceApp;
  let question: Int16Array;
  const clock = movableClock();
  beforeAll(async () => {
    app = await startVoiceApp({ clock });
    question = await spoken('What is twenty five plus seventeen?');
  });
  afterAll(() => app.stop());

  it('counts the answers of an account, and none that were cancelled', async () => {
    const { key, token } = await app.signUp();
    const client = await open(app, { headers: { authorization: `Bearer ${key}` } });
    await client.event('session.created');
    client.send(userSays('What is two plus two?'));
    client.send({ type: 'response.create' });
    expect((await client.event('response.done')).response.status).toBe('completed');
    client.send(userSays('Tell me a long story.'));
    client.send({ type: 'response.create' });
    client.send({ type: 'response.cancel' });
    expect((await client.event('response.done', 1)).response.status).toBe('cancelled');
    client.send(userSays('What is three plus three?'));
    client.send({ type: 'response.create' });
    await client.event('response.done', 2);
    expect(
      await eventually(
        () => app.answersOf(token),
        (count) => count === 2,
      ),
    ).toBe(2);
  });

  it('§12.4: a current client completes a text turn', async () => {
    const client = await open(app);
    const { session } = await client.event('session.created');
    expect(session).toMatchObject({
      object: 'realtime.session',
      type: 'realtime',
      model: 'gpt-realtime',
      output_modalities: ['audio'],
      audio: { input: { turn_detection: { type: 'server_vad', silence_duration_ms: 500 } } },
    });
    client.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });
    expect((await client.event('session.updated')).session.output_modalities).toEqual(['text']);
    client.send(userSays('What is 2 plus 3?'));
    client.send({ type: 'response.create' });
    const { response } = await client.event('response.done');
    expect(response).toMatchObject({
      object: 'realtime.response',
      status: 'completed',
      status_details: null,
    });
    expect(response.output[0].content).toEqual([{ type: 'output_text', text: expect.stringContaining('5') }]);
    await client.event('earshot.turn');
    expect(client.types()).toEqual([
      'session.created',
      'session.updated',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
      'earshot.turn',
    ]);
    expect(
      client
        .ofType('response.output_text.delta')
        .map(({ delta }) => delta)
        .join(''),
    ).toBe(client.ofType('response.output_text.done')[0].text);
    expect(new Set(client.events.map(({ event_id }) => event_id)).size).toBe(client.events.length);
  });

  it('§12.4: an older client completes a text turn and a spoken one', async () => {
    const client = await open(app, { headers: { 'openai-beta': 'realtime=v1' } });
    const { session } = await client.event('session.created');
    expect(session).toMatchObject({
      modalities: ['audio', 'text'],
      input_audio_format: 'pcm16',
      voice: 'alloy',
    });
    await client.event('conversation.created');
    client.send({
      type: 'session.update',
      session: { turn_detection: null, voice: 'echo', max_response_output_tokens: 100 },
    });
    expect((await client.event('session.updated')).session).toMatchObject({
      turn_detection: null,
      voice: 'echo',
      max_response_output_tokens: 100,
    });
    client.send(userSays('What is 2 plus 3?'));
    client.send({ type: 'response.create', response: { modalities: ['text'] } });
    const text = (await client.event('response.done')).response;
    expect(text).toMatchObject({ status: 'completed', modalities: ['text'] });
    expect(text.output[0].content).toEqual([{ type: 'text', text: expect.stringContaining('5') }]);
    client.send(userSays('What is 4 plus 5?'));
    client.send({ type: 'response.create' });
    const { response } = await client.event('response.done', 1);
    expect(response.output[0].content).toEqual([{ type: 'audio', transcript: expect.stringContaining('9') }]);
    expect(client.audio('response.audio.delta').length).toBeGreaterThan(12_000);
    expect(client.types()).toContain('conversation.item.created');
    expect(client.types().filter((type) => /output_|item\.(added|done)$/.test(type))).toEqual([
      'response.output_item.added',
      'response.output_item.done',
      'response.output_item.added',
      'response.output_item.done',
    ]);
  });

  it('§12.5: hears a question by voice activity and answers it aloud, in the order of §8.6', async () => {
    const client = await open(app);
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: { model: 'whisper-1' } } } },
    });
    client.say(joined(silence(0.5), question, silence(1)));
    const { response } = await client.event('response.done');
    await client.event('earshot.turn');
    const heard = await client.event('conversation.item.input_audio_transcription.completed');
    expect(heard.transcript).toMatch(/twenty.five plus seventeen/i);
    expect(response.output[0].content).toEqual([
      { type: 'output_audio', transcript: expect.stringContaining('42') },
    ]);
    const loudest = Math.max(...client.audio().map(Math.abs));
    expect(loudest).toBeGreaterThan(3_000);
    const { audio_start_ms: start } = await client.event('input_audio_buffer.speech_started');
    const { audio_end_ms: end } = await client.event('input_audio_buffer.speech_stopped');
    expect(start).toBeGreaterThan(100);
    expect(start).toBeLessThan(700);
    expect(end - start).toBeGreaterThan(1_000);
    const order = client.types().filter((type) => !type.includes('input_audio_transcription'));
    expect(order).toEqual([
      'session.created',
      'session.updated',
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio_transcript.delta',
      'response.output_audio.delta',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'response.output_item.done',
      'conversation.item.done',
      'response.done',
      'earshot.turn',
    ]);
    const [{ latency }] = client.ofType('earshot.turn');
    expect(latency.first_audio_ms).toBeGreaterThanOrEqual(latency.transcript_ms);
  });

  it('§8.5: push to talk commits what was said, in telephone sound as well', async () => {
    const client = await open(app);
    client.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        output_modalities: ['text'],
        audio: { input: { turn_detection: null, transcription: { model: 'any' } } },
      },
    });
    client.send({ type: 'input_audio_buffer.commit', event_id: 'mine' });
    expect((await client.event('error')).error).toMatchObject({
      type: 'invalid_request_error',
      code: 'input_audio_buffer_commit_empty',
      event_id: 'mine',
    });
    client.say(question);
    client.send({ type: 'input_audio_buffer.commit' });
    expect((await client.event('conversation.item.input_audio_transcription.completed')).transcript).toMatch(
      /plus seventeen/i,
    );
    expect(client.types()).not.toContain('response.created');
    client.send({ type: 'response.create' });
    expect((await client.event('response.done')).response.output[0].content[0].text).toContain('42');

    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { output: { format: { type: 'audio/pcmu' } } } },
    });
    client.send(userSays('What is 2 plus 3?'));
    client.send({ type: 'response.create', response: { output_modalities: ['audio'] } });
    const { response } = await client.event('response.done', 1);
    expect(response.audio.output.format).toEqual({ type: 'audio/pcmu' });
    const bytes = client
      .ofType('response.output_audio.delta')
      .map(({ delta }) => Buffer.from(delta, 'base64'));
    // 8,000 bytes a second: as long as the words take to say.
    expect(Buffer.concat(bytes).length).toBeGreaterThan(4_000);
    expect(Buffer.concat(bytes).length).toBeLessThan(40_000);
  });

  it('§8.5: keeps a session through every mistake of its client', async () => {
    const client = await open(app);
    await client.event('session.created');
    const mistakes: [string, string][] = [
      ['}{', 'invalid_json'],
      ['[]', 'invalid_event'],
      ['{"no":"type"}', 'invalid_event'],
      ['{"type":"no.such.event"}', 'invalid_value'],
      ['{"type":"response.cancel"}', 'response_cancel_not_active'],
      ['{"type":"session.update"}', 'missing_required_parameter'],
      ['{"type":"session.update","session":{}}', 'invalid_value'],
      [
        '{"type":"session.update","session":{"type":"realtime","output_modalities":["smell"]}}',
        'invalid_value',
      ],
      ['{"type":"session.update","session":{"type":"realtime","audio":5}}', 'invalid_value'],
      ['{"type":"session.update","session":{"type":"realtime","tools":[{"type":"mcp"}]}}', 'invalid_value'],
      ['{"type":"session.update","session":{"type":"realtime","model":"other"}}', 'cannot_update_model'],
      ['{"type":"input_audio_buffer.append"}', 'invalid_value'],
      ['{"type":"input_audio_buffer.append","audio":"AA=="}', 'invalid_value'],
      ['{"type":"conversation.item.create"}', 'missing_required_parameter'],
      [
        '{"type":"conversation.item.create","item":{"type":"message","role":"user","content":[]}}',
        'invalid_value',
      ],
      ['{"type":"conversation.item.retrieve","item_id":"nowhere"}', 'item_not_found'],
      ['{"type":"conversation.item.delete"}', 'item_not_found'],
      ['{"type":"conversation.item.truncate","item_id":"x","audio_end_ms":-1}', 'invalid_value'],
    ];
    for (const [message] of mistakes) client.socket.send(message);
    client.socket.send(Buffer.from([1, 2, 3]));
    await client.event('error', mistakes.length);
    expect(client.ofType('error').map(({ error }) => error.code)).toEqual([
      ...mistakes.map(([, code]) => code),
      'invalid_event',
    ]);
    client.send(userSays('What is 2 plus 3?'));
    client.send({ type: 'response.create', response: { output_modalities: ['text'] } });
    expect((await client.event('response.done')).response.status).toBe('completed');
  });

  it('§8.4: freezes the voice once it was heard, and takes whatever SDKs send along', async () => {
    const client = await open(app);
    client.send({ type: 'session.update', session: { type: 'realtime', tracing: 'auto' } });
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: { type: 'semantic_vad' } } } },
    });
    const { session } = await client.event('session.updated', 1);
    expect(session.audio.input.turn_detection).toMatchObject({ type: 'semantic_vad', eagerness: 'auto' });
    expect(session.tracing).toBe('auto');
    client.send(userSays('What is 2 plus 3?'));
    client.send({ type: 'response.create' });
    await client.event('response.done');
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { output: { voice: 'echo' } } },
    });
    expect((await client.event('error')).error.code).toBe('cannot_update_voice');
  });

  it('§8.1: transcribes only, when only that is asked for', async () => {
    const client = await open(app, { query: 'intent=transcription' });
    expect((await client.event('session.created')).session.type).toBe('transcription');
    client.say(joined(silence(0.5), question, silence(1)));
    const { transcript } = await client.event('conversation.item.input_audio_transcription.completed');
    expect(transcript).toMatch(/plus seventeen/i);
    expect(client.types()).not.toContain('response.created');
  });

  it('§12.4: lets a browser in by a client secret, as its maker configured it, until it expires', async () => {
    const { key } = await app.signUp();
    const made = await app.post(
      '/v1/realtime/client_secrets',
      {
        expires_after: { anchor: 'created_at', seconds: 30 },
        session: { type: 'realtime', instructions: 'Be brief.', output_modalities: ['text'] },
      },
      { authorization: `Bearer ${key}` },
    );
    const protocols = ['realtime', `openai-insecure-api-key.${made.json.value}`, 'openai-agents-sdk.0.14'];
    const client = await open(app, { protocols });
    expect(client.socket.protocol).toBe('realtime');
    expect((await client.event('session.created')).session).toMatchObject({
      instructions: 'Be brief.',
      output_modalities: ['text'],
    });
    clock.advance(31_000);
    client.send(userSays('What is 2 plus 3?'));
    client.send({ type: 'response.create' });
    expect((await client.event('response.done')).response.status).toBe('completed');
    const late = await open(app, { protocols });
    expect((await late.event('error')).error.code).toBe('invalid_api_key');
    expect((await late.closed).code).toBe(3000);
    await expect(
      openRealtime(app.url, { headers: { authorization: `Bearer ${made.json.value}` } }),
    ).rejects.toThrow('401');
  });

  it('ends the connections of a key at once when it is revoked', async () => {
    const { key, keyId, userId } = await app.signUp();
    const client = await open(app, { headers: { authorization: `Bearer ${key}` } });
    await client.event('session.created');
    await app.platform.apiKeys.revoke(userId, keyId);
    expect((await client.closed).code).toBe(3000);
  });

  it('§8.1: refuses addresses that mean nothing, in OpenAI’s words', async () => {
    await expect(openRealtime(app.url, { query: 'model=a&intent=transcription' })).rejects.toThrow('400');
    await expect(openRealtime(app.url, { query: 'call_id=x' })).rejects.toThrow('404');
    await expect(openRealtime(app.url, { protocols: ['other'] })).rejects.toThrow('400');
    const calls = await app.post('/v1/realtime/calls', 'v=0', { 'content-type': 'application/sdp' });
    expect(calls.status).toBe(501);
    expect(calls.json.error).toMatchObject({ code: 'not_supported' });
  });
});

describe('the Realtime protocol over a language model', () => {
  let app: VoiceApp;
  let upstream: FakeOpenai;
  beforeAll(async () => {
    upstream = await startFakeOpenAI();
    app = await startVoiceApp({
      environment: {
        OPENAI_BASE_URL: upstream.baseUrl,
        OPENAI_API_KEY: 'sk-operator-0123456789abcdef',
        AI_SPEECH: 'builtin',
        AI_TRANSCRIPTION: 'builtin',
        VOICE_REALTIME: 'local',
      },
    });
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });
  const says = (text: string, more: object = {}) => upstream.behave(() => ({ kind: 'chat', text, ...more }));
  const asked = () => upstream.requests.at(-1)?.body.messages as { role: string; content: string }[];

  it('§12.6: barge-in cancels the answer, and the next one does not know what was not heard', async () => {
    const sentences = [
      'The first sentence is about apples.',
      'The second one tells of pears.',
      'The third ends with plums.',
    ];
    says(sentences.join(' '));
    const client = await open(app);
    client.send(userSays('Tell me about fruit.'));
    client.send({ type: 'response.create' });
    const { item_id: itemId } = await client.event('response.output_audio.delta');
    const { response } = await client.event('response.done');
    expect(response.status).toBe('completed');
    const milliseconds = client.audio().length / 24;
    client.send({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: Math.ceil(milliseconds) + 500,
    });
    expect((await client.event('error')).error).toMatchObject({
      code: 'invalid_value',
      param: 'audio_end_ms',
    });
    client.send({
      type: 'conversation.item.truncate',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: Math.round(milliseconds / 2),
    });
    expect(await client.event('conversation.item.truncated')).toMatchObject({
      item_id: itemId,
      content_index: 0,
    });
    client.send({ type: 'conversation.item.retrieve', item_id: itemId });
    const { item } = await client.event('conversation.item.retrieved');
    expect(item.content[0].transcript).toContain('apples');
    expect(item.content[0].transcript).not.toContain('plums');
    says('Well.');
    client.send(userSays('Go on.'));
    client.send({ type: 'response.create' });
    await client.event('response.done', 1);
    const told = asked().find(({ role }) => role === 'assistant')?.content;
    expect(told).toContain('apples');
    expect(told).not.toContain('plums');
  });

  it('§12.6: speech during an answer ends it as cancelled, turn detected', async () => {
    says('One sentence. '.repeat(20), { milliseconds: 100 });
    const client = await open(app);
    client.send(userSays('Talk.'));
    client.send({ type: 'response.create' });
    await client.event('response.output_audio.delta');
    says('I stopped.');
    client.say(joined(silence(0.4), await spoken('Please stop talking now.'), silence(1)));
    const { response } = await client.event('response.done');
    expect(response).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'turn_detected' },
    });
    expect(response.output[0]).toMatchObject({ status: 'incomplete' });
    const second = (await client.event('response.done', 1)).response;
    expect(second.status).toBe('completed');
    const types = client.events.map(({ type }) => type);
    expect(types.indexOf('response.done')).toBeGreaterThan(
      types.indexOf('input_audio_buffer.speech_started'),
    );
    expect(types.indexOf('response.done')).toBeLessThan(types.lastIndexOf('response.created'));
  });

  it('§12.3: cancel and disconnect stop the upstream within a second', async () => {
    says('And so on. '.repeat(500), { milliseconds: 50 });
    const client = await open(app);
    client.send(userSays('Talk.'));
    client.send({ type: 'response.create', response: { output_modalities: ['text'] } });
    await client.event('response.output_text.delta');
    client.send({ type: 'response.create' });
    expect((await client.event('error')).error.code).toBe('conversation_already_has_active_response');
    const request = upstream.requests.at(-1);
    let at = Date.now();
    client.send({ type: 'response.cancel' });
    expect((await client.event('response.done')).response).toMatchObject({
      status: 'cancelled',
      status_details: { reason: 'client_cancelled' },
    });
    await eventually(
      async () => request?.leftAt,
      (left) => left !== undefined,
    );
    expect((request?.leftAt ?? 0) - at).toBeLessThan(5_000);

    client.send({ type: 'response.create', response: { output_modalities: ['text'] } });
    await client.event('response.created', 1);
    const second = await eventually(
      async () => upstream.requests.at(-1),
      (latest) => latest !== request,
    );
    at = Date.now();
    client.socket.terminate();
    await eventually(
      async () => second?.leftAt,
      (left) => left !== undefined,
    );
    expect((second?.leftAt ?? 0) - at).toBeLessThan(5_000);
  });

  it('§8.8: offers tools to the model, and tells it what they answered', async () => {
    upstream.behave(({ body }) =>
      (body.messages as { role: string }[]).at(-1)?.role === 'tool'
        ? { kind: 'chat', text: 'It is 12 degrees.' }
        : { kind: 'chat', toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] },
    );
    const client = await open(app);
    client.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        tools: [
          {
            type: 'function',
            name: 'weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
          },
        ],
      },
    });
    client.send(userSays('How warm is it in Oslo?'));
    client.send({ type: 'response.create' });
    const { response } = await client.event('response.done');
    const [call] = response.output;
    expect(call).toMatchObject({ type: 'function_call', name: 'weather', status: 'completed' });
    expect(JSON.parse(call.arguments)).toEqual({ city: 'Oslo' });
    const done = await client.event('response.function_call_arguments.done');
    expect(done).toMatchObject({ call_id: call.call_id, arguments: call.arguments, item_id: call.id });
    client.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call.call_id, output: '{"celsius":12}' },
    });
    client.send({ type: 'response.create' });
    const answer = (await client.event('response.done', 1)).response;
    expect(answer.output[0].content[0].transcript).toBe('It is 12 degrees.');
    expect(asked().map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
  });

  it('§8.5: answers out of band without touching the conversation', async () => {
    says('A title');
    const client = await open(app);
    client.send(userSays('The conversation itself.'));
    client.send({
      type: 'response.create',
      response: {
        conversation: 'none',
        output_modalities: ['text'],
        metadata: { purpose: 'title' },
        input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Only this.' }] }],
      },
    });
    const { response } = await client.event('response.done');
    expect(response).toMatchObject({ metadata: { purpose: 'title' }, conversation_id: null });
    expect(asked().map(({ content }) => content)).toContain('Only this.');
    expect(asked().map(({ content }) => content)).not.toContain('The conversation itself.');
    expect(client.ofType('conversation.item.added')).toHaveLength(1);
  });

  it('§12.2: tells a failing upstream as a failed response, without the key that it repeats', async () => {
    const client = await open(app);
    client.send(userSays('Hello.'));
    for (const [nth, behaviour] of [
      { kind: 'echo-key' } as const,
      { kind: 'hang-up' } as const,
      { kind: 'garbage' } as const,
      { kind: 'status', status: 400 } as const,
      {
        kind: 'chat',
        text: 'One sentence. And more of it here.',
        after: { pieces: 3, comes: 'hang-up' },
      } as const,
    ].entries()) {
      upstream.behave(() => behaviour);
      client.send({ type: 'response.create' });
      const { response } = await client.event('response.done', nth);
      expect(response.status, behaviour.kind).toBe('failed');
      expect(response.status_details.error.message.length).toBeGreaterThan(10);
    }
    says('Back again.');
    client.send({ type: 'response.create' });
    expect((await client.event('response.done', 5)).response.status).toBe('completed');
    expect(JSON.stringify(client.events)).not.toContain('sk-operator');
    expect(app.logged.join('')).not.toContain('sk-operator');
    expect(app.logged.join('')).not.toContain('Back again');
  });
});
