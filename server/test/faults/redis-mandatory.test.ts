import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChildServer } from '../support/child-server.js';
import { redisUrl } from '../support/redis.js';
import { type Ground, layGround } from '../support/servers.js';
import { freePort } from '../support/services.js';

describe.skipIf(!redisUrl())('Redis mandatory outside development: in production', () => {
  let ground: Ground;
  beforeEach(async () => {
    ground = await layGround('PostgreSQL, Redis and S3');
  });
  afterEach(() => ground.remove());
  const start = (redisUrl: string) =>
    startChildServer({ ...ground.environment, NODE_ENV: 'production', REDIS_URL: redisUrl });

  it('a node with PostgreSQL and without REDIS_URL does not start, and says why', async () => {
    await expect(start('disabled')).rejects.toThrow(/ended with [1-9][\s\S]*REDIS_URL/);
  });

  it('a node whose Redis cannot be reached does not start, and says why', async () => {
    const began = performance.now();
    await expect(start(`redis://:hidden-word@127.0.0.1:${await freePort()}`)).rejects.toThrow(
      /ended with [1-9][\s\S]*Redis cannot be reached at REDIS_URL/,
    );
    expect(performance.now() - began).toBeLessThan(15_000);
    await expect(start(`redis://:hidden-word@127.0.0.1:${await freePort()}`)).rejects.not.toThrow(
      /hidden-word/,
    );
  });

  it('a node whose Redis answers starts', async () => {
    const server = await start(String(redisUrl()));
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(await server.end('SIGTERM')).toBe(0);
  });
});
