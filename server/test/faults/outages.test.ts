import { describe, expect, it } from 'vitest';
import { tcpWithOutages } from '../support/outages.js';
import { redisUrl } from '../support/redis.js';
import { eventually, layGround, startServer } from '../support/servers.js';
import { call, signIn } from '../support/speech-client.js';

describe('an outage of PostgreSQL', () => {
  it('is told as 503 with Retry-After, and is over without a restart', async () => {
    const ground = await layGround('PostgreSQL, Redis and S3');
    const path = await tcpWithOutages(ground.environment.DATABASE_URL ?? '');
    const server = await startServer(ground, { DATABASE_URL: path.url });
    const device = await signIn(server.url);
    await device.speak('Before the outage.');
    await path.cut();
    const refused = await device.generate('During the outage.');
    expect([refused.status, refused.json.code]).toEqual([503, 'UNAVAILABLE']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await call(`${server.url}/health`)).status).toBe(200);
    expect((await call(`${server.url}/health/ready`)).json).toMatchObject({
      status: 'unavailable',
      checks: { database: { ok: false } },
    });
    await path.restore();
    await eventually(
      () => call(`${server.url}/health/ready`),
      ({ status }) => status === 200,
    );
    expect((await device.speak('After the outage.')).status.json.status).toBe('ready');
    await server.stop();
    await ground.remove();
  });
});

describe('an outage of the read replica', () => {
  it('degrades the node, as its health says, and is over without a restart', async () => {
    const ground = await layGround('PostgreSQL, Redis and S3');
    const path = await tcpWithOutages(ground.environment.DATABASE_URL ?? '');
    const server = await startServer(ground, { DATABASE_READ_URL: path.url });
    const health = () => call(`${server.url}/health/ready`);
    expect((await health()).json).toMatchObject({ status: 'ok', checks: { replica: { ok: true } } });
    await path.cut();
    const during = await health();
    expect(during.status).toBe(200);
    expect(during.json).toMatchObject({ status: 'degraded', checks: { replica: { ok: false } } });
    await path.restore();
    expect((await health()).json).toMatchObject({ status: 'ok' });
    await server.stop();
    await ground.remove();
  });
});

describe('an outage of Redis', () => {
  it.skipIf(!redisUrl())('degrades the node and nothing else, and is over without a restart', async () => {
    const ground = await layGround('PostgreSQL, Redis and S3');
    const path = await tcpWithOutages(redisUrl() ?? '');
    const server = await startServer(ground, { REDIS_URL: path.url });
    const device = await signIn(server.url);
    await path.cut();
    await eventually(
      () => call(`${server.url}/health/ready`),
      ({ json }) => json.status === 'degraded',
    );
    expect((await device.speak('While Redis is away.')).status.json.status).toBe('ready');
    await path.restore();
    await eventually(
      () => call(`${server.url}/health/ready`),
      ({ json }) => json.status === 'ok',
    );
    await server.stop();
    await ground.remove();
  });
});
