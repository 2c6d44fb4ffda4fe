import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Events, JsonValue } from '../../../src/platform/events/events.js';
import { memoryEvents } from '../../../src/platform/events/memory/index.js';
import { openRedisEvents } from '../../../src/platform/events/redis/index.js';
import { recordedLog } from '../../support/log.js';
import { tcpWithOutages } from '../../support/outages.js';
import { adaptersOf, redisFor, redisOrSkip } from '../../support/redis.js';

const redisUrl = redisOrSkip('the events port');
const prefix = `test-${process.pid}:`;

describe.each(adaptersOf('the events port'))('the events port on %s', (name) => {
  const log = recordedLog();
  let events: Events;
  let redis: Awaited<ReturnType<typeof redisFor>>;
  beforeAll(async () => {
    redis = await redisFor(name);
    events = redis ? await openRedisEvents({ url: redis.url, log, prefix }) : memoryEvents({ log });
  });
  afterAll(async () => {
    await events.close();
    await redis?.stop();
  });

  it('hands a message to every subscriber of its topic once, and to nobody else', async () => {
    const seen: string[] = [];
    const ends = [
      await events.subscribe('room:1', (message) => seen.push(`a ${JSON.stringify(message)}`)),
      await events.subscribe('room:1', (message) => seen.push(`b ${JSON.stringify(message)}`)),
      await events.subscribe('room:2', () => seen.push('wrong room')),
    ];
    await events.publish('room:1', { text: 'hi', n: [1, null, true] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toEqual(['a {"text":"hi","n":[1,null,true]}', 'b {"text":"hi","n":[1,null,true]}']);
    for (const end of ends) await end();
  });

  it('keeps the order of one sender', async () => {
    const seen: JsonValue[] = [];
    const end = await events.subscribe('order', (message) => seen.push(message));
    for (let n = 0; n < 100; n += 1) await events.publish('order', n);
    expect(seen).toEqual(Array.from({ length: 100 }, (_, n) => n));
    await end();
  });

  it('hands over nothing after the subscription has ended, which may be ended twice', async () => {
    const seen: JsonValue[] = [];
    const handler = (message: JsonValue) => void seen.push(message);
    const first = await events.subscribe('twice', handler);
    const second = await events.subscribe('twice', handler);
    await first();
    await first();
    await events.publish('twice', 1);
    await second();
    await events.publish('twice', 2);
    expect(seen).toEqual([1]);
  });

  it('does not let a failing handler disturb the others', async () => {
    const seen: JsonValue[] = [];
    const ends = [
      await events.subscribe('failing', () => {
        throw new Error('broken handler');
      }),
      await events.subscribe('failing', (async () => {
        throw new Error('broken asynchronous handler');
      }) as () => void),
      await events.subscribe('failing', (message) => seen.push(message)),
    ];
    await events.publish('failing', 'still here');
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual(['still here']);
    expect(log.lines.filter((line) => line.level === 'error')).toHaveLength(2);
    for (const end of ends) await end();
  });

  it('is healthy', () => expect(events.healthy()).toBe(true));
});

describe.skipIf(redisUrl === null)('events between two nodes', () => {
  const open: Events[] = [];
  afterEach(async () => {
    for (const events of open.splice(0)) await events.close();
  });
  const node = async (url: string, log = recordedLog()) => {
    const events = await openRedisEvents({ url, log, prefix });
    open.push(events);
    return events;
  };

  it('reach the other node once', async () => {
    const [a, b] = [await node(String(redisUrl)), await node(String(redisUrl))];
    const seen: string[] = [];
    await a.subscribe('x', (message) => seen.push(`a ${message}`));
    const leave = await b.subscribe('x', (message) => seen.push(`b ${message}`));
    await a.publish('x', 1);
    await vi.waitFor(() => expect(seen.sort()).toEqual(['a 1', 'b 1']));
    await leave();
    await a.publish('x', 2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toEqual(['a 1', 'b 1', 'a 2']);
  });

  it('serve local subscribers while Redis is away, log it once, and recover by themselves', async () => {
    const outage = await tcpWithOutages(String(redisUrl));
    const log = recordedLog();
    const [a, b] = [await node(outage.url, log), await node(String(redisUrl))];
    const seen: string[] = [];
    await a.subscribe('y', (message) => seen.push(`a ${message}`));
    await outage.cut();
    await vi.waitFor(() => expect(a.healthy()).toBe(false));
    await a.publish('y', 'alone');
    await a.subscribe('late', (message) => seen.push(`late ${message}`));
    expect(seen).toEqual(['a alone']);
    await new Promise((resolve) => setTimeout(resolve, 400));
    // One line for each of the two connections, however often they try.
    expect(log.lines.filter((line) => line.level !== 'info')).toHaveLength(2);
    await outage.restore();
    await vi.waitFor(() => expect(a.healthy()).toBe(true), 10_000);
    await vi.waitFor(async () => {
      await b.publish('y', 'again');
      await b.publish('late', 'too');
      expect(seen).toContain('a again');
      expect(seen).toContain('late too');
    });
    await outage.cut();
  });

  it('open although Redis is away', async () => {
    const outage = await tcpWithOutages(String(redisUrl));
    await outage.cut();
    const events = await node(outage.url);
    const seen: JsonValue[] = [];
    await events.subscribe('z', (message) => seen.push(message));
    await events.publish('z', 1);
    expect(seen).toEqual([1]);
    expect(events.healthy()).toBe(false);
  });

  it('tell of gaps: to the node that was cut off, and to the others that it could not reach', async () => {
    const outage = await tcpWithOutages(String(redisUrl));
    const [a, b] = [await node(outage.url), await node(String(redisUrl))];
    const gaps: string[] = [];
    a.onGap(() => void gaps.push('a'));
    b.onGap(() => void gaps.push('b'));
    const end = b.onGap(() => void gaps.push('ended'));
    end();
    await a.publish('z', 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(gaps).toEqual([]);
    await outage.cut();
    await vi.waitFor(() => expect(a.healthy()).toBe(false));
    await outage.restore();
    await vi.waitFor(() => expect(gaps.sort()).toEqual(['a', 'b']), 10_000);
  });
});
