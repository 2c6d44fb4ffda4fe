import { describe, expect, test } from 'vitest';
import { checkSyncInterval, onNetworkRestored } from '../../src/index.js';
import { createDevice, luna } from '../support/device.js';
import type { FakeServer } from '../support/fake-server.js';
import { createFakeServer, errorAnswer } from '../support/fake-server.js';

const syncs = (server: FakeServer): number =>
  server.requests.filter(({ path }) => path === '/api/sync/changes').length;

describe('row 24: background sync', () => {
  test('runs at launch, then every 900 s, and as often as it is set', async () => {
    const server = createFakeServer();
    server.route = ({ path }) => (path.endsWith('/stream') ? errorAnswer(404, 'NotFound') : undefined);
    const device = await createDevice(server);
    await device.start();
    await device.world.pass(1);
    expect(syncs(server)).toBe(1);
    await device.world.pass(899_000);
    expect(syncs(server)).toBe(1);
    await device.world.pass(1000);
    expect(syncs(server)).toBe(2);
    device.scheduler.setInterval(60);
    await device.world.pass(300_000);
    expect(syncs(server)).toBe(7);
    device.scheduler.setEnabled(false);
    await device.world.pass(3_600_000);
    expect(syncs(server)).toBe(7);
    device.foreground();
    await device.world.pass(1);
    expect(syncs(server)).toBe(8);
    await device.close();
    expect(device.world.timers()).toBe(0);
  });

  test.each([0, 59, 61, 90, 3601, 3660, Number.NaN])('an interval of %d s is refused', (seconds) => {
    expect(() => checkSyncInterval(seconds)).toThrow(RangeError);
  });

  test('a run ends within 30 s although the server hangs, says so, and loses nothing', async () => {
    const server = createFakeServer();
    const device = await createDevice(server);
    await device.heroes.create(luna);
    const answers = server.fetch;
    let hangs = true;
    const slow = await createDevice(
      {
        ...server,
        fetch: (input, init) =>
          hangs
            ? new Promise((_resolve, reject) => {
                init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
              })
            : answers(input, init),
      },
      { store: device.store },
    );
    const begun = slow.world.now();
    const run = slow.scheduler.runInBackground();
    await slow.world.pass(30_000);
    expect(await run).toMatchObject({ outcome: 'interrupted' });
    expect((await run).durationMs).toBeLessThan(30_000);
    expect(slow.world.now() - begun).toBe(30_000);
    hangs = false;
    await slow.synced();
    expect(server.rows('hero')).toHaveLength(1);
  });
});

describe('row 34: when the back end is down', () => {
  test('the app goes on, and syncs by itself once it is back, knocking less and less often', async () => {
    const server = createFakeServer();
    server.fate = () => errorAnswer(503, 'ServiceUnavailable');
    const device = await createDevice(server);
    await device.start();
    await device.heroes.create(luna);
    await device.world.pass(3_600_000);
    const knocked = server.requests.filter(({ path }) => path === '/api/sync/push').length;
    expect(knocked).toBeGreaterThan(5);
    expect(knocked).toBeLessThan(30);
    expect((await device.heroes.list({ policy: 'cacheOnly' })).items[0]?.sync.status).toBe('pendingCreate');
    server.fate = () => 'arrives';
    await device.world.pass(400_000);
    expect(server.rows('hero')).toHaveLength(1);
    expect((await device.heroes.list({ policy: 'cacheOnly' })).items[0]?.sync.status).toBe('synced');
    await device.close();
  });

  test('500 for everything uses up no attempts for good', async () => {
    const server = createFakeServer();
    server.fate = () => errorAnswer(500, 'InternalServerError');
    const device = await createDevice(server);
    await device.start();
    for (const name of ['a', 'b', 'c']) await device.heroes.create({ ...luna, name });
    await device.world.pass(3_600_000);
    server.fate = () => 'arrives';
    await device.world.pass(900_000);
    expect(server.rows('hero')).toHaveLength(3);
    expect(await device.pendingCount()).toBe(0);
    await device.close();
  });
});

describe('row 6: the network', () => {
  test('is told of within one event, and its return begins a sync', async () => {
    const server = createFakeServer();
    const device = await createDevice(server);
    await device.start();
    await device.world.pass(10);
    const states: boolean[] = [];
    let restored = 0;
    device.network.subscribe(({ connected }) => states.push(connected));
    onNetworkRestored(device.network, () => {
      restored += 1;
    });
    device.manual.set({ connected: false });
    device.manual.set({ connected: false });
    expect(states).toEqual([false]);
    await device.heroes.create(luna);
    await device.world.pass(1000);
    expect(server.rows('hero')).toHaveLength(0);
    device.manual.set({ connected: true, interface: 'wifi' });
    await device.world.pass(10);
    expect(states).toEqual([false, true]);
    expect(restored).toBe(1);
    expect(server.rows('hero')).toHaveLength(1);
    await device.close();
  });
});

describe('the live stream', () => {
  test('row 1: a change on one device is on the other without waiting for the interval', async () => {
    const server = createFakeServer();
    const [one, two] = [await createDevice(server), await createDevice(server, { name: 'two' })];
    await Promise.all([one.start(), two.start()]);
    await Promise.all([one.world.pass(10), two.world.pass(10)]);
    expect(server.streams()).toBe(2);
    await one.heroes.create(luna);
    await one.world.pass(100);
    server.announce();
    await two.world.pass(10);
    expect((await two.heroes.list({ policy: 'cacheOnly' })).items.map(({ name }) => name)).toEqual(['Luna']);
    await one.close();
    await two.close();
    expect(server.streams()).toBe(0);
  });

  test('is opened again after it ended, and after 45 s without a sign', async () => {
    const server = createFakeServer();
    const device = await createDevice(server);
    await device.start();
    await device.world.pass(10);
    server.endStreams();
    await device.world.pass(3000);
    expect(server.streams()).toBe(1);
    const opened = server.requests.filter(({ path }) => path.endsWith('/stream')).length;
    await device.world.pass(50_000);
    expect(server.requests.filter(({ path }) => path.endsWith('/stream')).length).toBe(opened + 1);
    await device.close();
  });

  test('an echo of its own writes begins no sync', async () => {
    const server = createFakeServer();
    const device = await createDevice(server);
    await device.start();
    await device.heroes.create(luna);
    await device.world.pass(1000);
    const before = syncs(server);
    server.announce();
    await device.world.pass(1000);
    expect(syncs(server)).toBe(before);
    await device.close();
  });
});
