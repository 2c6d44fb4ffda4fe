import { describe, expect, it, vi } from 'vitest';
import { stacks } from '../../support/servers.js';
import { sdkDevice } from '../../support/support-client.js';
import { deviceSocket, operatorSocket, startSocketNode } from '../../support/support-sockets.js';

/** Small enough for every test run; `npm run bench -- --support` measures 10,000. */
const SOCKETS = 300;
const ROUNDS = 5;

describe.each(stacks)('Load on %s', (stack) => {
  it(`of ${SOCKETS} joined sockets: all connect, each hears its messages once, and the team hears all`, async () => {
    const node = await startSocketNode(stack);
    const app = await node.app.createApp();
    const team = operatorSocket(node, app.appId, node.operators.admit(app.appId).token);
    await team.next('connected');
    const devices = Array.from({ length: SOCKETS }, () => sdkDevice(node.app.url, app));
    const seats = await Promise.all(
      devices.map(async (device) => {
        const conversationId = await device.open();
        const socket = deviceSocket(node, app, device.deviceId);
        await vi.waitFor(() => expect(socket.of('conversation:joined')).toHaveLength(1), 30_000);
        return { device, conversationId, socket };
      }),
    );
    expect(node.realtime.counts().client).toBe(SOCKETS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await Promise.all(
        seats.map(({ device, conversationId }) => device.send(conversationId, `round ${round}`)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    }
    await vi.waitFor(() => expect(team.of('message:new')).toHaveLength(SOCKETS * ROUNDS), 30_000);
    for (const { socket } of seats)
      expect(socket.of('message:new').map(({ body }) => body)).toEqual(
        Array.from({ length: ROUNDS }, (_, round) => `round ${round}`),
      );
    const sequences = team.of('message:new').map(({ sequence }) => sequence);
    expect(new Set(sequences).size).toBe(sequences.length);
    for (const { socket } of seats) socket.socket.disconnect();
    team.socket.disconnect();
    await node.stop();
  }, 90_000);
});
