import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { type Outage, tcpWithOutages } from '../support/outages.js';
import { redisUrl } from '../support/redis.js';
import { eventually, layGround, startServer, type TestServer } from '../support/servers.js';
import { freePort, preparePostgres, spawnRedis } from '../support/services.js';
import { call } from '../support/speech-client.js';
import { type SdkDevice, sdkDevice } from '../support/support-client.js';

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
  const redis = await tcpWithOutages(redisUrl() ?? '');
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

describe.skipIf(!redisUrl())('the support app in an outage', () => {
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

/** How long each service is away; `OUTAGE_SECONDS=60` is what the product promises to bear. */
const OUTAGE_MS = Number(process.env.OUTAGE_SECONDS ?? 3) * 1_000;
const DEVICES = 8;
/** Between two messages of a device. */
const PAUSE_MS = 200;

/** A device that writes through one node and listens at the other. */
interface Writer {
  readonly device: SdkDevice;
  readonly conversationId: string;
  readonly socket: Socket;
  readonly heard: string[];
  readonly acknowledged: string[];
  /** Answers by status, and how long the slowest took (ms). */
  readonly answers: Map<number, number>;
  slowest: number;
}

describe.skipIf(!redisUrl())('Redis stopped and PostgreSQL restarted under load', () => {
  it(`for ${OUTAGE_MS / 1_000} s each: REST stores or refuses clearly, sockets stay or come back, nothing is lost or doubled`, {
    timeout: 4 * OUTAGE_MS + 120_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-outage-'));
    chmodSync(folder, 0o755);
    const postgres = await preparePostgres(folder, { persistent: true });
    await postgres.server.start();
    const redisPort = await freePort();
    let redis = await spawnRedis(folder, redisPort);
    const ground = await layGround('PostgreSQL, Redis and S3');
    const environment = {
      DATABASE_URL: postgres.url,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      MASTER_API_KEY: MASTER,
    };
    const nodes: TestServer[] = [
      await startServer(ground, environment),
      await startServer(ground, environment),
    ];
    const [a, b] = nodes as [TestServer, TestServer];
    const made = await call(`${a.url}/setup/api/apps`, {
      method: 'POST',
      headers: { 'x-master-api-key': MASTER },
      body: { name: 'Outages' },
    });
    const app = { appId: made.json.app.id, apiKey: made.json.app.api_key };
    const writers = await Promise.all(
      Array.from({ length: DEVICES }, (_, n) => writerOf(app, n % 2 ? a : b, n % 2 ? b : a)),
    );
    let isOver = false;
    const [quiet, ...busy] = writers;
    if (!quiet) throw new Error('there is no writer');
    const writing = busy.map((writer) => write(writer, () => isOver));
    const health = async (status: string) => {
      for (const { url } of nodes)
        await eventually(
          () => call(`${url}/health/ready`),
          ({ json }) => json.status === status,
        );
    };
    /** Until a message that was written at one node is heard at the other (ms). */
    const crossing = async (): Promise<number> => {
      const began = performance.now();
      await eventually(
        async () => {
          const localId = randomUUID();
          const { status } = await quiet.device.send(quiet.conversationId, 'across', localId);
          if (status === 200) quiet.acknowledged.push(localId);
          await sleep(300);
          return quiet.heard.includes(localId);
        },
        (isHeard) => isHeard,
      );
      return Math.round(performance.now() - began);
    };
    await sleep(1_000);

    const beforeRedis = tally(writers);
    redis.kill('SIGKILL');
    await health('degraded');
    await sleep(OUTAGE_MS);
    const duringRedis = tally(writers, beforeRedis);
    const connected = writers.filter(({ socket }) => socket.connected).length;
    redis = await spawnRedis(folder, redisPort);
    await health('ok');
    const redisRecovery = await crossing();

    const beforePostgres = tally(writers);
    await postgres.server.stop();
    await health('unavailable');
    await sleep(OUTAGE_MS);
    await postgres.server.start();
    const duringPostgres = tally(writers, beforePostgres);
    await health('ok');
    const postgresRecovery = await crossing();
    await sleep(1_000);
    isOver = true;
    await Promise.all(writing);

    console.info(
      JSON.stringify({
        outage_s: OUTAGE_MS / 1_000,
        redis: { ...duringRedis, connected, back_after_ms: redisRecovery },
        postgres: { ...duringPostgres, back_after_ms: postgresRecovery },
        acknowledged: writers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
        slowest_ms: Math.round(Math.max(...writers.map(({ slowest }) => slowest))),
      }),
    );
    expect(Object.keys(duringRedis)).toEqual(['200']);
    expect(connected).toBe(DEVICES);
    expect(Object.keys(duringPostgres).every((status) => ['200', '503'].includes(status))).toBe(true);
    expect(duringPostgres['503']).toBeGreaterThan(0);
    for (const { device, conversationId, acknowledged, heard, socket } of writers) {
      const stored = await everything(device, conversationId);
      expect(stored).toEqual(acknowledged);
      expect(new Set(heard).size).toBe(heard.length);
      expect(socket.connected).toBe(true);
      socket.close();
    }
    for (const node of nodes) await node.stop();
    redis.kill('SIGKILL');
    await postgres.server.stop();
    rmSync(folder, { recursive: true, force: true });
    await ground.remove();
  });
});

async function writerOf(
  app: { readonly appId: string; readonly apiKey: string },
  writesTo: TestServer,
  listensTo: TestServer,
): Promise<Writer> {
  const device = sdkDevice(writesTo.url, app);
  const conversationId = await device.open();
  const heard: string[] = [];
  const socket = io(`${listensTo.url}/client`, {
    path: '/v1/socket.io',
    transports: ['websocket'],
    forceNew: true,
    auth: { app_id: app.appId, device_id: device.deviceId, api_key: app.apiKey },
  });
  socket.on('message:new', (message: { local_id: string }) => heard.push(message.local_id));
  await new Promise<void>((resolve) => socket.once('conversation:joined', () => resolve()));
  return { device, conversationId, socket, heard, acknowledged: [], answers: new Map(), slowest: 0 };
}

/** Sends one message after the other, each until it is acknowledged, as an SDK with a queue does. */
async function write(writer: Writer, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const localId = randomUUID();
    for (let status = 0; status !== 200; ) {
      const began = performance.now();
      const answer = await writer.device.send(writer.conversationId, 'under load', localId);
      status = answer.status;
      writer.slowest = Math.max(writer.slowest, performance.now() - began);
      writer.answers.set(status, (writer.answers.get(status) ?? 0) + 1);
      if (status !== 200) {
        expect(answer.json).toMatchObject({ error: expect.any(String), code: 'UNAVAILABLE' });
        expect(answer.json.retry_after).toBeGreaterThan(0);
      } else writer.acknowledged.push(localId);
      await sleep(PAUSE_MS);
    }
  }
}

/** Answers of all by status, since an earlier tally. */
function tally(writers: readonly Writer[], before: Record<string, number> = {}): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { answers } of writers)
    for (const [status, n] of answers) sums[status] = (sums[status] ?? 0) + n;
  return Object.fromEntries(
    Object.entries(sums)
      .map(([status, n]) => [status, n - (before[status] ?? 0)] as const)
      .filter(([, n]) => n > 0),
  );
}

/** The local ids of a whole conversation, as `/sync` gives them. */
async function everything(device: SdkDevice, conversationId: string): Promise<string[]> {
  const localIds: string[] = [];
  for (let after = 0, hasMore = true; hasMore; ) {
    const { json } = await device.get(
      `/conversations/${conversationId}/sync?after_sequence=${after}&limit=200`,
    );
    localIds.push(...json.messages.map((message: { local_id: string }) => message.local_id));
    after = json.last_sequence;
    hasMore = json.has_more;
  }
  return localIds;
}
