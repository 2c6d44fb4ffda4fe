import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { MadeApp } from '../../../support/support-app.js';
import { sdkDevice } from '../../../support/support-client.js';
import {
  deviceSocket,
  rawSocket,
  type SocketNode,
  startSocketNode,
} from '../../../support/support-sockets.js';

const path = '/v1/socket.io/?EIO=4&transport=websocket';

describe('Socket payload validation: whatever is sent', () => {
  let node: SocketNode;
  let app: MadeApp;
  beforeAll(async () => {
    node = await startSocketNode('SQLite and files');
    app = await node.app.createApp();
  });
  afterAll(() => node.stop());

  const connect = async () => {
    const raw = await rawSocket(node.app.url, path);
    raw.send(`40/client,{"app_id":"${app.appId}","device_id":"${randomUUID()}","api_key":"${app.apiKey}"}`);
    await raw.take('42/client,["connected"');
    return raw;
  };
  /** Another socket works as ever, and nothing was an accident of ours. */
  const unharmed = async () => {
    const socket = deviceSocket(node, app, randomUUID());
    await socket.next('connected');
    socket.socket.emit('ping');
    await socket.next('pong');
    socket.socket.disconnect();
    const accidents = node.app.logged.filter((line) => line.includes('"level":"error"'));
    expect(accidents).toEqual([]);
  };

  it('bad payloads are answered, with or without an acknowledgement, and the socket lives on', async () => {
    const payloads = [
      'null',
      '[]',
      '7',
      'true',
      '{}',
      '""',
      '{"conversation_id":null}',
      '{"conversation_id":7}',
      '{"conversation_id":["x"]}',
      '{"conversation_id":{"$gt":""}}',
      `"${'x'.repeat(101)}"`,
      '"a\\u0000b"',
      '{"__proto__":{"conversation_id":"x"}}',
      '{"conversation_id":"x\\ud800"}',
    ];
    for (const name of ['conversation:join', 'conversation:leave', 'typing:start', 'typing:stop']) {
      const raw = await connect();
      for (const payload of payloads) raw.send(`42/client,["${name}",${payload}]`);
      for (const [index, payload] of payloads.entries()) raw.send(`42/client,${index}["${name}",${payload}]`);
      if (name === 'conversation:join') {
        const answers = await Promise.all(payloads.map((_, index) => raw.take(`43/client,${index}[`)));
        for (const answer of answers)
          expect(answer).toMatch(
            /"success":false,"error":"(VALIDATION_ERROR|MISSING_CONVERSATION_ID|CONVERSATION_NOT_FOUND)"/,
          );
      }
      expect(await raw.take('42/client,["error"')).toMatch(
        /"VALIDATION_ERROR"|"CONVERSATION_NOT_FOUND"|"MISSING/,
      );
      raw.send('42/client,["ping"]');
      await raw.take('42/client,["pong"]');
      raw.socket.close();
    }
    await unharmed();
  });

  it('frames that are no Socket.IO end their own connection at most', async () => {
    const frames = [
      '',
      '4',
      '42',
      '42/client,',
      '42/client,{}',
      '42/client,[]',
      '42/client,[7,{}]',
      '42/client,[null]',
      '42/client,["error",{"a":1}]',
      '42/client,["disconnect"]',
      '42/client,["newListener",{}]',
      '42/client,["__proto__",{}]',
      '42/client,["constructor",{}]',
      '42/client,99999999999999999999["ping"]',
      '42/client,-1["ping"]',
      '42/admin,["message:send",{}]',
      '43/client,1[]',
      '451-/client,["ping",{"_placeholder":true,"num":0}]',
      '459999999-/client,["ping"]',
      '46/client,1["x"]',
      '49',
      '40/client,{"app_id":"again"}',
      '40/client,[]',
      '44/client,{}',
      '41/client,',
      '1',
      '3probe',
      '5',
      '6',
      'b4AAAA',
      'nonsense',
      '42/client,["ping"',
      `42/client,["conversation:join",${'['.repeat(50_000)}${']'.repeat(50_000)}]`,
    ];
    for (const frame of frames) {
      const raw = await connect();
      raw.send(frame);
      raw.send('42/client,["ping"]');
      await new Promise((resolve) => setTimeout(resolve, 5));
      raw.socket.terminate();
    }
    const binary = await connect();
    binary.socket.send(Buffer.from([1, 2, 3]));
    const early = await rawSocket(node.app.url, path);
    early.send('42/client,["ping"]');
    await early.closed;
    await unharmed();
  });

  it('a frame over 1 MB ends its connection, one below it is refused by its schema', async () => {
    const raw = await connect();
    raw.send(`42/client,1["conversation:join","${'x'.repeat(900_000)}"]`);
    expect(await raw.take('43/client,1')).toBe('43/client,1[{"success":false,"error":"VALIDATION_ERROR"}]');
    raw.send(`42/client,2["conversation:join","${'x'.repeat(1_000_001)}"]`);
    expect((await raw.closed).code).toBe(1009);
    await unharmed();
  });

  it('thousands of events are refused beyond the limit, and their socket is closed at last', async () => {
    const raw = await connect();
    for (let n = 0; n < 3_000; n += 1) raw.send('42/client,["ping"]');
    expect(await raw.take('42/client,["error"')).toContain('"RATE_LIMIT_EXCEEDED"');
    await raw.closed;
    const pongs = raw.frames.filter((frame) => frame.includes('pong')).length;
    expect(pongs).toBeLessThan(200);
    expect(raw.frames.filter((frame) => frame.includes('error'))).toEqual([]);
    await unharmed();
  });

  it('an honest burst of events is not refused', async () => {
    const device = sdkDevice(node.app.url, app);
    const conversationId = await device.open();
    const socket = deviceSocket(node, app, device.deviceId);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => socket.ask('conversation:join', conversationId)),
    );
    expect(answers.every(({ success }) => success)).toBe(true);
    socket.socket.disconnect();
  });

  it('CONNECT sent many times over makes one socket', async () => {
    const raw = await rawSocket(node.app.url, path);
    const connectFrame = `40/client,{"app_id":"${app.appId}","device_id":"${randomUUID()}","api_key":"${app.apiKey}"}`;
    for (let n = 0; n < 20; n += 1) raw.send(connectFrame);
    await raw.closed;
    expect(raw.frames.filter((frame) => frame.startsWith('42/client,["connected"')).length).toBeLessThan(2);
    await unharmed();
  });

  it('a socket that does not read is closed before it fills the memory', async () => {
    const device = sdkDevice(node.app.url, app);
    const conversationId = await device.open();
    const raw = await rawSocket(node.app.url, path);
    raw.send(
      `40/client,{"app_id":"${app.appId}","device_id":"${device.deviceId}","api_key":"${app.apiKey}"}`,
    );
    await raw.take('42/client,["conversation:joined"');
    const sent = await device.send(conversationId, 'hello');
    const message = await node.app.core.messages.get(
      { kind: 'device', appId: app.appId, deviceId: device.deviceId, keyId: app.keyId },
      conversationId,
      sent.json.message.id,
    );
    raw.socket.pause();
    const large = { ...message, body: 'x'.repeat(5_000) };
    for (let n = 0; n < 4_000 && node.realtime.counts().client > 0; n += 1) {
      await node.app.fanOut.tell({
        type: 'message',
        appId: app.appId,
        deviceId: device.deviceId,
        message: large,
      });
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(node.realtime.counts().client).toBe(0));
    raw.socket.terminate();
    await unharmed();
  });
});
