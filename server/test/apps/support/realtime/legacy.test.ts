import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MadeApp } from '../../../support/support-app.js';
import { sdkDevice } from '../../../support/support-client.js';
import {
  deviceSocket,
  operatorSocket,
  type RawSocket,
  rawSocket,
  refusedUpgrade,
  type SocketNode,
  startSocketNode,
} from '../../../support/support-sockets.js';

const frame = (type: string) => `{"type":"${type}"`;

describe('One realtime stack: the older sockets', () => {
  let node: SocketNode;
  let app: MadeApp;
  beforeAll(async () => {
    node = await startSocketNode('SQLite and files');
    app = await node.app.createApp();
  });
  afterAll(() => node.stop());

  const query = (deviceId: string, more: Record<string, string> = {}) =>
    `?${new URLSearchParams({ app_id: app.appId, device_id: deviceId, api_key: app.apiKey, ...more })}`;
  const device = async (prefix = '/v1') => {
    const sdk = sdkDevice(node.app.url, app);
    const conversationId = await sdk.open();
    const socket = await rawSocket(node.app.url, `${prefix}/realtime${query(sdk.deviceId)}`);
    expect(await socket.take(frame('connection.established'))).toMatch(
      /^\{"type":"connection\.established","connection_id":"conn_[0-9a-f]{24}"\}$/,
    );
    expect(JSON.parse(await socket.take(frame('subscribed')))).toEqual({
      type: 'subscribed',
      conversation_id: conversationId,
    });
    return { sdk, conversationId, socket };
  };
  const take = async (socket: RawSocket, type: string) => JSON.parse(await socket.take(frame(type)));

  it.each(['/v1', '/api/v1'])('hear the same as Socket.IO, in their own frames, on %s', async (prefix) => {
    const { sdk, conversationId, socket } = await device(prefix);
    const modern = deviceSocket(node, app, sdk.deviceId);
    await modern.next('conversation:joined');
    const desk = operatorSocket(node, app.appId, node.operators.admit(app.appId).token);
    const answer = await desk.ask('message:send', { conversation_id: conversationId, body: 'hello' });
    expect(await take(socket, 'message.new')).toMatchObject({
      message: { id: answer.message.id, body: 'hello', conversation_id: conversationId },
    });
    await modern.next('message:new');
    desk.socket.emit('typing:start', conversationId);
    expect(await take(socket, 'agent.typing')).toEqual({
      type: 'agent.typing',
      conversation_id: conversationId,
      is_typing: true,
    });
    socket.send(`{"type":"user.typing","conversation_id":"${conversationId}"}`);
    expect(await modern.next('user:typing')).toMatchObject({ is_typing: true, device_id: sdk.deviceId });
    socket.send(`{"type":"user.typing","conversation_id":"${conversationId}","is_typing":false}`);
    expect(await modern.next('user:typing', 2)).toMatchObject({ is_typing: false });
    await sdk.post(`/conversations/${conversationId}/messages/read`, {});
    expect(await take(socket, 'message.status')).toMatchObject({
      message_id: answer.message.id,
      status: 'READ',
      updated_at: expect.any(String),
    });
    expect(await take(socket, 'messages.read')).toMatchObject({
      conversation_id: conversationId,
      message_ids: [answer.message.id],
    });
    socket.send('{"type":"ping"}');
    expect(await take(socket, 'pong')).toEqual({ type: 'pong' });
    expect(await node.realtime.presence.isOnline(app.appId, sdk.deviceId)).toBe(true);
    expect(node.realtime.counts().legacyClient).toBe(1);
    socket.socket.close();
    for (const one of [modern, desk]) one.socket.disconnect();
    await vi.waitFor(() => expect(node.realtime.counts()).toMatchObject({ client: 0, legacyClient: 0 }));
  });

  it('subscribe to one conversation at a time, and only to their own', async () => {
    const { sdk, conversationId, socket } = await device();
    const other = await device();
    const second = await sdk.open('second');
    expect(await take(socket, 'subscribed')).toMatchObject({ conversation_id: second });
    socket.send(`{"type":"subscribe","conversation_id":"${conversationId}"}`);
    expect(await take(socket, 'subscribed')).toMatchObject({ conversation_id: conversationId });
    socket.send(`{"type":"subscribe","conversation_id":"${other.conversationId}"}`);
    expect(await take(socket, 'error')).toMatchObject({ code: 'UNAUTHORIZED_CONVERSATION' });
    await sdk.send(second, 'unheard');
    await sdk.send(conversationId, 'heard');
    expect(await take(socket, 'message.new')).toMatchObject({ message: { body: 'heard' } });
    for (const bad of ['{', '7', '[]', 'null', '{"type":7}']) {
      socket.send(bad);
      expect(await take(socket, 'error')).toMatchObject({ code: 'INVALID_JSON' });
    }
    socket.send('{"type":"something.new"}');
    socket.send('{"type":"subscribe"}');
    expect(await take(socket, 'error')).toMatchObject({ code: 'VALIDATION_ERROR' });
    for (const one of [socket, other.socket]) one.socket.close();
  });

  it.each([
    ['MISSING_PARAMS', 4400, { device_id: '' }],
    ['INVALID_APP_ID', 4403, { app_id: 'unknown' }],
    ['INVALID_API_KEY', 4401, { api_key: 'wrong' }],
  ])('are refused with %s and %i', async (code, closeCode, more) => {
    const socket = await rawSocket(node.app.url, `/v1/realtime${query(randomUUID(), more)}`);
    expect(await take(socket, 'error')).toMatchObject({ code, error: expect.any(String) });
    expect((await socket.closed).code).toBe(closeCode);
  });

  it('take the key from the header before the one in the address', async () => {
    const address = `/v1/realtime${query(randomUUID(), { api_key: 'wrong' })}`;
    const socket = await rawSocket(node.app.url, address, { 'X-Api-Key': app.apiKey });
    await socket.take(frame('connection.established'));
    socket.socket.close();
  });

  it('serve operators who show their token, for the conversations they subscribe to', async () => {
    const { sdk, conversationId, socket } = await device();
    const { token } = node.operators.admit(app.appId);
    const desk = await rawSocket(node.app.url, `/admin/realtime?app_id=${app.appId}&api_key=${token}`);
    await desk.take(frame('connection.established'));
    await sdk.send(conversationId, 'before');
    desk.send(`{"type":"subscribe","conversation_id":"${conversationId}"}`);
    await desk.take(frame('subscribed'));
    await sdk.send(conversationId, 'heard');
    expect(await take(desk, 'message.new')).toMatchObject({ message: { body: 'heard' } });
    desk.send(`{"type":"unsubscribe","conversation_id":"${conversationId}"}`);
    desk.send('{"type":"subscribe","conversation_id":"conv_unknown"}');
    expect(await take(desk, 'error')).toMatchObject({ code: 'CONVERSATION_NOT_FOUND' });
    await sdk.send(conversationId, 'after');
    desk.send('{"type":"ping"}');
    await desk.take(frame('pong'));
    expect(desk.frames.filter((text) => text.includes('message.new'))).toEqual([]);
    for (const one of [socket, desk]) one.socket.close();
    for (const [address, code, closeCode] of [
      [`/admin/realtime?app_id=${app.appId}`, 'MISSING_PARAMS', 4400],
      [`/admin/realtime?app_id=${app.appId}&api_key=${app.apiKey}`, 'INVALID_CREDENTIALS', 4401],
    ] as const) {
      const refused = await rawSocket(node.app.url, address);
      expect(await take(refused, 'error')).toMatchObject({ code });
      expect((await refused.closed).code).toBe(closeCode);
    }
  });

  it('go when their key ends', async () => {
    const key = await node.app.addKey(app.appId);
    const address = `/v1/realtime${query(randomUUID(), { api_key: key.apiKey })}`;
    const socket = await rawSocket(node.app.url, address);
    await socket.take(frame('connection.established'));
    await node.app.fanOut.tell({ type: 'key-ended', appId: app.appId, keyId: key.keyId });
    expect((await socket.closed).code).toBe(4401);
  });

  it('hold no more than 1 MiB for one that does not read', async () => {
    const { sdk, conversationId, socket } = await device();
    const modern = deviceSocket(node, app, sdk.deviceId);
    await modern.next('conversation:joined');
    const sent = await sdk.send(conversationId, 'hello');
    const message = await node.app.core.messages.get(
      { kind: 'device', appId: app.appId, deviceId: sdk.deviceId, keyId: app.keyId },
      conversationId,
      sent.json.message.id,
    );
    const large = { ...message, body: '\u20ac'.repeat(5_000) };
    socket.socket.pause();
    // Enough to fill what the system keeps for a connection, too.
    for (let n = 0; n < 1_500; n += 1) {
      await node.app.fanOut.tell({
        type: 'message',
        appId: app.appId,
        deviceId: sdk.deviceId,
        message: large,
      });
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(node.realtime.counts().legacyClient).toBe(0), 10_000);
    socket.socket.resume();
    await socket.closed;
    // Those that do read are not held up.
    await modern.next('message:new', 1_501);
    modern.socket.disconnect();
  });
});

