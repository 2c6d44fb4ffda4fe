import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../../src/cli/command-line.js';
import { layGround, stacks } from '../../support/servers.js';
import { freePort } from '../../support/services.js';
import type { MadeApp } from '../../support/support-app.js';
import { sdkDevice } from '../../support/support-client.js';
import {
  deviceSocket,
  librarySocket,
  type SocketNode,
  startSocketNode,
} from '../../support/support-sockets.js';

describe('Runbooks: the cause has a name when', () => {
  it('the port is in use', async () => {
    const ground = await layGround('SQLite and files');
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    const said: string[] = [];
    const listen = vi.spyOn(console, 'error').mockImplementation((words: string) => void said.push(words));
    const code = await runCommandLine(['serve'], {
      ...ground.environment,
      PORT: String(port),
      LOG_LEVEL: 'silent',
    });
    listen.mockRestore();
    other.close();
    expect(code).not.toBe(0);
    expect(said.join('\n')).toContain('The port is taken');
    await ground.remove();
  });
});

describe.each(stacks)('Runbooks: on %s the cause has a name when', (stack) => {
  let node: SocketNode;
  let app: MadeApp;
  beforeAll(async () => {
    node = await startSocketNode(stack);
    app = await node.app.createApp();
  });
  afterAll(() => node.stop());

  it('users seem offline: the log says why their sockets ended', async () => {
    const device = sdkDevice(node.app.url, app);
    const socket = deviceSocket(node, app, device.deviceId);
    await socket.next('connected');
    socket.socket.disconnect();
    const said = () =>
      node.app.logged.find(
        (line) => line.includes('a socket disconnected') && line.includes(device.deviceId),
      );
    await vi.waitFor(() => expect(said()).toBeDefined());
    expect(JSON.parse(said() ?? '')).toMatchObject({ reason: 'client namespace disconnect' });
  });

  it.each([
    [{}, 'MISSING_PARAMS'],
    [{ app_id: 'a', device_id: 'd', api_key: 'wrong' }, 'INVALID_CREDENTIALS'],
  ])('a socket is refused: %j', async (auth, code) => {
    expect(await librarySocket(node.app.url, '/client', auth).refusal()).toBe(code);
  });

  it.each([
    [{ local_id: randomUUID(), body: '' }, 'body'],
    [{ local_id: randomUUID(), body: 'x'.repeat(5_001) }, '5000'],
    [{ local_id: 'no-uuid', body: 'x' }, 'local_id'],
  ])('sending answers 400 (%#)', async (body, named) => {
    const device = sdkDevice(node.app.url, app);
    const answer = await device.post(`/conversations/${await device.open()}/messages`, body);
    expect([answer.status, answer.json.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(answer.text).toContain(named);
  });

  it('answers are slow: each route’s times and the event loop’s are measured', async () => {
    await sdkDevice(node.app.url, app).open();
    const metrics = await node.app.platform.metrics.registry.metrics();
    expect(metrics).toMatch(/http_request_duration_seconds_bucket\{.*route="\/api\/v1\/conversations"/);
    expect(metrics).toContain('nodejs_eventloop_lag_seconds');
  });
});
