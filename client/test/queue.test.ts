import { describe, expect, test } from 'vitest';
import type { Operation } from '../src/index.js';
import { BACKOFF_CAP_S, backoffMs, MAX_ATTEMPTS, PRIORITY, queueStatistics } from '../src/index.js';
import { enqueue } from '../src/queue/queue.js';
import { createDevice, lighthouse, luna } from './support/device.js';
import { createFakeServer } from './support/fake-server.js';

const all = (device: Awaited<ReturnType<typeof createDevice>>): Promise<readonly Operation[]> =>
  device.store.read((tx) => tx.all('operations'));

describe('the offline queue (contract §7.5)', () => {
  test('backs off 2^n seconds, 300 at most, with a jitter of 20 %, and gives up after 5 attempts', () => {
    const seconds = (failures: number, chance: number) =>
      backoffMs(failures, { random: () => chance }) / 1000;
    expect([1, 2, 3, 4, 5, 8, 9, 20].map((failures) => seconds(failures, 0.5))).toEqual([
      2, 4, 8, 16, 32, 256, 300, 300,
    ]);
    expect([seconds(3, 0), seconds(3, 1)]).toEqual([6.4, 9.6]);
    expect([MAX_ATTEMPTS, BACKOFF_CAP_S]).toEqual([5, 300]);
    expect(PRIORITY).toEqual({ low: 0, medium: 1, high: 2, critical: 3 });
  });

  test('holds one operation of a kind for an entity, of medium priority unless a higher one is wanted', async () => {
    const device = await createDevice(createFakeServer());
    const hero = await device.heroes.create(luna);
    await device.synced();
    await device.heroes.update(hero.id, { age: 7 });
    await device.heroes.update(hero.id, { age: 8 });
    expect(await all(device)).toMatchObject([{ kind: 'update', priority: PRIORITY.medium }]);
    await device.store.write(async (tx) => {
      const record = await tx.get('records', hero.id);
      if (record) await enqueue(tx, device.world, record, 'update', PRIORITY.critical);
    });
    expect(await all(device)).toMatchObject([{ kind: 'update', priority: PRIORITY.critical }]);
  });

  test('sends what matters most first', async () => {
    const device = await createDevice(createFakeServer());
    const first = await device.heroes.create({ ...luna, name: 'First' });
    const second = await device.heroes.create({ ...luna, name: 'Second' });
    await device.store.write(async (tx) => {
      const record = await tx.get('records', second.id);
      if (record) await enqueue(tx, device.world, record, 'create', PRIORITY.high);
    });
    await device.synced();
    const serverIds = await Promise.all(
      [second, first].map(async ({ id }) => (await device.heroes.get(id)).sync.serverId),
    );
    expect(serverIds).toEqual(['server-1', 'server-2']);
  });

  test('counts what is ready, waits and has failed, by type and by operation', async () => {
    const device = await createDevice(createFakeServer());
    const hero = await device.heroes.create(luna);
    const story = await device.stories.create({ ...lighthouse, heroId: hero.id });
    await device.stories.play(story.id);
    expect(await device.queue.statistics()).toEqual({
      total: 3,
      ready: 3,
      waiting: 0,
      failed: 0,
      byType: { hero: 1, story: 2 },
      byOperation: { create: 2, play: 1 },
    });
    const [one, two, three] = await all(device);
    if (!one || !two || !three) throw new Error('There are fewer operations.');
    const now = device.world.now();
    const counted = queueStatistics(
      [one, { ...two, nextAttemptAt: now + 1 }, { ...three, exhausted: 'attempts' }],
      now,
    );
    expect(counted).toMatchObject({ total: 3, ready: 1, waiting: 1, failed: 1 });
  });

  test('keeps what was given up for inspection; it can be tried again or cleared', async () => {
    const server = createFakeServer();
    const device = await createDevice(server);
    await device.heroes.create({ ...luna, name: '' });
    await device.sync.sync();
    expect(await device.queue.exhausted()).toMatchObject([{ exhausted: 'rejected', kind: 'create' }]);
    expect((await device.queue.statistics()).failed).toBe(1);
    await device.queue.retryExhausted();
    expect(await device.queue.exhausted()).toEqual([]);
    await device.sync.sync();
    expect(await device.queue.exhausted()).toHaveLength(1);
    await device.queue.clearExhausted();
    expect(await device.queue.exhausted()).toEqual([]);
    expect((await device.heroes.list({ policy: 'cacheOnly' })).items).toEqual([]);
  });
});
