import { describe, expect, test } from 'vitest';
import { EarshotError, readThrough } from '../src/index.js';
import { createDevice, luna } from './support/device.js';
import { createFakeServer, errorAnswer, json } from './support/fake-server.js';
import { settle } from './support/world.js';

const sources = (cached: string | undefined, fetched: string | Error) => ({
  cached: async () => cached,
  fetched: async () => {
    if (fetched instanceof Error) throw fetched;
    return fetched;
  },
});
const offline = new EarshotError('offline');

describe('the five cache policies', () => {
  test.each([
    ['cacheOnly', 'old', 'new', 'old'],
    ['networkOnly', 'old', 'new', 'new'],
    ['cacheFirst', 'old', 'new', 'old'],
    ['cacheFirst', undefined, 'new', 'new'],
    ['networkFirst', 'old', 'new', 'new'],
    ['networkFirst', 'old', offline, 'old'],
    ['cacheAndNetwork', 'old', offline, 'old'],
    ['cacheAndNetwork', undefined, 'new', 'new'],
  ] as const)(
    '%s with %s on the device and %s on the server gives %s',
    async (policy, cached, fetched, given) => {
      expect(await readThrough(policy, sources(cached, fetched))).toBe(given);
    },
  );

  test.each([
    ['cacheOnly', undefined, 'new', 'notCached'],
    ['networkOnly', 'old', offline, 'offline'],
    ['networkFirst', undefined, offline, 'offline'],
    ['networkFirst', 'old', new EarshotError('forbidden'), 'forbidden'],
  ] as const)('%s with %s and %s fails', async (policy, cached, fetched, code) => {
    await expect(readThrough(policy, sources(cached, fetched))).rejects.toMatchObject({ code });
  });

  test('cacheAndNetwork tells later what the server has', async () => {
    const later: string[] = [];
    await readThrough('cacheAndNetwork', { ...sources('old', 'new'), later: (value) => later.push(value) });
    await settle();
    expect(later).toEqual(['new']);
  });
});

test('a list is there at once and refreshed in the background, but not at every look', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  await device.synced();
  server.put('hero', 'h1', luna);
  let told = 0;
  device.heroes.subscribe(() => {
    told += 1;
  });
  expect((await device.heroes.list()).items).toEqual([]);
  await settle();
  expect(told).toBe(1);
  expect((await device.heroes.list()).items).toHaveLength(1);
  expect(server.requests).toHaveLength(2);
});

test('profile and usage fall back to what the server said last', async () => {
  const server = createFakeServer();
  server.route = ({ path }) =>
    path === '/api/user/profile' ? json({ data: { id: 'user-1', name: 'A parent' } }) : undefined;
  const device = await createDevice(server);
  await device.account.profile();
  server.fate = () => 'requestLost';
  const asked = device.account.profile();
  await device.world.pass(60_000);
  expect((await asked).name).toBe('A parent');
});

test('answers about the reading journey are kept for 300 s, and dropped after a reported session', async () => {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  server.put('story', 's1', { title: 'A', content: 'B', language: 'English', heroId: 'h1' });
  server.route = ({ path }) =>
    path === '/api/analytics/summary' ? json({ data: { currentStreak: 1 } }) : undefined;
  const device = await createDevice(server);
  await device.synced();
  const asked = (): number => server.requests.filter(({ path }) => path.includes('analytics')).length;
  await device.journey.summary();
  await device.journey.summary();
  expect(asked()).toBe(1);
  await device.world.pass(300_001);
  await device.journey.summary();
  expect(asked()).toBe(2);
  await device.listening.start('s1');
  await device.listening.finish({ heard: 60, completed: true });
  await device.journey.summary();
  expect(asked()).toBe(3);
});

test('generation is refused offline with a clear word, and a kept wish is fulfilled once', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  const hero = await device.heroes.create(luna);
  const wish = { heroId: hero.id, language: 'English', eventType: 'Rainy Day Magic' };
  await expect(device.generation.story(wish)).rejects.toMatchObject({ code: 'notUploaded' });
  await device.synced();
  device.manual.set({ connected: false });
  await expect(device.generation.story(wish)).rejects.toMatchObject({ code: 'offline' });
  await device.generation.later({ kind: 'story', request: wish });
  const keys: (string | null)[] = [];
  server.route = ({ path, method, headers, body }) => {
    if (path !== '/api/stories' || method !== 'POST') return undefined;
    keys.push(headers.get('idempotency-key'));
    if (keys.length === 1) return errorAnswer(503, 'ServiceUnavailable');
    const { heroId } = body as { heroId: string };
    return json(
      {
        data: server.put('story', 'told', { title: 'Told', content: 'Once', language: 'English', heroId })
          .value,
      },
      201,
    );
  };
  device.manual.set({ connected: true });
  const run = device.generation.runWaiting();
  await device.world.pass(10_000);
  expect(await run).toBe(1);
  expect(new Set(keys).size).toBe(1);
  expect(await device.generation.waiting()).toEqual([]);
  await device.synced();
  const { items } = await device.stories.list({ policy: 'cacheOnly' });
  expect(items.map(({ title, heroId }) => [title, heroId])).toEqual([['Told', hero.id]]);
});
