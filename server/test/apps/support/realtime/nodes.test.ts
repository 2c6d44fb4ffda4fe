import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tcpWithOutages } from '../../../support/outages.js';
import { redisOrSkip } from '../../../support/redis.js';
import { type Ground, layGround } from '../../../support/servers.js';
import type { MadeApp } from '../../../support/support-app.js';
import { sdkDevice } from '../../../support/support-client.js';
import {
  deviceSocket,
  fakeOperators,
  type LibrarySocket,
  operatorSocket,
  type SocketNode,
  startSocketNode,
} from '../../../support/support-sockets.js';

const stack = 'PostgreSQL, Redis and S3';
const redisUrl = redisOrSkip('sockets over two nodes');

describe.skipIf(redisUrl === null)('Redis adapter across nodes: sockets of two nodes', () => {
  let ground: Ground;
  let a: SocketNode;
  let b: SocketNode;
  let app: MadeApp;
  const operators = fakeOperators();
  const open: LibrarySocket[] = [];
  beforeAll(async () => {
    ground = await layGround(stack);
    const options = { ground, operators, presencePrefix: `test-${randomUUID()}:{presence}:` };
    a = await startSocketNode(stack, options);
    b = await startSocketNode(stack, options);
    app = await a.app.createApp();
  });
  afterAll(async () => {
    await a.stop();
    await b.stop();
    await ground.remove();
  });
  afterEach(() => {
    for (const { socket } of open.splice(0)) socket.disconnect();
  });
  const keep = (socket: LibrarySocket): LibrarySocket => {
    open.push(socket);
    return socket;
  };

  it('messages, typing, statuses and presence cross, none lost and none doubled', async () => {
    const desk = keep(operatorSocket(b, app.appId, operators.admit(app.appId).token));
    await desk.next('connected');
    const device = sdkDevice(a.app.url, app);
    const socket = keep(deviceSocket(a, app, device.deviceId));
    await socket.next('connected');
    expect(await desk.next('presence:change')).toMatchObject({ device_id: device.deviceId, is_online: true });
    // Made through the other node: the device's socket is joined all the same.
    const conversationId = await sdkDevice(b.app.url, app, { deviceId: device.deviceId }).open();
    await socket.next('conversation:joined');
    await desk.next('conversation:new');
    await desk.ask('conversation:join', conversationId);
    const bodies = Array.from({ length: 40 }, (_, n) => `message ${n}`);
    for (const [index, body] of bodies.entries()) {
      if (index % 2 === 0) await device.send(conversationId, body);
      else await desk.ask('message:send', { conversation_id: conversationId, body });
    }
    for (const listener of [socket, desk]) {
      await listener.next('message:new', bodies.length);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(listener.of('message:new').map(({ body }) => body)).toEqual(bodies);
    }
    socket.socket.emit('typing:start', conversationId);
    expect(await desk.next('user:typing')).toMatchObject({ is_typing: true });
    desk.socket.emit('typing:start', conversationId);
    expect(await socket.next('agent:typing')).toMatchObject({ is_typing: true });
    await device.post(`/conversations/${conversationId}/messages/read`, {});
    expect((await desk.next('messages:read')).message_ids).toHaveLength(20);
    const { sessions } = await desk.ask('sessions:list');
    expect(sessions).toMatchObject([{ deviceId: device.deviceId }]);
    expect(await b.realtime.presence.countOnline(app.appId)).toBe(1);
    socket.socket.disconnect();
    expect(await desk.next('presence:change', 2)).toMatchObject({ is_online: false });
    expect(desk.of('presence:change')).toHaveLength(2);
  });

  it('a device with sockets on both nodes is online until both are gone', async () => {
    const desk = keep(operatorSocket(a, app.appId, operators.admit(app.appId).token));
    await desk.next('connected');
    const deviceId = randomUUID();
    const [one, two] = [keep(deviceSocket(a, app, deviceId)), keep(deviceSocket(b, app, deviceId))];
    await Promise.all([one.next('connected'), two.next('connected')]);
    await vi.waitFor(() =>
      expect(desk.of('session:connect').filter(({ device_id }) => device_id === deviceId)).toHaveLength(2),
    );
    one.socket.disconnect();
    await vi.waitFor(() => expect(desk.of('session:disconnect')).toHaveLength(1));
    expect(await b.realtime.presence.isOnline(app.appId, deviceId)).toBe(true);
    two.socket.disconnect();
    await vi.waitFor(() =>
      expect(desk.of('presence:change').filter(({ device_id }) => device_id === deviceId)).toMatchObject([
        { is_online: true },
        { is_online: false },
      ]),
    );
  });

  it('Key rotation and expiry: an ended key drops its sockets on all nodes within a second', async () => {
    const second = await a.app.addKey(app.appId);
    const sockets = [a, b].map((node) => keep(deviceSocket(node, { ...app, ...second }, randomUUID())));
    await Promise.all(sockets.map((socket) => socket.next('connected')));
    const dropped = sockets.map(({ socket }) => new Promise((resolve) => socket.once('disconnect', resolve)));
    const at = Date.now();
    await a.app.fanOut.tell({ type: 'key-ended', appId: app.appId, keyId: second.keyId });
    await Promise.all(dropped);
    expect(Date.now() - at).toBeLessThan(1_000);
  });
});

