import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRedisEvents } from '../../../src/platform/events/redis/index.js';
import { openRedisRateLimits } from '../../../src/platform/limits/redis/index.js';
import { closeRedis, openRedis } from '../../../src/platform/redis/connection.js';
import { recordedLog } from '../../support/log.js';
import { canRunRedisCluster, type RedisCluster, startRedisCluster } from '../../support/redis-cluster.js';

describe.skipIf(!canRunRedisCluster('the connection'))('HA and autoscaling: a Redis cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster.stop());
  const firstNode = () => cluster.url.split(',')[0] ?? '';

  it('is found from one node when REDIS_CLUSTER says so, and holds keys on all its shards', async () => {
    const redis = await openRedis({
      url: firstNode(),
      cluster: true,
      purpose: 'test',
      log: recordedLog(),
    });
    for (let n = 0; n < 50; n += 1) await redis.set(`key-${n}`, n);
    for (let n = 0; n < 50; n += 1) expect(await redis.get(`key-${n}`)).toBe(String(n));
    closeRedis(redis);
    const alone = await openRedis({ url: firstNode(), purpose: 'test', log: recordedLog() });
    const writes = await Promise.allSettled(Array.from({ length: 50 }, (_, n) => alone.get(`key-${n}`)));
    expect(writes.some(({ status }) => status === 'rejected')).toBe(true);
    closeRedis(alone);
  });

  it('carries events between nodes that are connected to different ones of its nodes', async () => {
    const [one = '', two = ''] = cluster.url.split(',');
    const prefix = `${randomUUID()}:`;
    const a = await openRedisEvents({ url: one, log: recordedLog(), prefix });
    const b = await openRedisEvents({ url: two, log: recordedLog(), prefix });
    const seen: unknown[] = [];
    await b.subscribe('topic', (message) => seen.push(message));
    await a.publish('topic', 'across');
    await vi.waitFor(() => expect(seen).toEqual(['across']));
    await a.close();
    await b.close();
  });

  it('may lose the node that events came from: they come from the next one, and the gap is told', async () => {
    const prefix = `${randomUUID()}:`;
    const log = recordedLog();
    const events = await openRedisEvents({ url: cluster.url, log, prefix });
    const limits = await openRedisRateLimits({ url: cluster.url, log: recordedLog(), prefix });
    const rule = { name: 'many', points: 2, seconds: 60 };
    const before = Array.from({ length: 30 }, (_, n) => String(n));
    for (const key of before) await limits.consume(rule, key);
    let gaps = 0;
    events.onGap(() => {
      gaps += 1;
    });
    const seen: unknown[] = [];
    await events.subscribe('topic', (message) => seen.push(message));
    await cluster.kill(0);
    await vi.waitFor(() => expect(events.healthy()).toBe(false));
    await vi.waitFor(() => expect(events.healthy()).toBe(true), 10_000);
    await vi.waitFor(() => expect(gaps).toBeGreaterThan(0));
    const other = await openRedisEvents({
      url: cluster.url.split(',')[2] ?? '',
      log: recordedLog(),
      prefix,
    });
    await vi.waitFor(async () => {
      await other.publish('topic', 'again');
      expect(seen).toContain('again');
    });
    // Two thirds of the counters live on; the others are counted here. Nobody is refused, nothing hangs.
    const began = performance.now();
    const verdicts = [];
    for (const key of before) verdicts.push(await limits.consume(rule, key));
    expect(verdicts.every(({ allowed }) => allowed)).toBe(true);
    expect(verdicts.filter((verdict) => verdict.allowed && verdict.remaining === 0).length).toBeGreaterThan(
      5,
    );
    expect(performance.now() - began).toBeLessThan(15_000);
    await events.close();
    await other.close();
    await limits.close();
  });
});
