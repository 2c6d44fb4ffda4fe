import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { findPocketSphinx } from '../../../src/platform/ai/builtin/pocketsphinx.js';
import { type CompanionApp, startCompanionApp } from '../../support/companion-app.js';
import { opusPackets, pcmMessages, share, speech } from '../../support/companion-listener.js';
import { eventually } from '../../support/servers.js';

const isHere = findPocketSphinx() !== undefined;
const sentence = 'The weather in the city is very good today, and we will meet our friends at the river.';
const clock = { ahead: 0, now: () => Date.now() + clock.ahead };

async function open(url: string, options: { query?: string; headers?: Record<string, string> } = {}) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws${options.query ?? ''}`, {
    headers: options.headers ?? {},
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  const messages: any[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    messages,
    closed,
    send: (message: unknown) => socket.send(JSON.stringify(message)),
    of: (type: string) =>
      eventually(
        async () => messages.filter((message) => message.type === type),
        (found) => found.length > 0,
        40_000,
      ),
  };
}

describe('/ws (§9)', { timeout: 60_000 }, () => {
  let app: CompanionApp;
  beforeAll(async () => {
    app = await startCompanionApp('SQLite and files', { clock });
  });
  afterAll(() => app.stop());

  it('answers a ping to anybody, and closes cleanly', async () => {
    const client = await open(app.url);
    client.send({ type: 'ping' });
    expect(await client.of('pong')).toHaveLength(1);
    client.socket.close(1000);
    expect(await client.closed).toBe(1000);
  });

  it('demands to know who asks for more, and closes with 4401 after a while', async () => {
    const client = await open(app.url);
    client.send({ type: 'start' });
    const [error] = await client.of('error');
    expect(error.code).toBe('UNAUTHORIZED');
    client.send({ type: 'auth', token: 'nonsense' });
    expect(await client.closed).toBe(4401);
  });

  it('closes with 4401 at once for a token that is not valid', async () => {
    const client = await open(app.url, { query: '?token=nonsense' });
    expect(await client.closed).toBe(4401);
  });

  it('knows its user by header, by query, and by a message', async () => {
    const user = await app.signUp();
    const [byHeader, byQuery, byMessage] = await Promise.all([
      open(app.url, { headers: { authorization: `Bearer ${user.token}` } }),
      open(app.url, { query: `?token=${user.token}` }),
      open(app.url),
    ]);
    byMessage.send({ type: 'auth', token: user.token });
    for (const client of [byHeader, byQuery, byMessage]) {
      expect(await client.of('authenticated')).toMatchObject([{ user_id: user.userId }]);
      client.socket.close();
    }
  });

  it('says what it does not understand and goes on', async () => {
    const user = await app.signUp();
    const client = await open(app.url, { query: `?token=${user.token}` });
    await client.of('authenticated');
    client.socket.send('nonsense');
    client.send({ type: 'dance' });
    client.send({ type: 'start', codec: 'lc3' });
    client.send({ type: 'audio' });
    client.send({ type: 'ping', timestamp: 5 });
    expect(await client.of('pong')).toMatchObject([{ timestamp: 5 }]);
    const codes = await eventually(
      async () => client.messages.filter(({ type }) => type === 'error').map(({ code }) => code),
      (all) => all.length === 4,
    );
    expect(codes).toEqual(['INVALID_JSON', 'UNKNOWN_TYPE', 'VALIDATION_FAILED', 'VALIDATION_FAILED']);
    client.socket.close();
  });

  it('lets go with 1001 of who has not said anything for 30 s', async () => {
    const client = await open(app.url);
    clock.ahead += 31_000;
    expect(await client.closed).toBe(1001);
  });

  it.skipIf(!isHere)('takes audio, as binary messages and as base64, and gives words back', async () => {
    const sound = await speech(sentence);
    const user = await app.signUp();
    const client = await open(app.url, { query: `?token=${user.token}` });
    client.send({ type: 'start', codec: 'opus_fs320', language: 'en' });
    const [started] = await client.of('started');
    for (const packet of opusPackets(sound, 20)) client.socket.send(packet);
    client.send({ type: 'stop' });
    await client.of('stopped');
    const heard = client.messages.filter(({ type }) => type === 'transcript');
    expect(heard.every(({ conversation_id }) => conversation_id === started.conversation_id)).toBe(true);
    expect(share(heard.at(-1)?.segments[0].text ?? '', sentence)).toBeGreaterThan(0.6);
    expect(client.messages.filter(({ type }) => type === 'progress').length).toBeGreaterThan(0);

    client.send({ type: 'start' });
    for (const message of pcmMessages(sound, 6_400))
      client.send({ type: 'audio', data: Buffer.from(message).toString('base64') });
    const [live] = (await user.get('v1/conversations?statuses=in_progress')).json;
    await eventually(
      async () =>
        (await user.get(`v1/conversations/${live.id}`)).json.transcript_segments[0]?.text.length ?? 0,
      (length) => length > sentence.length * 1.5,
      40_000,
    );
    client.socket.close(1000);
    expect(await client.closed).toBe(1000);
  });
});
