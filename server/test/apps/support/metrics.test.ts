import { once } from 'node:events';
import { io } from 'socket.io-client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { redisUrl } from '../../support/redis.js';
import { type Ground, layGround, stacks, startServer, type TestServer } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import { sdkDevice } from '../../support/support-client.js';

const MASTER = 'the-master-key-of-the-tests-which-is-long';

/** What `/metrics` says, by name with labels in any order. */
async function scrape(
  url: string,
): Promise<(name: string, labels?: Record<string, string>) => number | null> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (name, labels = {}) => {
    for (const line of text.split('\n')) {
      const [, found, inner = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (found !== name) continue;
      if (Object.entries(labels).every(([key, wanted]) => inner.includes(`${key}="${wanted}"`)))
        return Number(value);
    }
    return null;
  };
}

describe.each(stacks)('Metrics of the support app on %s', (stack) => {
  let ground: Ground;
  let server: TestServer;
  afterEach(async () => {
    await server.stop();
    await ground.remove();
  });

  it('Metrics: sockets, events in and out, messages, queue depths and services agree with what was done', async () => {
    ground = await layGround(stack);
    server = await startServer(ground, { MASTER_API_KEY: MASTER });
    const made = await call(`${server.url}/setup/api/apps`, {
      method: 'POST',
      headers: { 'x-master-api-key': MASTER },
      body: { name: 'Measured' },
    });
    const app = { appId: made.json.app.id, apiKey: made.json.app.api_key };
    const device = sdkDevice(server.url, app);
    const conversationId = await device.open();
    const socket = io(`${server.url}/client`, {
      path: '/v1/socket.io',
      transports: ['websocket'],
      auth: { app_id: app.appId, device_id: device.deviceId, api_key: app.apiKey },
    });
    await once(socket as never, 'connected');
    await socket.timeout(5_000).emitWithAck('conversation:join', { conversation_id: conversationId });
    let heard = 0;
    socket.on('message:new', () => {
      heard += 1;
    });
    for (let n = 0; n < 7; n += 1) await device.send(conversationId, `message ${n}`);
    const repeat = crypto.randomUUID();
    for (let n = 0; n < 3; n += 1) await device.send(conversationId, 'the same', repeat);
    await vi.waitFor(() => expect(heard).toBe(8), { timeout: 5_000 });

    const metric = await scrape(server.url);
    expect(metric('support_sockets', { namespace: '/client' })).toBe(1);
    expect(metric('support_messages_total', { sender: 'user' })).toBe(8);
    const inClient = (event: string) => ({ namespace: '/client', event });
    expect(metric('support_socket_events_received_total', inClient('conversation:join'))).toBe(1);
    expect(metric('support_socket_events_sent_total', inClient('message:new'))).toBe(8);
    expect(metric('support_socket_events_sent_total', inClient('connected'))).toBe(1);
    expect(metric('jobs_waiting', { job: 'support.push' })).toBe(0);
    expect(metric('jobs_waiting', { job: 'support.webhook' })).toBe(0);
    expect(metric('jobs_waiting', { job: 'support.retention' })).toBeNull();
    expect(metric('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
    const posts = { method: 'POST', route: '/api/v1/conversations/:id/messages', status: '200' };
    expect(metric('http_request_duration_seconds_count', posts)).toBe(10);
    if (stack === 'SQLite and files') {
      expect(metric('database_connections', { state: 'open' })).toBeNull();
      expect(metric('redis_connected')).toBeNull();
    } else {
      expect(metric('database_connections', { state: 'open' })).toBeGreaterThan(0);
      expect(metric('redis_connected')).toBe(redisUrl() ? 1 : null);
    }

    socket.disconnect();
    await vi.waitFor(async () =>
      expect((await scrape(server.url))('support_sockets', { namespace: '/client' })).toBe(0),
    );
  });
});
