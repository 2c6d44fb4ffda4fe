import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { memoryPresence } from '../../../src/platform/presence/memory/index.js';
import type { Connection, Presence } from '../../../src/platform/presence/presence.js';
import { openRedisPresence } from '../../../src/platform/presence/redis/index.js';
import { recordedLog } from '../../support/log.js';
import { tcpWithOutages } from '../../support/outages.js';
import { adaptersOf, redisFor, redisOrSkip } from '../../support/redis.js';

const redisUrl = redisOrSkip('the presence port');
const open: Presence[] = [];
let serial = 0;

afterEach(async () => {
  for (const presence of open.splice(0)) await presence.close();
});

const connection = (id: string, member: string, group = 'app'): Connection => ({
  id,
  group,
  member,
  since: 1_763_719_518_123,
});

/** Presence over the Redis server, seen to be working. */
async function redisNode(prefix: string, url = String(redisUrl), log = recordedLog(), leaseMs = 300) {
  const presence = await openRedisPresence({ url, log, prefix, beatMs: 50, leaseMs });
  open.push(presence);
  return { presence, edges: edgesOf(presence), log };
}

function edgesOf(presence: Presence): string[] {
  const seen: string[] = [];
  presence.onEdge(({ group, member, isOnline }) => {
    seen.push(`${group}/${member} ${isOnline ? 'up' : 'down'}`);
  });
  return seen;
}

const freshPrefix = () => {
  serial += 1;
  return `test-${process.pid}-${serial}:{presence}:`;
};

describe.each(adaptersOf('the presence port'))('the presence port on %s', (name) => {
  let redis: Awaited<ReturnType<typeof redisFor>>;
  beforeAll(async () => {
    redis = await redisFor(name);
  });
  afterAll(() => redis?.stop());
  const start = async () => {
    if (redis) return redisNode(freshPrefix(), redis.url);
    const presence = memoryPresence({ log: recordedLog() });
    open.push(presence);
    return { presence, edges: edgesOf(presence) };
  };

  it('says who is online, once for each edge, however many connections a member has', async () => {
    const { presence, edges } = await start();
    await presence.connect(connection('1', 'ann'));
    await presence.connect(connection('2', 'ann'));
    await presence.connect(connection('3', 'bob'));
    expect(await presence.online('app', ['ann', 'bob', 'cy'])).toEqual(new Set(['ann', 'bob']));
    expect(await presence.countOnline('app')).toBe(2);
    await presence.disconnect('1');
    expect(await presence.online('app', ['ann'])).toEqual(new Set(['ann']));
    await presence.disconnect('2');
    expect(await presence.online('app', ['ann', 'bob'])).toEqual(new Set(['bob']));
    await presence.connect(connection('4', 'ann'));
    expect(edges).toEqual(['app/ann up', 'app/bob up', 'app/ann down', 'app/ann up']);
  });

  it('lists connections as they were given', async () => {
    const { presence } = await start();
    await presence.connect(connection('1', 'ann'));
    await presence.connect(connection('2', 'ann'));
    await presence.connect(connection('3', 'ann', 'other'));
    const listed = await presence.connections('app');
    expect([...listed].sort((a, b) => a.id.localeCompare(b.id))).toEqual([
      connection('1', 'ann'),
      connection('2', 'ann'),
    ]);
    await presence.disconnect('1');
    expect(await presence.connections('app')).toEqual([connection('2', 'ann')]);
  });

  it('keeps groups apart', async () => {
    const { presence, edges } = await start();
    await presence.connect(connection('1', 'ann', 'a'));
    expect(await presence.online('b', ['ann'])).toEqual(new Set());
    expect(await presence.countOnline('b')).toBe(0);
    await presence.connect(connection('2', 'ann', 'b'));
    await presence.disconnect('1');
    expect(await presence.online('b', ['ann'])).toEqual(new Set(['ann']));
    expect(edges).toEqual(['a/ann up', 'b/ann up', 'a/ann down']);
  });

  it('takes the same connection twice as one, and an unknown end as nothing', async () => {
    const { presence, edges } = await start();
    await presence.connect(connection('1', 'ann'));
    await presence.connect(connection('1', 'ann'));
    await presence.disconnect('nobody');
    await presence.disconnect('1');
    await presence.disconnect('1');
    expect(await presence.countOnline('app')).toBe(0);
    expect(edges).toEqual(['app/ann up', 'app/ann down']);
  });

  it('answers empty questions and takes any text as a name', async () => {
    const { presence } = await start();
    expect(await presence.online('app', [])).toEqual(new Set());
    const odd = 'a "quoted" \\ name:\n{é}';
    await presence.connect(connection('1', odd, odd));
    expect(await presence.online(odd, [odd])).toEqual(new Set([odd]));
    expect(await presence.connections(odd)).toEqual([connection('1', odd, odd)]);
  });

  it('keeps connections for as long as they are connected, not for some time only', async () => {
    const { presence, edges } = await start();
    await presence.connect(connection('1', 'ann'));
    // Longer than the lease of these tests.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await presence.online('app', ['ann'])).toEqual(new Set(['ann']));
    expect(edges).toEqual(['app/ann up']);
  });

  it('tells the edges in their order when connections come and go at once', async () => {
    const { presence, edges } = await start();
    await Promise.all(
      Array.from({ length: 50 }, (_, n) => {
        const id = String(n);
        return Promise.all([presence.connect(connection(id, id)), presence.disconnect(id)]);
      }),
    );
    expect(await presence.countOnline('app')).toBe(0);
    for (let n = 0; n < 50; n += 1)
      expect(edges.filter((edge) => edge.startsWith(`app/${n} `))).toEqual([`app/${n} up`, `app/${n} down`]);
  });

  it('does not let a failing listener disturb the others, and ends a subscription', async () => {
    const { presence } = await start();
    presence.onEdge(() => {
      throw new Error('broken listener');
    });
    const seen: string[] = [];
    const end = presence.onEdge(({ member }) => void seen.push(member));
    await presence.connect(connection('1', 'ann'));
    end();
    await presence.connect(connection('2', 'bob'));
    expect(seen).toEqual(['ann']);
  });

  it('ends all connections of the node on closing, and tells so', async () => {
    const { presence, edges } = await start();
    await presence.connect(connection('1', 'ann'));
    await presence.connect(connection('2', 'ann'));
    await presence.connect(connection('3', 'bob'));
    open.splice(0);
    await presence.close();
    expect(edges).toEqual(['app/ann up', 'app/bob up', 'app/ann down', 'app/bob down']);
  });

  it('is healthy', async () => expect((await start()).presence.healthy()).toBe(true));
});

