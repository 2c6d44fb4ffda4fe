import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { memoryRateLimits } from '../../../src/platform/limits/memory/index.js';
import type { RateLimits } from '../../../src/platform/limits/rate-limits.js';
import { openRedisRateLimits } from '../../../src/platform/limits/redis/index.js';
import { recordedLog } from '../../support/log.js';
import { tcpWithOutages } from '../../support/outages.js';
import { adaptersOf, redisFor, redisOrSkip } from '../../support/redis.js';

const redisUrl = redisOrSkip('the limits port');
const prefix = `test-${randomUUID()}:`;

describe.each(adaptersOf('the limits port'))('the limits port on %s', (name) => {
  let limits: RateLimits;
  let redis: Awaited<ReturnType<typeof redisFor>>;
  beforeAll(async () => {
    redis = await redisFor(name);
    limits = redis
      ? await openRedisRateLimits({ url: redis.url, log: recordedLog(), prefix })
      : memoryRateLimits();
  });
  afterAll(async () => {
    await limits.close();
    await redis?.stop();
  });
  const rule = { name: 'three', points: 3, seconds: 60 };

  it('allows so many points and then says when to come back', async () => {
    expect(await limits.consume(rule, 'a')).toMatchObject({ allowed: true, remaining: 2 });
    expect(await limits.consume(rule, 'a', 2)).toMatchObject({ allowed: true, remaining: 0 });
    const refused = await limits.consume(rule, 'a');
    expect(refused.allowed).toBe(false);
    if (!refused.allowed) {
      expect(Number.isInteger(refused.retryAfterSeconds)).toBe(true);
      expect(refused.retryAfterSeconds).toBeGreaterThan(50);
      expect(refused.retryAfterSeconds).toBeLessThanOrEqual(60);
    }
  });

  it('counts every key and every rule for itself', async () => {
    const other = { name: 'other', points: 3, seconds: 60 };
    await limits.consume(rule, 'b', 3);
    expect(await limits.consume(rule, 'c')).toMatchObject({ allowed: true, remaining: 2 });
    expect(await limits.consume(other, 'b')).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('peeks without taking', async () => {
    expect(await limits.peek(rule, 'd')).toMatchObject({ allowed: true, remaining: 3 });
    await limits.consume(rule, 'd');
    expect(await limits.peek(rule, 'd')).toMatchObject({ allowed: true, remaining: 2 });
    await limits.consume(rule, 'd', 2);
    expect(await limits.peek(rule, 'd')).toMatchObject({ allowed: false });
  });

  it('forgets on reset', async () => {
    await limits.consume(rule, 'e', 3);
    await limits.reset(rule, 'e');
    expect(await limits.consume(rule, 'e')).toMatchObject({ allowed: true, remaining: 2 });
    await limits.reset(rule, 'never used');
  });

  it('opens a new window when the old one is over', async () => {
    const short = { name: 'short', points: 1, seconds: 1 };
    await limits.consume(short, 'f');
    expect(await limits.consume(short, 'f')).toEqual({ allowed: false, retryAfterSeconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(await limits.consume(short, 'f')).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('never allows more than the points to callers at once', async () => {
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => limits.consume(rule, 'g')));
    expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(3);
  });
});

describe.skipIf(redisUrl === null)('limits of several nodes', () => {
  const rule = { name: 'shared', points: 5, seconds: 60 };

  it('are counted together', async () => {
    const options = { url: String(redisUrl), log: recordedLog(), prefix };
    const [a, b] = [await openRedisRateLimits(options), await openRedisRateLimits(options)];
    await a.consume(rule, 'k', 3);
    expect(await b.consume(rule, 'k')).toMatchObject({ allowed: true, remaining: 1 });
    await a.close();
    await b.close();
  });

  it('are counted by each node for itself while Redis is away, and together again afterwards', async () => {
    const outage = await tcpWithOutages(String(redisUrl));
    const log = recordedLog();
    const limits = await openRedisRateLimits({ url: outage.url, log, prefix });
    await limits.consume(rule, 'outage', 4);
    await outage.cut();
    const verdicts = [];
    for (let n = 0; n < 6; n += 1) verdicts.push((await limits.consume(rule, 'outage')).allowed);
    expect(verdicts).toEqual([true, true, true, true, true, false]);
    expect(log.lines).toHaveLength(1);
    await outage.restore();
    await vi.waitFor(async () => {
      expect(await limits.peek(rule, 'outage')).toMatchObject({ allowed: true, remaining: 1 });
    }, 10_000);
    await limits.close();
    await outage.cut();
  });
});
