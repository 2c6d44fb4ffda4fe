import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.js';
import {
  eventually,
  type Ground,
  layGround,
  stacks,
  startServer,
  type TestServer,
} from '../support/servers.js';
import { librarySocket, rawSocket } from '../support/support-sockets.js';
import { type Household, settle } from './household.js';
import { rowsAbout } from './rows.js';

// Thousands of calls: quick on a quiet machine, and not a failure on a busy one.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const MARK = 'zqx';

const source = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../src/${path}`, import.meta.url)), 'utf8');
const namesIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].flatMap(([, name]) => name ?? [])),
];

/**
 * Every event that a socket takes, with what a stranger hears who sends it about somebody else's thing. `null` is for events
 * that name nothing. A new event has to come in here.
 */
const supportEvents: Readonly<Record<string, 'refused' | 'ignored' | 'left' | null>> = {
  'conversation:join': 'refused',
  'conversation:leave': 'left',
  'message:send': 'refused',
  'typing:start': 'ignored',
  'typing:stop': 'ignored',
  'app:subscribe': null,
  'sessions:list': null,
  'auth:renew': null,
  ping: null,
};
const legacyFrames: Readonly<Record<string, 'refused' | 'ignored' | null>> = {
  subscribe: 'refused',
  unsubscribe: 'ignored',
  'user.typing': 'ignored',
  ping: null,
};
const listenMessages = ['transcript_segment', 'image_chunk', 'speaker_assigned'];
const wsMessages = ['auth', 'start', 'audio', 'stop', 'ping', 'pong'];

describe('the events of the sockets', () => {
  it('are all in the tables of this test', () => {
    const handlers = source('apps/support/realtime/handlers.ts');
    expect(namesIn(handlers, /\[\s*'([\w:]+)',/g).toSorted()).toEqual(Object.keys(supportEvents).toSorted());
    const legacy = source('apps/support/realtime/legacy/sockets.ts');
    const known = /knownFrames[^[]*\[([^\]]*)\]/.exec(legacy)?.[1] ?? '';
    expect(namesIn(known, /'([\w.]+)'/g).toSorted()).toEqual(Object.keys(legacyFrames).toSorted());
    const said = /said\.type [=!]== '(\w+)'/g;
    expect(namesIn(source('apps/companion/listening/listen-sockets.ts'), said).toSorted()).toEqual(
      listenMessages.toSorted(),
    );
    expect(namesIn(source('apps/companion/listening/ws-sockets.ts'), said).toSorted()).toEqual(
      wsMessages.toSorted(),
    );
  });
});

describe.each(stacks)('sockets on %s', (stack) => {
  let ground: Ground;
  let server: TestServer;
  let hooks: LoopbackServer;
  let owner: Household;
  let stranger: Household;

  beforeAll(async () => {
    hooks = await startLoopbackServer(() => ({ status: 400 }));
    ground = await layGround(stack);
    server = await startServer(ground, { VOICE_HISTORY: 'true', ALLOW_PRIVATE_WEBHOOKS: 'true' });
    [owner, stranger] = await Promise.all([
      settle(server, MARK, hooks.url),
      settle(server, 'plain', hooks.url),
    ]);
  });
  afterAll(async () => {
    await server.stop();
    await hooks.close();
    await ground.remove();
  });

  const ws = (path: string, headers: Record<string, string> = {}) => rawSocket(server.url, path, headers);
  const deviceAuth = ({ ids, credentials }: Household, deviceId = ids.deviceId) => ({
    app_id: ids.app,
    device_id: deviceId,
    api_key: credentials.appKey,
  });
  const operatorAuth = ({ ids, credentials }: Household) => ({
    app_id: ids.app,
    admin_token: credentials.operator,
  });
  /** What is sent about somebody else's conversation, in each form that the schemas take. */
  const payloads = (event: string) => {
    const conversation_id = owner.ids.ticket;
    if (event === 'message:send') return [{ conversation_id, body: 'stolen', local_id: randomUUID() }];
    return [{ conversation_id }, conversation_id];
  };

  /** Says something in the owner's conversation, on both sides. */
  const speakUp = async (): Promise<void> => {
    const { ids, device, credentials } = owner;
    const say = async (path: string, headers: Readonly<Record<string, string>>, body: object) => {
      const answer = await fetch(`${server.url}${path}/${ids.ticket}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
    };
    await say('/v1/conversations', device, { local_id: randomUUID(), body: `${MARK} news` });
    const authorization = `Bearer ${credentials.operator}`;
    await say('/admin/api/conversations', { authorization }, { body: `${MARK} answer` });
  };

  it('of support: strangers join, write and type nowhere, and hear nothing', async () => {
    const before = await rowsAbout(server, owner);
    const sockets = {
      'a device of another app': librarySocket(server.url, '/client', deviceAuth(stranger)),
      'another device of the app': librarySocket(server.url, '/client', deviceAuth(owner, randomUUID())),
      'another team': librarySocket(server.url, '/admin', operatorAuth(stranger)),
    };
    const own = librarySocket(server.url, '/client', deviceAuth(owner));
    const desk = librarySocket(server.url, '/admin', operatorAuth(owner));
    await Promise.all([...Object.values(sockets), own, desk].map((one) => one.next('connected')));
    await own.ask('conversation:join', { conversation_id: owner.ids.ticket });
    for (const [who, socket] of Object.entries(sockets)) {
      for (const [event, outcome] of Object.entries(supportEvents)) {
        const isOperators = event === 'message:send' || outcome === null;
        if (outcome === null || (isOperators && who !== 'another team')) continue;
        for (const payload of payloads(event)) {
          if (outcome === 'ignored') {
            socket.socket.emit(event, payload);
            continue;
          }
          const answer = await socket.ask(event, payload);
          const place = `${who}: ${event}`;
          if (outcome === 'refused') expect(answer, place).toMatchObject({ success: false });
          else expect(answer, place).toEqual({ success: true });
          expect(JSON.stringify(answer), place).not.toContain(MARK);
        }
      }
      if (who === 'another team') {
        expect(JSON.stringify(await socket.ask('sessions:list'))).not.toContain(owner.ids.deviceId);
        expect(await socket.ask('auth:renew', { admin_token: owner.credentials.operator })).toEqual({
          success: false,
          error: 'INVALID_CREDENTIALS',
        });
      }
    }
    expect(await rowsAbout(server, owner)).toEqual(before);
    await speakUp();
    await own.next('message:new');
    await desk.next('message:new', 2);
    // What was sent before `ping` has arrived before `pong`.
    for (const [who, socket] of Object.entries(sockets)) {
      socket.socket.emit('ping');
      await socket.next('pong');
      expect(JSON.stringify(socket.events), who).not.toContain(MARK);
      expect(JSON.stringify(socket.events), who).not.toContain(owner.ids.ticket);
    }
    for (const heard of [own, desk])
      expect([...heard.of('user:typing'), ...heard.of('agent:typing')], 'typing of strangers').toEqual([]);
    for (const one of [...Object.values(sockets), own, desk]) one.socket.disconnect();
  });

  it('of support: the test console shows a team its own app', async () => {
    const console = librarySocket(server.url, '/admin/test-console', {
      token: stranger.credentials.operator,
    });
    await console.next('connected');
    console.socket.emit('request:history', { limit: 100 });
    await console.next('history');
    await speakUp();
    console.socket.emit('request:history', { limit: 100 });
    await console.next('history', 2);
    expect(JSON.stringify(console.events)).not.toContain(owner.ids.deviceId);
    expect(JSON.stringify(console.events)).not.toContain(owner.ids.ticket);
    console.socket.disconnect();
  });

  it('of support: nobody comes in with a credential of something else', async () => {
    const { ids, credentials } = owner;
    const wrong = [
      credentials.session,
      credentials.sessionToken,
      credentials.mcp,
      credentials.voice,
      credentials.clientSecret,
      credentials.deviceToken,
      credentials.refresh,
      credentials.revokedAppKey,
      stranger.credentials.appKey,
      'forged',
    ];
    for (const key of [...wrong, credentials.operator]) {
      const device = librarySocket(server.url, '/client', { ...deviceAuth(owner), api_key: key });
      expect(await device.refusal(), key).toContain('INVALID_CREDENTIALS');
    }
    for (const token of [...wrong, credentials.appKey, stranger.credentials.operator]) {
      const desk = librarySocket(server.url, '/admin', { app_id: ids.app, admin_token: token });
      expect(await desk.refusal(), token).toContain('INVALID_CREDENTIALS');
    }
    for (const token of [...wrong, credentials.appKey]) {
      const console = librarySocket(server.url, '/admin/test-console', { token });
      expect(await console.refusal(), token).toBe('Invalid token');
    }
    expect(await librarySocket(server.url, '/client', {}).refusal()).toBe('MISSING_PARAMS');
    expect(await librarySocket(server.url, '/admin', {}).refusal()).toBe('MISSING_PARAMS');
  });

  it('of older support clients: the same', async () => {
    const before = await rowsAbout(server, owner);
    const deviceAt = ({ ids, credentials }: Household, deviceId: string) =>
      `/v1/realtime?${new URLSearchParams({ app_id: ids.app, device_id: deviceId, api_key: credentials.appKey })}`;
    const operatorAt = ({ ids, credentials }: Household) =>
      `/admin/realtime?${new URLSearchParams({ app_id: ids.app, admin_token: credentials.operator })}`;
    const sockets = {
      'a device of another app': await ws(deviceAt(stranger, stranger.ids.deviceId)),
      'another device of the app': await ws(deviceAt(owner, randomUUID())),
      'another team': await ws(operatorAt(stranger)),
    };
    for (const [who, socket] of Object.entries(sockets)) {
      await socket.take('{"type":"connection.established"');
      for (const [type, outcome] of Object.entries(legacyFrames)) {
        if (outcome === null) continue;
        socket.send(JSON.stringify({ type, conversation_id: owner.ids.ticket, is_typing: true }));
        if (outcome === 'refused')
          expect(await socket.take('{"type":"error"'), who).toMatch(/UNAUTHORIZED|NOT_FOUND/);
      }
    }
    expect(await rowsAbout(server, owner)).toEqual(before);
    await speakUp();
    for (const [who, socket] of Object.entries(sockets)) {
      socket.send('{"type":"ping"}');
      await socket.take('{"type":"pong"');
      expect(socket.frames.join(), who).not.toContain(MARK);
      expect(socket.frames.join(), who).not.toContain(owner.ids.ticket);
      socket.socket.close();
      await socket.closed;
    }
    const { app, deviceId } = owner.ids;
    for (const key of [
      'forged',
      owner.credentials.session,
      stranger.credentials.appKey,
      owner.credentials.operator,
    ]) {
      const query = new URLSearchParams({ app_id: app, device_id: deviceId, api_key: key });
      expect((await (await ws(`/v1/realtime?${query}`)).closed).code, key).toBe(4401);
    }
    for (const token of [
      'forged',
      owner.credentials.appKey,
      owner.credentials.session,
      stranger.credentials.operator,
    ]) {
      const query = new URLSearchParams({ app_id: app, admin_token: token });
      expect((await (await ws(`/admin/realtime?${query}`)).closed).code, token).toBe(4401);
    }
  });

  it('of the companion: somebody else’s people and segments cannot be named', async () => {
    const before = await rowsAbout(server, owner);
    const { authorization } = bearerOf(stranger);
    const socket = await ws(
      `/v4/listen?language=en&sample_rate=16000&codec=pcm8&channels=1&uid=${owner.ids.user}`,
      {
        authorization,
      },
    );
    await socket.take('{"type":"service_status"');
    socket.send(
      JSON.stringify({
        type: 'speaker_assigned',
        speaker_id: 0,
        person_id: owner.ids.person,
        person_name: 'stolen',
        segment_ids: [owner.ids.segment],
      }),
    );
    socket.send(
      JSON.stringify({ type: 'image_chunk', id: owner.ids.conversation, index: 0, total: 1, data: 'AAAA' }),
    );
    socket.send(
      JSON.stringify({
        type: 'transcript_segment',
        conversation_id: owner.ids.conversation,
        id: owner.ids.segment,
        text: 'Strangers were here.',
        start: 0,
        end: 1,
      }),
    );
    const live = await eventually(
      async () => {
        const answer = await fetch(`${server.url}/v1/conversations?statuses=in_progress`, {
          headers: { authorization },
        });
        return (await answer.json()) as {
          transcript_segments: { text: string; person_id: string | null }[];
        }[];
      },
      ([conversation]) => conversation !== undefined,
      30_000,
    );
    expect(JSON.stringify(live)).not.toContain(owner.ids.person);
    expect(socket.frames.join()).not.toContain(MARK);
    socket.socket.close(1000);
    await socket.closed;
    expect(await rowsAbout(server, owner)).toEqual(before);
  });

  it('of the companion: nobody comes in without a credential of an account', async () => {
    const { mcp, dev, voice, operator, appKey, clientSecret, providerKey } = owner.credentials;
    for (const token of [null, 'forged', mcp, dev, voice, operator, appKey, clientSecret, providerKey]) {
      const query = token === null ? '' : `&token=${encodeURIComponent(token)}`;
      const listen = ws(`/v4/listen?language=en${query}`);
      await expect(listen, `listen ${token}`).rejects.toThrow(/401|403/);
      if (token === null) continue;
      const socket = await ws('/ws');
      socket.send(JSON.stringify({ type: 'auth', token }));
      expect(await socket.take('{"type":"error"'), `ws ${token}`).toContain('UNAUTHORIZED');
      socket.send(JSON.stringify({ type: 'start' }));
      expect(await socket.take('{"type":"error"')).toContain('UNAUTHORIZED');
      expect(socket.frames.join()).not.toContain('started');
      socket.socket.close();
    }
  });

  it('of the voice app: forged credentials are refused, and a session’s items are its own', async () => {
    const { sessionToken, voice } = owner.credentials;
    const expired = `${sessionToken.slice(0, -4)}AAAA`;
    for (const key of [`${voice.slice(0, -2)}zz`, expired, 'ek_forged']) {
      const opened = ws('/v1/realtime?model=gpt-realtime', { authorization: `Bearer ${key}` });
      await expect(opened, key).rejects.toThrow(/401/);
    }
    const [mine, theirs] = await Promise.all([
      ws('/v1/realtime?model=gpt-realtime', { authorization: `Bearer ${voice}` }),
      ws('/v1/realtime?model=gpt-realtime', { authorization: `Bearer ${stranger.credentials.voice}` }),
    ]);
    mine.send(
      JSON.stringify({
        type: 'conversation.item.create',
        item: {
          id: 'item_of_mine',
          type: 'message',
          role: 'user',
          content: [{ type: 'input_text', text: `${MARK} words` }],
        },
      }),
    );
    await eventually(
      async () => mine.frames.join(),
      (all) => all.includes('item_of_mine'),
      30_000,
    );
    for (const type of [
      'conversation.item.retrieve',
      'conversation.item.delete',
      'conversation.item.truncate',
    ])
      theirs.send(JSON.stringify({ type, item_id: 'item_of_mine', content_index: 0, audio_end_ms: 0 }));
    await eventually(
      async () => theirs.frames.filter((frame) => frame.includes('"type":"error"')).length,
      (count) => count >= 3,
      30_000,
    );
    expect(theirs.frames.join()).not.toContain(`${MARK} words`);
    for (const socket of [mine, theirs]) {
      socket.socket.close();
      await socket.closed;
    }
  });

  it('of the stories: the stream tells of one’s own changes only', async () => {
    const heard: string[] = [];
    const stream = request(`${server.url}/api/sync/stream`, { headers: bearerOf(stranger), agent: false });
    stream.on('error', () => undefined); // leaving it is no failure
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject).once('response', (answer) => {
        answer.setEncoding('utf8').on('data', (text: string) => void heard.push(text));
        answer.on('error', () => undefined);
        resolve();
      });
      stream.end();
    });
    const told = () => heard.join('').match(/^event: /gm)?.length ?? 0;
    await eventually(
      async () => told(),
      (count) => count >= 1,
      30_000,
    );
    const first = told();
    const event = async (who: Household) => {
      const answer = await fetch(`${server.url}/api/custom-events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearerOf(who) },
        body: JSON.stringify({ title: `${who.mark} day`, promptSeed: 'seed' }),
      });
      expect(answer.status).toBe(201);
    };
    await event(owner);
    await event(stranger);
    await eventually(
      async () => told(),
      (count) => count > first,
      30_000,
    );
    expect(told()).toBe(first + 1);
    expect(heard.join('')).not.toContain(MARK);
    stream.destroy();
    for (const headers of [
      {},
      { authorization: 'Bearer forged' },
      { authorization: `Bearer ${owner.credentials.mcp}` },
    ]) {
      const answer = await fetch(`${server.url}/api/sync/stream`, {
        headers: headers as Record<string, string>,
      });
      expect(answer.status).toBe(401);
    }
  });

  const bearerOf = ({ credentials }: Household) => ({ authorization: `Bearer ${credentials.session}` });
});
