import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerAudio, type FakeRealtime, startFakeRealtime } from '../../support/fake-realtime.js';
import { openRealtime, type RealtimeClient, type RealtimeOptions } from '../../support/realtime-client.js';
import { eventually } from '../../support/servers.js';
import { startVoiceApp, type VoiceApp } from '../../support/voice-app.js';

const KEY = 'sk-a-users-own-key-0123456789abcdef';
const bearer = { authorization: `Bearer ${KEY}` };
const question = {
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello?' }] },
};

describe('the Realtime protocol through an upstream', () => {
  let app: VoiceApp;
  let upstream: FakeRealtime;
  const opened: RealtimeClient[] = [];
  const open = async (options: RealtimeOptions = { headers: bearer }): Promise<RealtimeClient> => {
    const client = await openRealtime(app.url, options);
    opened.push(client);
    return client;
  };
  const latest = () => upstream.connections.at(-1);
  beforeAll(async () => {
    upstream = await startFakeRealtime();
    app = await startVoiceApp({
      environment: { OPENAI_BASE_URL: upstream.baseUrl, VOICE_REALTIME: 'proxy' },
    });
  });
  beforeEach(() => upstream.behave({ kind: 'ok' }));
  afterEach(async () => {
    for (const client of opened.splice(0)) await client.close();
    expect(app.logged.join('')).not.toContain(KEY);
  });
  afterAll(async () => {
    await app.stop();
    await upstream.close();
  });

  it('§8.8: passes a current client’s events through untouched, those of tomorrow as well', async () => {
    const client = await open({ query: 'model=gpt-realtime-mini', headers: bearer });
    await client.event('session.created');
    expect(latest()?.url).toBe('/v1/realtime?model=gpt-realtime-mini');
    expect(latest()?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(latest()?.headers['openai-beta']).toBeUndefined();
    client.send(question);
    client.send({ type: 'tomorrow.event', anything: { at: ['all'] } });
    client.send({ type: 'response.create' });
    await client.event('response.done');
    expect(latest()?.events).toEqual([
      question,
      { type: 'tomorrow.event', anything: { at: ['all'] } },
      { type: 'response.create' },
    ]);
    expect(client.ofType('something.new')[0]).toMatchObject({ surprise: [1, { two: 3 }] });
    expect(client.ofType('response.output_audio.delta')[0].delta).toBe(answerAudio);
    const turn = await client.event('earshot.turn');
    expect(turn.latency.first_audio_ms).toBeLessThanOrEqual(turn.latency.done_ms);
  });

  it('counts the answers of an account', async () => {
    const { key, token } = await app.signUp();
    const client = await open({ headers: { authorization: `Bearer ${key}` } });
    for (const nth of [0, 1]) {
      client.send(question);
      client.send({ type: 'response.create' });
      await client.event('response.done', nth);
    }
    expect(
      await eventually(
        () => app.answersOf(token),
        (count) => count === 2,
      ),
    ).toBe(2);
  });

  it('§8.3: translates for an older client both ways', async () => {
    const client = await open({ headers: { ...bearer, 'openai-beta': 'realtime=v1' } });
    expect((await client.event('session.created')).session).toMatchObject({
      modalities: ['audio', 'text'],
      voice: 'marin',
    });
    client.send({
      type: 'session.update',
      session: { voice: 'echo', modalities: ['text'], turn_detection: null },
    });
    await client.event('session.updated');
    expect(latest()?.events[0]).toMatchObject({
      type: 'session.update',
      session: {
        type: 'realtime',
        output_modalities: ['text'],
        audio: { input: { turn_detection: null }, output: { voice: 'echo' } },
      },
    });
    client.send(question);
    client.send({ type: 'response.create' });
    await client.event('response.done');
    expect(client.ofType('response.audio.delta')[0].delta).toBe(answerAudio);
    expect(client.ofType('response.done')[0].response.output[0].content[0].type).toBe('audio');
    expect(client.types().some((type) => type.startsWith('response.output_audio'))).toBe(false);
    expect(client.ofType('something.new')).toHaveLength(1);
  });

  it('§8.2: applies what the maker of a client secret configured before the client hears of the session', async () => {
    const made = await app.post(
      '/v1/realtime/client_secrets',
      { session: { type: 'realtime', instructions: 'From the maker.' } },
      bearer,
    );
    expect(made.json.value).toMatch(/^ek_/);
    expect(JSON.stringify(made.json)).not.toContain(KEY);
    const client = await open({ protocols: ['realtime', `openai-insecure-api-key.${made.json.value}`] });
    expect((await client.event('session.created')).session.instructions).toBe('From the maker.');
    expect(client.types()).toEqual(['session.created']);
    expect(latest()?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it('§8.8: ends both sides together, with the code of the one that ended', async () => {
    upstream.behave({ kind: 'close', code: 4321 });
    const client = await open();
    client.send({ type: 'response.create' });
    expect(await client.closed).toEqual({ code: 4321, reason: 'gone [key]' });
    upstream.behave({ kind: 'ok' });
    const second = await open();
    await second.event('session.created');
    const at = Date.now();
    second.socket.terminate();
    const { closed } = await eventually(
      async () => ({ closed: latest()?.closed }),
      (now) => now.closed !== undefined,
    );
    expect((closed?.at ?? 0) - at).toBeLessThan(5_000);
  });

  it('§12.2: never passes on the key that an upstream repeats, whole or in part', async () => {
    upstream.behave({ kind: 'echo-key' });
    const client = await open();
    client.send({ type: 'response.create' });
    const { error } = await client.event('error');
    expect(error.code).toBe('invalid_api_key');
    expect(JSON.stringify(client.events)).not.toContain(KEY.slice(0, 7));
    expect(JSON.stringify(client.events)).not.toContain(KEY.slice(-4));
  });

  it.each([
    [401, 'invalid_api_key', 3000],
    [403, 'model_not_allowed', 1011],
    [429, 'rate_limit_exceeded', 1013],
    [500, 'upstream_unreachable', 1011],
    [404, 'upstream_error', 1011],
  ])('tells an upstream that refuses with %i as %s', async (status, code, closeCode) => {
    upstream.behave({ kind: 'status', status });
    const client = await open();
    const { error } = await client.event('error');
    expect(error.code).toBe(code);
    expect((await client.closed).code).toBe(closeCode);
    expect(JSON.stringify(client.events)).not.toContain(KEY);
  });

  it('goes on behind an upstream that sends garbage, for both dialects', async () => {
    upstream.behave({ kind: 'garbage' });
    const older = await open({ headers: { ...bearer, 'openai-beta': 'realtime=v1' } });
    older.send({ type: 'response.create' });
    await older.event('response.done');
    expect(older.ofType('response.audio.delta')).toHaveLength(1);
  });

  it('§8.8: stops reading an upstream that sends faster than the client reads', async () => {
    upstream.behave({ kind: 'flood', megabytes: 60 });
    const client = await open();
    await client.event('session.created');
    client.socket.pause();
    client.send({ type: 'response.create' });
    const waiting = await eventually(
      async () => latest()?.socket.bufferedAmount ?? 0,
      (bytes) => bytes > 20 * 1024 * 1024,
    );
    // What the upstream could not send has not been taken into this server's memory.
    expect(waiting).toBeGreaterThan(20 * 1024 * 1024);
    client.socket.resume();
    await client.event('response.done');
    expect(client.ofType('response.output_audio.delta').length).toBe(1 + (60 * 1_024) / 64);
  });

  it('gives up a client that leaves while the upstream does not answer', async () => {
    upstream.behave({ kind: 'hang' });
    const client = await open();
    await client.close();
    upstream.behave({ kind: 'ok' });
    const next = await open();
    await next.event('session.created');
  });
});

it('answers by this server’s own engines where the upstream has no Realtime endpoint', async () => {
  const upstream = await startFakeRealtime();
  upstream.behave({ kind: 'status', status: 404 });
  const app = await startVoiceApp({
    environment: {
      OPENAI_BASE_URL: upstream.baseUrl,
      AI_TEXT: 'builtin',
      AI_SPEECH: 'builtin',
      AI_TRANSCRIPTION: 'builtin',
    },
  });
  const client = await openRealtime(app.url, { headers: bearer });
  client.send(question);
  client.send({ type: 'response.create', response: { output_modalities: ['text'] } });
  expect((await client.event('response.done')).response.status).toBe('completed');
  await client.close();
  await app.stop();
  await upstream.close();
});
