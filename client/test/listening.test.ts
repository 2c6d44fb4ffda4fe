import { expect, test } from 'vitest';
import { createMemoryStore } from '../src/index.js';
import { createDevice, lighthouse, luna } from './support/device.js';
import { createFakeServer } from './support/fake-server.js';

const HOUR = 3_600_000;

async function withStory() {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  server.put('story', 's1', { ...lighthouse, heroId: 'h1' });
  const store = createMemoryStore();
  const device = await createDevice(server, { store });
  await device.synced();
  return { server, store, device };
}

const listens = (server: ReturnType<typeof createFakeServer>) =>
  server.requests.flatMap(({ path, body }) =>
    path.endsWith('/push')
      ? (body as { mutations: { op: string; fields?: unknown; id?: string }[] }).mutations.filter(
          ({ op }) => op === 'listen',
        )
      : [],
  );

test('less than five seconds is no listening', async () => {
  const { device } = await withStory();
  await device.listening.start('s1');
  await device.listening.finish({ heard: 4.9, completed: false });
  expect(await device.listening.pendingCount()).toBe(0);
});

test('a session is reported once, also when its answer is lost', async () => {
  const { server, device } = await withStory();
  await device.listening.start('s1');
  await device.world.pass(90_000);
  await device.listening.finish({ heard: 88.7, completed: true });
  server.fate = () => 'replyLost';
  await device.sync.sync();
  server.fate = () => 'arrives';
  await device.synced();
  expect(listens(server)).toHaveLength(2);
  expect(listens(server)[0]).toMatchObject({ id: 's1', fields: { duration: 88, completed: true } });
  expect([...server.applied.values()]).toEqual([1]);
  expect(await device.listening.pendingCount()).toBe(0);
});

test('a session that the end of the app interrupted is reported as not completed, unless it is older than a day', async () => {
  for (const hours of [23, 25]) {
    const { server, store, device } = await withStory();
    await device.listening.start('s1');
    await device.listening.save(40);
    const reborn = await createDevice(server, { store, name: 'reborn' });
    await reborn.world.pass(hours * HOUR);
    await reborn.listening.recover();
    await reborn.synced();
    expect(listens(server).map(({ fields }) => fields)).toEqual(
      hours === 23 ? [expect.objectContaining({ duration: 40, completed: false })] : [],
    );
  }
});

test('the newest 50 reports are kept, for seven days', async () => {
  const { device } = await withStory();
  for (let index = 0; index < 60; index += 1) {
    await device.listening.start('s1');
    await device.world.pass(60_000);
    await device.listening.finish({ heard: 30, completed: false });
  }
  expect(await device.listening.pendingCount()).toBe(50);
  await device.world.pass(7 * 24 * HOUR + 1);
  await device.listening.recover();
  expect(await device.listening.pendingCount()).toBe(0);
});

test('of a story that is gone nothing is reported', async () => {
  const { server, device } = await withStory();
  server.put('story', 's2', { ...lighthouse, heroId: 'h1' });
  await device.synced();
  await device.listening.start('s1');
  await device.listening.finish({ heard: 40, completed: true });
  await device.listening.start('s2');
  server.remove('hero', 'h1');
  await device.sync.sync();
  await device.listening.finish({ heard: 40, completed: true });
  expect(await device.listening.pendingCount()).toBe(0);
});
