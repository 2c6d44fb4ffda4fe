import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { stacks } from '../../../support/servers.js';
import type { MadeApp } from '../../../support/support-app.js';
import { sdkDevice } from '../../../support/support-client.js';
import {
  deviceSocket,
  type LibrarySocket,
  librarySocket,
  operatorSocket,
  type SocketNode,
  startSocketNode,
} from '../../../support/support-sockets.js';

const settle = (ms = 150) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(stacks)('sockets and their rooms on %s', (stack) => {
  let node: SocketNode;
  let app: MadeApp;
  const open: LibrarySocket[] = [];
  beforeAll(async () => {
    node = await startSocketNode(stack);
    app = await node.app.createApp();
  });
  afterAll(() => node.stop());
  afterEach(async () => {
    for (const { socket } of open.splice(0)) socket.disconnect();
    await vi.waitFor(() => expect(node.realtime.counts().client).toBe(0));
  });

  const keep = (socket: LibrarySocket): LibrarySocket => {
    open.push(socket);
    return socket;
  };
  /** An installation with a conversation and a socket in it. */
  const visitor = async () => {
    const device = sdkDevice(node.app.url, app);
    const conversationId = await device.open();
    const socket = keep(deviceSocket(node, app, device.deviceId));
    await socket.next('conversation:joined');
    return { device, conversationId, socket };
  };
  const operator = async (role: 'OWNER' | 'AGENT' = 'AGENT') => {
    const { token, operatorId } = node.operators.admit(app.appId, { role });
    const socket = keep(operatorSocket(node, app.appId, token));
    await socket.next('connected');
    return { socket, token, operatorId };
  };

  it('D7: every socket hears a message once, in its own spelling', async () => {
    const { device, conversationId, socket } = await visitor();
    const second = keep(deviceSocket(node, app, device.deviceId));
    await second.next('conversation:joined');
    const stranger = await visitor();
    const inside = await operator();
    await inside.socket.ask('conversation:join', { conversation_id: conversationId });
    const outside = await operator();
    const sent = await device.send(conversationId, 'hello');
    for (const listener of [socket, second, inside.socket, outside.socket]) {
      expect((await listener.next('message:new')).id).toBe(sent.json.message.id);
    }
    await settle();
    for (const listener of [socket, second, inside.socket, outside.socket])
      expect(listener.of('message:new')).toHaveLength(1);
    expect(stranger.socket.of('message:new')).toEqual([]);
    const [told] = outside.socket.of('message:new');
    expect(told).toMatchObject({
      conversation_id: conversationId,
      conversationId,
      localId: sent.json.message.local_id,
      local_id: sent.json.message.local_id,
      createdAt: sent.json.message.created_at,
    });
    expect(socket.of('message:new')[0]).not.toHaveProperty('conversationId');
  });

  it('takes an answer of an operator, makes up its local id, and refuses what is not valid', async () => {
    const { conversationId, socket } = await visitor();
    const { socket: desk } = await operator();
    const answer = await desk.ask('message:send', {
      conversation_id: conversationId,
      body: 'How can I help?',
    });
    expect(answer).toMatchObject({
      success: true,
      message: { body: 'How can I help?', sender: 'agent', conversation_id: conversationId, conversationId },
    });
    expect(answer.message.local_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await socket.next('message:new')).toMatchObject({ id: answer.message.id, sender: 'agent' });
    const localId = randomUUID();
    const again = { conversation_id: conversationId, body: 'once', local_id: localId };
    const [one, two] = [await desk.ask('message:send', again), await desk.ask('message:send', again)];
    expect(two.message.id).toBe(one.message.id);
    const refusals = {
      VALIDATION_ERROR: [
        null,
        7,
        [],
        {},
        { conversation_id: conversationId },
        { conversation_id: conversationId, body: 7 },
        { conversation_id: conversationId, body: '' },
        { conversation_id: conversationId, body: 'x'.repeat(5_001) },
        { conversation_id: conversationId, body: 'nul \0' },
        { conversation_id: ['a'], body: 'x' },
        { conversation_id: conversationId, body: 'x', local_id: {} },
      ],
      CONVERSATION_NOT_FOUND: [{ conversation_id: 'conv_none', body: 'x' }],
    };
    for (const [error, payloads] of Object.entries(refusals)) {
      for (const payload of payloads)
        expect([payload, await desk.ask('message:send', payload)]).toEqual([
          payload,
          { success: false, error },
        ]);
    }
    await settle(50);
    expect(socket.of('message:new')).toHaveLength(2);
  });

  it('D8: status changes reach both sides', async () => {
    const { device, conversationId, socket } = await visitor();
    const { socket: desk } = await operator();
    const sent = await desk.ask('message:send', { conversation_id: conversationId, body: 'hello' });
    const id = sent.message.id;
    await device.post(`/conversations/${conversationId}/messages/delivered`, { message_ids: [id] });
    expect(await socket.next('message:status')).toMatchObject({
      id,
      message_id: id,
      local_id: sent.message.local_id,
      conversation_id: conversationId,
      status: 'DELIVERED',
    });
    expect(await desk.next('message:status')).toMatchObject({ messageId: id, status: 'DELIVERED' });
    await device.post(`/conversations/${conversationId}/messages/read`, { up_to_message_id: null });
    for (const listener of [socket, desk]) {
      expect(await listener.next('messages:read')).toMatchObject({
        conversation_id: conversationId,
        message_ids: [id],
      });
      expect((await listener.next('message:status', 2)).status).toBe('READ');
    }
  });

  it('a socket of a device is in one conversation at a time, and only in its own', async () => {
    const device = sdkDevice(node.app.url, app);
    const [first, second] = [await device.open('a'), await device.open('b')];
    const other = await visitor();
    const socket = keep(deviceSocket(node, app, device.deviceId));
    await socket.next('conversation:joined');
    expect(await socket.ask('conversation:join', first)).toEqual({ success: true });
    expect(await socket.ask('conversation:join', other.conversationId)).toEqual({
      success: false,
      error: 'CONVERSATION_NOT_FOUND',
    });
    await device.send(first, 'in the first');
    await socket.next('message:new');
    await socket.ask('conversation:join', { conversation_id: second });
    await device.send(first, 'not heard');
    await device.send(second, 'in the second');
    expect((await socket.next('message:new', 2)).body).toBe('in the second');
    socket.socket.emit('conversation:leave', second);
    await socket.ask('conversation:leave', first);
    await device.send(second, 'not heard either');
    await settle(50);
    expect(socket.of('message:new')).toHaveLength(2);
  });

  it('a conversation that is made joins the live sockets of its device, and operators are told', async () => {
    const device = sdkDevice(node.app.url, app);
    const socket = keep(deviceSocket(node, app, device.deviceId));
    await socket.next('connected');
    const { socket: desk } = await operator();
    const conversationId = await device.open();
    expect(await socket.next('conversation:joined')).toEqual({ conversation_id: conversationId });
    expect((await desk.next('conversation:new')).conversation).toMatchObject({
      conversation_id: conversationId,
      device_id: device.deviceId,
      status: 'open',
    });
    await device.send(conversationId, 'hello');
    await socket.next('message:new');
  });

  it('D6: typing reaches the other side of the conversation, and nobody can type into a foreign one', async () => {
    const { conversationId, device, socket } = await visitor();
    const second = keep(deviceSocket(node, app, device.deviceId));
    await second.next('conversation:joined');
    const stranger = await visitor();
    const { socket: desk, operatorId } = await operator();
    const { socket: colleague } = await operator();
    for (const one of [desk, colleague]) await one.ask('conversation:join', conversationId);

    socket.socket.emit('typing:start', { conversation_id: conversationId });
    const typing = { conversation_id: conversationId, device_id: device.deviceId, is_typing: true };
    expect(await second.next('user:typing')).toEqual(typing);
    expect(await desk.next('user:typing')).toMatchObject({ ...typing, deviceId: device.deviceId });
    socket.socket.emit('typing:stop', conversationId);
    expect((await desk.next('user:typing', 2)).is_typing).toBe(false);
    expect(socket.of('user:typing')).toEqual([]);

    desk.socket.emit('typing:start', conversationId);
    expect(await socket.next('agent:typing')).toEqual({ conversation_id: conversationId, is_typing: true });
    expect(await colleague.next('agent:typing')).toMatchObject({ is_typing: true, operator_id: operatorId });
    expect(desk.of('agent:typing')).toEqual([]);

    stranger.socket.socket.emit('typing:start', { conversation_id: conversationId });
    const foreign = await node.app.createApp();
    const outsider = keep(
      operatorSocket(node, foreign.appId, node.operators.admit(foreign.appId, { role: 'OWNER' }).token),
    );
    await outsider.next('connected');
    outsider.socket.emit('typing:start', conversationId);
    expect(await outsider.next('error')).toMatchObject({ code: 'CONVERSATION_NOT_FOUND' });
    await settle(50);
    expect(socket.of('agent:typing').filter(({ is_typing }) => is_typing)).toHaveLength(1);
    expect(desk.of('user:typing')).toHaveLength(2);
  });

  it('typing ends by itself when it is not renewed and when its socket drops, and is throttled', async () => {
    const { conversationId, socket } = await visitor();
    const { socket: desk } = await operator();
    await desk.ask('conversation:join', conversationId);
    for (let n = 0; n < 20; n += 1) desk.socket.emit('typing:start', conversationId);
    expect(await socket.next('agent:typing', 2)).toEqual({
      conversation_id: conversationId,
      is_typing: false,
    });
    expect(socket.of('agent:typing')).toHaveLength(2);
    desk.socket.emit('typing:start', conversationId);
    await socket.next('agent:typing', 3);
    desk.socket.disconnect();
    expect((await socket.next('agent:typing', 4)).is_typing).toBe(false);
  });

  it('D9, D10: presence is told on edges only, and sessions are listed for as long as they live', async () => {
    const { socket: desk } = await operator();
    const device = sdkDevice(node.app.url, app);
    const of = (name: string) => desk.of(name).filter((told) => told.device_id === device.deviceId);
    const sockets = [deviceSocket(node, app, device.deviceId), deviceSocket(node, app, device.deviceId)];
    for (const one of sockets) keep(one);
    const connections = await Promise.all(
      sockets.map(async (one) => (await one.next('connected')).connection_id),
    );
    await vi.waitFor(() => expect(of('session:connect')).toHaveLength(2));
    expect(of('session:connect')[0]).toMatchObject({ app_id: app.appId, device_id: device.deviceId });
    await vi.waitFor(() =>
      expect(of('presence:change')).toMatchObject([
        { app_id: app.appId, is_online: true, active_connections: 1, deviceId: device.deviceId },
      ]),
    );
    expect(await node.realtime.presence.isOnline(app.appId, device.deviceId)).toBe(true);
    for (const payload of [[], [{ app_id: app.appId }]]) {
      const { sessions } = await desk.ask('sessions:list', ...payload);
      const mine = sessions.filter((one: { deviceId: string }) => one.deviceId === device.deviceId);
      expect(mine.map((one: { connectionId: string }) => one.connectionId).sort()).toEqual(
        connections.sort(),
      );
      expect(mine[0]).toMatchObject({ appId: app.appId, connectedAt: expect.stringMatching(/Z$/) });
    }
    sockets[0]?.socket.disconnect();
    await vi.waitFor(() => expect(of('session:disconnect')).toHaveLength(1));
    // Longer than the lease of these tests.
    await settle(500);
    expect(of('presence:change')).toHaveLength(1);
    sockets[1]?.socket.disconnect();
    await vi.waitFor(() => expect(of('presence:change')).toHaveLength(2));
    expect(of('presence:change')[1]).toMatchObject({ is_online: false, active_connections: 0 });
    expect(of('session:disconnect')[0]).toMatchObject({ reason: expect.any(String) });
    expect(await node.realtime.presence.isOnline(app.appId, device.deviceId)).toBe(false);
  });

  it('D18: sockets are counted', async () => {
    await visitor();
    await visitor();
    await operator();
    await vi.waitFor(() => expect(node.realtime.counts()).toMatchObject({ client: 2, admin: 1 }));
    const metrics = await node.app.platform.metrics.registry.metrics();
    expect(metrics).toContain('support_sockets{namespace="/client"} 2');
    expect(metrics).toMatch(/support_socket_events_sent_total\{namespace="\/client",event="connected"\} \d+/);
  });

  it('operators of one app hear nothing of another', async () => {
    const foreign = await node.app.createApp();
    const outsider = keep(operatorSocket(node, foreign.appId, node.operators.admit(foreign.appId).token));
    await outsider.next('connected');
    const { conversationId, device } = await visitor();
    expect(await outsider.ask('conversation:join', conversationId)).toEqual({
      success: false,
      error: 'CONVERSATION_NOT_FOUND',
    });
    expect(await outsider.ask('message:send', { conversation_id: conversationId, body: 'x' })).toEqual({
      success: false,
      error: 'CONVERSATION_NOT_FOUND',
    });
    expect(await outsider.ask('sessions:list')).toEqual({ sessions: [] });
    await device.send(conversationId, 'private');
    await settle(100);
    expect(outsider.events.map(({ name }) => name)).toEqual(['connected']);
  });

  it('the test console shows what a socket was refused, once a second for each device', async () => {
    const { token } = node.operators.admit(app.appId);
    const console = keep(librarySocket(node.app.url, '/admin/test-console', { token }));
    await console.next('connected');
    const { socket, device } = await visitor();
    for (let n = 0; n < 5; n += 1) await socket.ask('conversation:join', 'conv_of-somebody-else');
    const errors = () => console.of('sdk:event').filter(({ type }) => type === 'error');
    await vi.waitFor(() => expect(errors()).toHaveLength(1));
    expect(errors()).toMatchObject([
      { deviceId: device.deviceId, data: { code: 'CONVERSATION_NOT_FOUND', where: 'conversation:join' } },
    ]);
  });

  it('the test console shows what the SDK does, from the past and from now on, and can be paused', async () => {
    const { token } = node.operators.admit(app.appId);
    const console = keep(librarySocket(node.app.url, '/admin/test-console', { token }));
    expect(await console.next('connected')).toMatchObject({ appId: app.appId });
    const { conversationId, device } = await visitor();
    await device.send(conversationId, 'hello');
    await vi.waitFor(() =>
      expect(console.of('sdk:event').map(({ type }) => type)).toEqual(['connection', 'message_sent']),
    );
    console.socket.emit('request:history', { limit: 1 });
    expect((await console.next('history')).events).toMatchObject([{ type: 'message_sent', conversationId }]);
    console.socket.emit('pause');
    await console.next('paused');
    await device.send(conversationId, 'unheard');
    await settle(50);
    console.socket.emit('resume');
    await console.next('resumed');
    expect(console.of('sdk:event')).toHaveLength(2);
    await device.post('/identify', { user: { id: 'ann', name: 'Ann' } });
    await device.send('conv_of-somebody-else', 'lost');
    await vi.waitFor(() => expect(console.of('sdk:event')).toHaveLength(4));
    expect(console.of('sdk:event').slice(2)).toMatchObject([
      { type: 'user_identified', userId: 'ann', deviceId: device.deviceId, data: { user_id: 'ann' } },
      {
        type: 'error',
        deviceId: device.deviceId,
        data: { code: 'CONVERSATION_NOT_FOUND', where: 'POST /api/v1/conversations/:id/messages' },
      },
    ]);
    expect(JSON.stringify(console.events)).not.toContain('Ann');
    for (const [auth, text] of [
      [{}, 'Authentication required'],
      [{ token: 'wrong' }, 'Invalid token'],
    ] as const)
      expect(await librarySocket(node.app.url, '/admin/test-console', auth).refusal()).toBe(text);
  });
});
