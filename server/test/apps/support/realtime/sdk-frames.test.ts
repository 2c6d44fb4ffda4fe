import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stacks } from '../../../support/servers.js';
import type { MadeApp } from '../../../support/support-app.js';
import { sdkDevice } from '../../../support/support-client.js';
import {
  type RawSocket,
  rawSocket,
  refusedUpgrade,
  type SocketNode,
  startSocketNode,
} from '../../../support/support-sockets.js';

const paths = [
  '/v1/socket.io/?EIO=4&transport=websocket',
  '/api/v1/socket.io/?EIO=4&transport=websocket',
] as const;

/** Byte for byte what the SDK's own client sends and reads. */
describe.each(stacks)('the frames of the SDK on %s', (stack) => {
  let node: SocketNode;
  let app: MadeApp;
  beforeAll(async () => {
    node = await startSocketNode(stack);
    app = await node.app.createApp();
  });
  afterAll(() => node.stop());

  const connect = async (deviceId: string, path: string = paths[0]): Promise<RawSocket> => {
    const raw = await rawSocket(node.app.url, path);
    await raw.take('0{');
    raw.send(`40/client,{"app_id":"${app.appId}","device_id":"${deviceId}","api_key":"${app.apiKey}"}`);
    return raw;
  };

  it.each(paths)('D1, D3: the first join after connect is answered on %s', async (path) => {
    const device = sdkDevice(node.app.url, app);
    const conversationId = await device.open();
    for (let n = 0; n < 10; n += 1) {
      const raw = await connect(device.deviceId, path);
      await raw.take('40/client,{"sid":"');
      const asked = Date.now();
      raw.send(`42/client,${n}["conversation:join",{"conversation_id":"${conversationId}"}]`);
      expect(await raw.take('43/client,')).toBe(`43/client,${n}[{"success":true}]`);
      expect(Date.now() - asked).toBeLessThan(1_000);
      raw.socket.close();
    }
  });

  it('D3: a join that comes in one breath with CONNECT is answered too', async () => {
    const device = sdkDevice(node.app.url, app);
    const conversationId = await device.open();
    const raw = await connect(device.deviceId);
    await raw.take('40/client,');
    raw.send(`42/client,0["conversation:join","${conversationId}"]`);
    raw.send('42/client,1["conversation:join",{"conversation_id":"conv_unknown"}]');
    raw.send('42/client,2["conversation:join",{}]');
    expect(await raw.take('43/client,0')).toBe('43/client,0[{"success":true}]');
    expect(await raw.take('43/client,1')).toBe(
      '43/client,1[{"success":false,"error":"CONVERSATION_NOT_FOUND"}]',
    );
    expect(await raw.take('43/client,2')).toBe(
      '43/client,2[{"success":false,"error":"MISSING_CONVERSATION_ID"}]',
    );
    raw.socket.close();
  });

  it('says connected after every connect, and joins the latest conversation unasked', async () => {
    const device = sdkDevice(node.app.url, app);
    const first = await device.open('a');
    const second = await device.open('b');
    const sent = await device.send(first, 'moves the first to the top');
    const raw = await connect(device.deviceId);
    await raw.take('40/client,{"sid":"');
    expect(await raw.take('42/client,["connected"')).toMatch(
      /^42\/client,\["connected",\{"connection_id":"conn_[0-9a-f]{24}","server_time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"\}\]$/,
    );
    expect(await raw.take('42/client,["conversation:joined"')).toBe(
      `42/client,["conversation:joined",{"conversation_id":"${first}","last_message_id":"${sent.json.message.id}"}]`,
    );
    raw.send(`42/client,["conversation:join",{"conversation_id":"${second}"}]`);
    expect(await raw.take('42/client,["conversation:joined"')).toBe(
      `42/client,["conversation:joined",{"conversation_id":"${second}"}]`,
    );
    raw.socket.close();
  });

  it('echoes a message to its sender, not wrapped, and only once', async () => {
    const device = sdkDevice(node.app.url, app);
    const conversationId = await device.open();
    const raw = await connect(device.deviceId);
    await raw.take('42/client,["conversation:joined"');
    const localId = randomUUID();
    const answer = await device.send(conversationId, 'hello', localId);
    await device.send(conversationId, 'hello', localId);
    const frame = await raw.take('42/client,["message:new"');
    const [, payload] = JSON.parse(frame.slice('42/client,'.length));
    expect(payload).toMatchObject({
      id: answer.json.message.id,
      local_id: localId,
      conversation_id: conversationId,
      body: 'hello',
      sender: 'user',
      status: 'SENT',
    });
    raw.send('42/client,["ping"]');
    expect(await raw.take('42/client,["pong"')).toBe('42/client,["pong"]');
    expect(raw.frames.filter((text) => text.includes('message:new'))).toEqual([]);
    raw.socket.close();
  });

  it('answers the engine: open packet, ping times, websocket only, no compression', async () => {
    const raw = await rawSocket(node.app.url, paths[0]);
    const open = JSON.parse((await raw.take('0{')).slice(1));
    expect(open).toMatchObject({
      pingInterval: 25_000,
      pingTimeout: 60_000,
      maxPayload: 1_000_000,
      upgrades: [],
    });
    expect(raw.socket.extensions).toBe('');
    raw.socket.close();
    expect(await refusedUpgrade(node.app.url, '/v1/socket.io/?EIO=4&transport=polling')).toBe(400);
    expect((await fetch(`${node.app.url}/v1/socket.io/?EIO=4&transport=polling`)).status).toBe(426);
  });

  it.each([
    ['{}', 'MISSING_PARAMS'],
    ['{"app_id":"x","device_id":"","api_key":"y"}', 'MISSING_PARAMS'],
    ['{"app_id":["x"],"device_id":{},"api_key":1}', 'MISSING_PARAMS'],
    ['{"app_id":"x","device_id":"d","api_key":"y"}', 'INVALID_CREDENTIALS'],
  ])('refuses %s with %s and closes the connection, so that the SDK tries again', async (auth, text) => {
    const raw = await rawSocket(node.app.url, paths[0]);
    raw.send(`40/client,${auth}`);
    expect(await raw.take('44/client')).toBe(`44/client,{"message":"${text}"}`);
    await raw.closed;
  });

  it.each(['40', '40/nowhere,', '40/admin/other,{"a":1}'])('knows no namespace %s', async (connectFrame) => {
    const raw = await rawSocket(node.app.url, paths[0]);
    raw.send(connectFrame);
    expect(await raw.take('44')).toContain('{"message":"Invalid namespace"}');
    await raw.closed;
  });

  it('leaves other addresses refused', async () => {
    expect(await refusedUpgrade(node.app.url, '/v1/other')).toBe(404);
    expect(await refusedUpgrade(node.app.url, '/v1/socket.iox/?EIO=4&transport=websocket')).toBe(404);
    expect(await refusedUpgrade(node.app.url, '/v1/realtime')).toBe(404);
    expect(await refusedUpgrade(node.app.url, '//[')).toBe(400);
  });
});
