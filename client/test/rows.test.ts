import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { STATUS_NAMES } from '../src/index.js';
import { createDevice, lighthouse, luna } from './support/device.js';
import { createFakeServer, json } from './support/fake-server.js';

/** Rows of contract §8 and §9, and numbers of §7.2, that no other test is about. */

test('§7.2: each status has the words of the contract', () => {
  expect(STATUS_NAMES).toEqual({
    synced: 'Synced',
    pendingCreate: 'Creating…',
    pendingUpdate: 'Updating…',
    pendingDelete: 'Deleting…',
    failed: 'Sync Failed',
    conflict: 'Conflict',
  });
});

test('row 36: abilities go there and back as a list, and so does the generation before', async () => {
  const server = createFakeServer();
  const [phone, tablet] = [await createDevice(server), await createDevice(server, { name: 'tablet' })];
  const specialAbilities = ['Talks to owls', 'Flies'];
  await phone.heroes.create({ ...luna, specialAbilities });
  await phone.synced();
  server.put('story', 's1', { ...lighthouse, heroId: 'server-1' });
  server.put('illustration', 'i1', { storyId: 's1', generationId: 'g2', previousGenerationId: 'g1' });
  await tablet.synced();
  expect((await tablet.heroes.get('server-1')).specialAbilities).toEqual(specialAbilities);
  const [picture] = await tablet.illustrations.ofStory('s1', { policy: 'cacheOnly' });
  expect(picture).toMatchObject({ generationId: 'g2', previousGenerationId: 'g1' });
});

test('row 27: hundreds of syncs leave no memory behind', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const server = createFakeServer();
  const device = await createDevice(server);
  for (let index = 0; index < 50; index += 1) server.put('hero', `h${index}`, luna);
  const round = async (): Promise<void> => {
    for (let index = 0; index < 200; index += 1) {
      server.put('hero', `h${index % 50}`, { age: 3 + (index % 9) });
      await device.synced();
    }
    server.requests.length = 0;
    collect();
  };
  await round();
  const before = process.memoryUsage().heapUsed;
  await round();
  await round();
  const grown = process.memoryUsage().heapUsed - before;
  console.info(`row 27: 400 syncs grew the heap by ${(grown / 1024).toFixed(0)} KiB`);
  expect(grown).toBeLessThan(3 * 1024 * 1024);
});

test('row 27: ten pictures of a story, all shown, take less than 50 MB', async () => {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  server.put('story', 's1', { ...lighthouse, heroId: 'h1' });
  for (let index = 0; index < 10; index += 1) {
    server.put('illustration', `i${index}`, { storyId: 's1', imageUrl: `/api/media/i${index}.png` });
  }
  server.route = ({ path }) =>
    path.startsWith('/api/media/') ? new Response(new Uint8Array(500_000).fill(7)) : undefined;
  const device = await createDevice(server);
  await device.synced();
  const before = process.memoryUsage();
  const shown = [];
  for (let index = 0; index < 10; index += 1)
    shown.push(await device.media.objectUrl('illustration', `i${index}`));
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  console.info(`row 27: ten pictures of 500 KB took ${(grown / 1e6).toFixed(0)} MB`);
  for (const { release } of shown) release();
  expect(grown).toBeLessThan(50e6);
});

test('§9.5: a 429 without a usable reset is waited for an hour, one with it until then', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  server.route = () =>
    json({ error: 'RateLimitExceeded', message: 'Later', operation: 'audio_generation' }, 429);
  const asked = device.assistant.generateAudio({ text: 'x', voice: 'coral', language: 'en' });
  await expect(asked).rejects.toMatchObject({ code: 'rateLimited', resetAt: device.world.now() + 3_600_000 });
  expect(device.rateLimits.waitMs('audio_generation')).toBe(3_600_000);
  const resetAt = '2026-11-21T12:10:00Z';
  server.route = () =>
    json({ error: 'RateLimitExceeded', message: 'Later', operation: 'audio_generation', resetAt }, 429);
  const again = device.assistant.generateAudio({ text: 'x', voice: 'coral', language: 'en' });
  await expect(again).rejects.toMatchObject({ resetAt: Date.parse(resetAt) });
});

test('§9.8: the whole reading journey can be asked for', async () => {
  const server = createFakeServer();
  server.route = ({ path, query }) =>
    path === '/api/analytics/activity'
      ? json({ data: { range: query.get('range'), timezone: 'UTC', activity: [] } })
      : undefined;
  const device = await createDevice(server);
  expect((await device.journey.activity('all')).range).toBe('all');
});

test('§9.9: dates with and without a fraction are understood', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  for (const resetAt of [
    '2026-11-21T12:10:00Z',
    '2026-11-21T12:10:00.000Z',
    Date.UTC(2026, 10, 21, 12, 10),
  ]) {
    server.route = () =>
      json({ data: { rateLimits: { audio_generation: { limit: 10, remaining: 0, resetAt } } } });
    await device.account.usage({ policy: 'networkOnly' });
    expect(device.rateLimits.waitMs('audio_generation')).toBe(600_000);
  }
});

test('§9.14: what was deleted elsewhere goes from here by a pull of changes only', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  server.put('hero', 'h1', luna);
  server.put('hero', 'h2', luna);
  await device.synced();
  server.remove('hero', 'h1');
  server.requests.length = 0;
  const report = await device.sync.sync();
  expect([report.pulled, server.requests.length]).toEqual([1, 1]);
  expect((await device.heroes.list({ policy: 'cacheOnly' })).items.map(({ id }) => id)).toEqual(['h2']);
});

test('§9.15: an entity has an id of this device and one of the server, whatever that looks like', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  const hero = await device.heroes.create(luna);
  const story = await device.stories.create({ ...lighthouse, heroId: hero.id });
  await device.synced();
  expect((await device.heroes.get(hero.id)).sync.serverId).toBe('server-1');
  expect(await device.stories.get(story.id)).toMatchObject({ id: story.id, heroId: hero.id });
  server.put('hero', 'cmi3/ü:7', luna);
  await device.synced();
  expect((await device.heroes.get('cmi3/ü:7')).sync.serverId).toBe('cmi3/ü:7');
});

test('§9.16: with a hero go its stories and their pictures, also when it was deleted elsewhere', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  for (const id of ['h1', 'h2']) {
    server.put('hero', id, luna);
    server.put('story', `story-of-${id}`, { ...lighthouse, heroId: id });
    server.put('illustration', `picture-of-${id}`, { storyId: `story-of-${id}` });
  }
  await device.synced();
  await device.heroes.delete('h1');
  expect((await device.stories.list({ policy: 'cacheOnly' })).items).toHaveLength(1);
  server.remove('hero', 'h2');
  await device.synced();
  expect(await device.store.read((tx) => tx.all('records'))).toEqual([]);
});