describe('One realtime stack: times and switches', () => {
  it('silent clients and those that do not answer pings are closed', async () => {
    const node = await startSocketNode('SQLite and files', {
      timings: { legacyPing: 150, legacySilence: 500 },
    });
    const app = await node.app.createApp();
    const address = (deviceId: string) =>
      `/v1/realtime?app_id=${app.appId}&device_id=${deviceId}&api_key=${app.apiKey}`;
    const silent = await rawSocket(node.app.url, address('silent'));
    const deaf = await rawSocket(node.app.url, address('deaf'));
    deaf.socket.pause();
    const talking = await rawSocket(node.app.url, address('talking'));
    const talk = setInterval(() => talking.send('{"type":"ping"}'), 100);
    expect((await silent.closed).code).toBe(4408);
    expect(silent.frames.at(-1)).toContain('CONNECTION_TIMEOUT');
    await vi.waitFor(() => expect(node.realtime.counts().legacyClient).toBe(1));
    expect(talking.socket.readyState).toBe(talking.socket.OPEN);
    clearInterval(talk);
    await node.stop();
    expect((await talking.closed).code).toBe(1001);
    expect(talking.frames.at(-1)).toContain('"type":"server.going_away"');
  });

  it('answer a plain request with 426, as Socket.IO does, and keep to their own addresses', async () => {
    const node = await startSocketNode('SQLite and files');
    const paths = ['/v1/socket.io/?EIO=4&transport=polling', '/api/v1/socket.io', '/admin/realtime'];
    for (const path of [...paths, '/api/v1/realtime', '/v1/realtime?app_id=a']) {
      const answer = await fetch(node.app.url + path);
      expect([path, answer.status, answer.headers.get('upgrade')]).toEqual([path, 426, 'websocket']);
      expect(await answer.json()).toMatchObject({ error: expect.any(String), code: 'UPGRADE_REQUIRED' });
    }
    expect((await fetch(`${node.app.url}/v1/realtime`)).status).toBe(404);
    await node.stop();
  });

  it('are refused when they are switched off', async () => {
    const node = await startSocketNode('SQLite and files', { legacySockets: false });
    const app = await node.app.createApp();
    const query = `?app_id=${app.appId}&device_id=d&api_key=${app.apiKey}`;
    for (const path of ['/v1/realtime', '/api/v1/realtime', '/admin/realtime'])
      expect([
        await refusedUpgrade(node.app.url, path + query),
        (await fetch(node.app.url + path + query)).status,
      ]).toEqual([404, 404]);
    const modern = deviceSocket(node, app, 'd');
    await modern.next('connected');
    modern.socket.disconnect();
    await node.stop();
  });
});
