import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import type { MadeApp } from '../../support/support-app.js';
import { sdkDevice } from '../../support/support-client.js';
import { deviceSocket, type SocketNode, startSocketNode } from '../../support/support-sockets.js';

type Line = Readonly<Record<string, unknown>>;

describe.each(stacks)('Structured logs on %s', (stack) => {
  let node: SocketNode;
  let app: MadeApp;
  beforeAll(async () => {
    node = await startSocketNode(stack);
    app = await node.app.createApp();
  });
  afterAll(() => node.stop());
  const lines = (): Line[] => node.app.logged.map((line) => JSON.parse(line) as Line);

  it('are one JSON object a line, with the contract’s names of the fields', async () => {
    const device = sdkDevice(node.app.url, app);
    const conversationId = await device.open();
    const path = `/api/v1/conversations/${conversationId}/messages`;
    const headers = { ...device.headers, 'x-request-id': 'edge-42' };
    const answer = await call(node.app.url + path, { headers });
    expect(answer.headers.get('x-request-id')).toBe('edge-42');
    await vi.waitFor(() => expect(lines().some((line) => line.request_id === 'edge-42')).toBe(true));
    expect(lines().find((line) => line.request_id === 'edge-42')).toEqual({
      level: 'debug',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      message: 'request',
      request_id: 'edge-42',
      app_id: app.appId,
      device_id: device.deviceId,
      method: 'GET',
      route: '/api/v1/conversations/:id/messages',
      status: 200,
      duration_ms: expect.any(Number),
    });
    for (const line of lines()) expect(Object.keys(line)).toEqual(expect.arrayContaining(['time', 'level']));
  });

  it('name a socket by its connection in all of its lines', async () => {
    const device = sdkDevice(node.app.url, app);
    const socket = deviceSocket(node, app, device.deviceId);
    const { connection_id } = await socket.next('connected');
    socket.socket.disconnect();
    const ofSocket = () => lines().filter((line) => line.connection_id === connection_id);
    await vi.waitFor(() => expect(ofSocket()).toHaveLength(2));
    expect(ofSocket()).toMatchObject([
      {
        message: 'a socket connected',
        request_id: expect.any(String),
        app_id: app.appId,
        device_id: device.deviceId,
      },
      { message: 'a socket disconnected', app_id: app.appId, device_id: device.deviceId },
    ]);
  });

  it('hold no key', () => {
    expect(node.app.logged.join('')).not.toContain(app.apiKey);
  });
});