describe.skipIf(redisUrl === null)('a node that was cut off from Redis', () => {
  it('makes its sockets catch up on what the other nodes told meanwhile', async () => {
    const ground = await layGround(stack);
    const outage = await tcpWithOutages(String(redisUrl));
    const cut = await startSocketNode(stack, { ground, environment: { REDIS_URL: outage.url } });
    const other = await startSocketNode(stack, { ground });
    const app = await cut.app.createApp();
    const device = sdkDevice(other.app.url, app);
    const conversationId = await device.open();
    const socket = deviceSocket(cut, app, device.deviceId);
    await socket.next('conversation:joined');
    await outage.cut();
    const sent = await device.send(conversationId, 'missed');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(socket.of('message:new')).toEqual([]);
    expect(socket.of('connected')).toHaveLength(1);
    await outage.restore();
    // On `connected`, and on nothing else, the SDK asks for what it has missed.
    await socket.next('connected', 2);
    const { json } = await sdkDevice(cut.app.url, app, { deviceId: device.deviceId }).get(
      `/conversations/${conversationId}/sync?after_sequence=0`,
    );
    expect(json.messages).toMatchObject([{ id: sent.json.message.id }]);
    await device.send(conversationId, 'heard');
    expect(await socket.next('message:new')).toMatchObject({ body: 'heard' });
    expect(socket.of('connected')).toHaveLength(2);
    socket.socket.disconnect();
    await cut.stop();
    await other.stop();
    await ground.remove();
  });
});

describe('a node that stops', () => {
  it('tells every socket when to come back, each at its own time, and is gone in presence', async () => {
    const node = await startSocketNode('SQLite and files');
    const app = await node.app.createApp();
    const { token } = node.operators.admit(app.appId);
    const sockets = [
      ...Array.from({ length: 8 }, () => deviceSocket(node, app, randomUUID())),
      operatorSocket(node, app.appId, token),
    ];
    await Promise.all(sockets.map((socket) => socket.next('connected')));
    const closed = sockets.map(
      ({ socket }) => new Promise<string>((resolve) => socket.once('disconnect', resolve)),
    );
    const at = Date.now();
    const stopping = node.stop();
    const delays = await Promise.all(
      sockets.map(async (socket) => (await socket.next('server:shutdown')).reconnect_delay_ms as number),
    );
    expect(new Set(delays).size).toBeGreaterThan(5);
    for (const delay of delays) {
      expect(delay).toBeGreaterThanOrEqual(1_000);
      expect(delay).toBeLessThanOrEqual(5_000);
    }
    expect(new Set(await Promise.all(closed))).toEqual(new Set(['transport close']));
    await stopping;
    expect(Date.now() - at).toBeLessThan(5_000);
    expect(await node.realtime.presence.countOnline(app.appId)).toBe(0);
    await node.realtime.close();
  });
});