describe.skipIf(redisUrl === null)('presence over several nodes', () => {
  it('Multi-node presence: a member with connections on two nodes is online until both are gone', async () => {
    const prefix = freshPrefix();
    const [a, b] = [await redisNode(prefix), await redisNode(prefix)];
    await a.presence.connect(connection('1', 'ann'));
    await b.presence.connect(connection('2', 'ann'));
    expect(await b.presence.connections('app')).toHaveLength(2);
    await a.presence.disconnect('1');
    expect(await a.presence.online('app', ['ann'])).toEqual(new Set(['ann']));
    await b.presence.disconnect('2');
    expect(await a.presence.online('app', ['ann'])).toEqual(new Set());
    expect([a.edges, b.edges]).toEqual([['app/ann up'], ['app/ann down']]);
  });

  it('Multi-node presence: members of a node that died are offline within its lease and a beat, told once', async () => {
    const prefix = freshPrefix();
    const outage = await tcpWithOutages(String(redisUrl));
    const dying = await redisNode(prefix, outage.url);
    const [b, c] = [await redisNode(prefix), await redisNode(prefix)];
    for (let n = 0; n < 1_200; n += 1) await dying.presence.connect(connection(`dying-${n}`, `m${n}`));
    await b.presence.connect(connection('b', 'm0'));
    expect(await c.presence.countOnline('app')).toBe(1_200);
    await outage.cut();
    await vi.waitFor(async () => expect(await c.presence.countOnline('app')).toBe(1), 20_000);
    expect(await c.presence.connections('app')).toEqual([connection('b', 'm0')]);
    await vi.waitFor(() => expect([...b.edges, ...c.edges]).toHaveLength(1_199), 20_000);
    expect(new Set([...b.edges, ...c.edges]).size).toBe(1_199);
  });

  it('lets a node that was taken for dead come back, and tells so', async () => {
    const prefix = freshPrefix();
    const outage = await tcpWithOutages(String(redisUrl));
    const stalled = await redisNode(prefix, outage.url);
    const b = await redisNode(prefix);
    await stalled.presence.connect(connection('1', 'ann'));
    await outage.cut();
    await vi.waitFor(() => expect(b.edges).toEqual(['app/ann down']), 20_000);
    await outage.restore();
    await vi.waitFor(() => expect(stalled.edges).toEqual(['app/ann up', 'app/ann up']), 20_000);
    expect(await b.presence.online('app', ['ann'])).toEqual(new Set(['ann']));
  });

  it('registers its connections again in a Redis that was emptied, without telling what others know', async () => {
    const prefix = freshPrefix();
    // Leases that outlast a stall of this process: no node is to be taken for dead here.
    const node = () => redisNode(prefix, undefined, undefined, 60_000);
    const [a, b] = [await node(), await node()];
    for (let n = 0; n < 700; n += 1) await a.presence.connect(connection(`a-${n}`, `m${n}`));
    await b.presence.connect(connection('b', 'm0'));
    const redis = new Redis(String(redisUrl));
    await redis.del(...(await redis.keys(`${prefix}*`)));
    redis.disconnect();
    await vi.waitFor(async () => expect(await b.presence.connections('app')).toHaveLength(701), 20_000);
    await vi.waitFor(async () => expect(await b.presence.countOnline('app')).toBe(700), 20_000);
    expect(a.edges).toHaveLength(700);
    await a.presence.disconnect('a-0');
    expect(await b.presence.online('app', ['m0'])).toEqual(new Set(['m0']));
    await b.presence.disconnect('b');
    expect(b.edges).toEqual(['app/m0 down']);
  });

  it('answers for its own connections while Redis is away, and evens out when it is back', async () => {
    const prefix = freshPrefix();
    const outage = await tcpWithOutages(String(redisUrl));
    const b = await redisNode(prefix);
    const log = recordedLog();
    // A lease that outlasts the outage: the node is not taken for dead.
    const a = await openRedisPresence({ url: outage.url, log, prefix, beatMs: 50, leaseMs: 60_000 });
    open.push(a);
    const edges = edgesOf(a);
    await a.connect(connection('stays', 'ann'));
    await a.connect(connection('goes', 'bob'));
    await outage.cut();
    await vi.waitFor(() => expect(a.healthy()).toBe(false), 20_000);
    await a.disconnect('goes');
    await a.connect(connection('comes', 'cy'));
    await a.connect(connection('passes', 'dee'));
    await a.disconnect('passes');
    expect(await a.online('app', ['ann', 'bob', 'cy'])).toEqual(new Set(['ann', 'cy']));
    expect(await a.countOnline('app')).toBe(2);
    expect(await a.connections('app')).toHaveLength(2);
    expect(await b.presence.online('app', ['ann', 'bob', 'cy'])).toEqual(new Set(['ann', 'bob']));
    await outage.restore();
    await vi.waitFor(
      async () =>
        expect(await b.presence.online('app', ['ann', 'bob', 'cy'])).toEqual(new Set(['ann', 'cy'])),
      20_000,
    );
    // Told to this node during the outage, and to everybody after it.
    expect(edges.filter((edge) => edge === 'app/cy up')).toHaveLength(2);
    expect(edges.filter((edge) => edge === 'app/bob down')).toHaveLength(2);
    expect(edges.filter((edge) => edge === 'app/ann up')).toHaveLength(1);
    expect(log.lines.filter((line) => line.level !== 'info')).toHaveLength(1);
  });

  it('tells who left while Redis was away even when Redis came back empty', async () => {
    const prefix = freshPrefix();
    const outage = await tcpWithOutages(String(redisUrl));
    const [a, b] = [await redisNode(prefix, outage.url), await redisNode(prefix)];
    await a.presence.connect(connection('1', 'ann'));
    await outage.cut();
    await vi.waitFor(() => expect(a.presence.healthy()).toBe(false), 20_000);
    await a.presence.disconnect('1');
    const redis = new Redis(String(redisUrl));
    await redis.del(...(await redis.keys(`${prefix}*`)));
    redis.disconnect();
    await outage.restore();
    await vi.waitFor(
      () => expect([...a.edges, ...b.edges]).toEqual(['app/ann up', 'app/ann down', 'app/ann down']),
      20_000,
    );
  });
});
