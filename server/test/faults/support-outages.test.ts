import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { describe, expect, inject, it } from 'vitest';
import { type Outage, tcpWithOutages } from '../support/outages.js';
import { eventually, layGround, startServer } from '../support/servers.js';
import { call } from '../support/speech-client.js';
import { sdkDevice } from '../support/support-client.js';

const MASTER = 'the-master-key-of-the-tests-which-is-long';

/** A server whose way to PostgreSQL and to Redis can be cut, an app on it, and a device with a socket. */
async function scene(): Promise<{
  readonly database: Outage;
  readonly redis: Outage;
  readonly url: string;
  readonly device: ReturnType<typeof sdkDevice>;
  readonly conversationId: string;
  readonly socket: Socket;
  readonly heard: string[];
  end(): Promise<void>;
}> {
  const ground = await layGround('PostgreSQL, Redis and S3');
  const database = await tcpWithOutages(ground.environment.DATABASE_URL ?? '');
  const redis = await tcpWithOutages(inject('redisUrl') ?? '');
  const server = await startServer(ground, {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    MASTER_API_KEY: MASTER,
  });
  const made = await call(`${server.url}/setup/api/apps`, {
    method: 'POST',
    headers: { 'x-master-api-key': MASTER },
    body: { name: 'Outages' },
  });
  const app = { appId: made.json.app.id, apiKey: made.json.app.api_key };
  const device = sdkDevice(server.url, app);
  const conversationId = await device.open();
  const heard: string[] = [];
  const socket = io(`${server.url}/client`, {
    path: '/v1/socket.io',
    transports: ['websocket'],
    auth: { app_id: app.appId, device_id: device.deviceId, api_key: app.apiKey },
  });
  socket.on('message:new', (message: { local_id: string }) => heard.push(message.local_id));
  await new Promise<void>((resolve) => socket.once('conversation:joined', () => resolve()));
  return {
    database,
    redis,
    url: server.url,
    device,
    conversationId,
    socket,
    heard,
    end: async () => {
      socket.close();
      await server.stop();
      await ground.remove();
    },
  };
}

describe.skipIf(!inject('redisUrl'))('the support app in an outage', () => {
  it('of Redis stores and delivers on the node, keeps its sockets, and needs no restart after it', async () => {
    const { redis, url, device, conversationId, socket, heard, end } = await scene();
    await redis.cut();
    for (let n = 0; n < 5; n += 1) {
      const localId = randomUUID();
      expect((await device.send(conversationId, 'while Redis is away', localId)).status).toBe(200);
      await eventually(
        async () => heard.includes(localId),
        (isHeard) => isHeard,
        5_000,
      );
    }
    expect(socket.connected).toBe(true);
    await eventually(
      () => call(`${url}/health/ready`),
      ({ json }) => json.status === 'degraded',
    );
    await redis.restore();
    await eventually(
      () => call(`${url}/health/ready`),
      ({ json }) => json.status === 'ok',
    );
    expect((await device.send(conversationId, 'after it')).status).toBe(200);
    expect(socket.connected).toBe(true);
    await end();
  });

  it('of PostgreSQL refuses clearly, keeps its sockets, and stores every message exactly once after it', async () => {
    const { database, device, conversationId, socket, heard, end } = await scene();
    const localIds = Array.from({ length: 5 }, () => randomUUID());
    await database.cut();
    for (const localId of localIds) {
      const refused = await device.send(conversationId, 'during the outage', localId);
      expect(refused.status).toBe(503);
      expect(typeof refused.json.error).toBe('string');
      expect(refused.json.retry_after).toBeGreaterThan(0);
    }
    await sleep(300);
    expect(socket.connected).toBe(true);
    await database.restore();
    for (const localId of localIds) {
      await eventually(
        () => device.send(conversationId, 'during the outage', localId),
        ({ status }) => status === 200,
      );
    }
    const { json } = await device.get(`/conversations/${conversationId}/sync?after_sequence=0`);
    expect(json.messages.map((message: { local_id: string }) => message.local_id)).toEqual(localIds);
    await eventually(
      async () => heard,
      (all) => localIds.every((localId) => all.includes(localId)),
    );
    expect(new Set(heard).size).toBe(heard.length);
    await end();
  });
});
