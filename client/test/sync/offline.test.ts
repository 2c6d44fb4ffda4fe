import { expect, test } from 'vitest';
import { createMemoryStore, defaultConflictPolicies } from '../../src/index.js';
import { pull } from '../../src/sync/pull.js';
import { createDevice, lighthouse, luna } from '../support/device.js';
import { createFakeServer, errorAnswer } from '../support/fake-server.js';
import { settle } from '../support/world.js';

test('row 3: everything can be created, edited and deleted with the network off, and reaches the server later', async () => {
  const server = createFakeServer();
  server.put('hero', 'old-hero', { ...luna, name: 'Old' });
  server.put('story', 'old-story', { ...lighthouse, heroId: 'old-hero' });
  server.put('customEvent', 'old-event', { title: 'Pool', promptSeed: 'Floating' });
  const device = await createDevice(server);
  await device.synced();
  device.manual.set({ connected: false });
  const sent = server.requests.length;

  const hero = await device.heroes.create(luna);
  const event = await device.customEvents.create({ title: 'Zoo', promptSeed: 'Animals' });
  const story = await device.stories.create({ ...lighthouse, heroId: hero.id, customEventId: event.id });
  await device.heroes.update('old-hero', { name: 'Renamed' });
  await device.stories.update('old-story', { title: 'Retitled', isFavorite: true });
  await device.customEvents.delete('old-event');
  expect(hero.sync).toMatchObject({ status: 'pendingCreate', statusName: 'Creating…' });
  const listed = await device.stories.list();
  expect(listed.items.map(({ title }) => title).sort()).toEqual([story.title, 'Retitled'].sort());
  expect(listed.pendingCount).toBe(2);
  expect((await device.customEvents.list()).items.map(({ title }) => title)).toEqual(['Zoo']);
  expect(await device.pendingCount()).toBe(6);
  expect((await device.sync.sync()).outcome).toBe('offline');
  expect(server.requests).toHaveLength(sent);

  device.manual.set({ connected: true });
  await device.synced();
  expect(
    server
      .rows('hero')
      .map(({ value }) => value?.name)
      .sort(),
  ).toEqual(['Luna', 'Renamed']);
  const uploaded = server.rows('story').find(({ value }) => value?.title === lighthouse.title);
  expect(uploaded?.value).toMatchObject({
    heroId: server.rows('hero').find(({ value }) => value?.name === 'Luna')?.id,
    customEventId: server.rows('customEvent')[0]?.id,
  });
  expect(server.rows('customEvent').map(({ value }) => value?.title)).toEqual(['Zoo']);
  expect(await device.pendingCount()).toBe(0);
  // The local id stays; the references of this device as well.
  expect((await device.stories.get(story.id)).heroId).toBe(hero.id);
});

test('row 4: a lost reply, a crash before it and a repetition apply each mutation once', async () => {
  const server = createFakeServer();
  const store = createMemoryStore();
  const device = await createDevice(server, { store });
  const hero = await device.heroes.create(luna);
  server.fate = ({ path }) => (path.endsWith('/push') ? 'replyLost' : 'arrives');
  expect((await device.sync.sync()).outcome).toBe('interrupted');
  // Edited while nobody knows whether the create has happened.
  await device.heroes.update(hero.id, { name: 'Luna the Brave' });
  // The process ends here; another one begins on the same store.
  const reborn = await createDevice(server, { store, name: 'reborn' });
  server.fate = () => 'arrivesTwice';
  await reborn.synced();
  expect(server.rows('hero').map(({ value }) => value?.name)).toEqual(['Luna the Brave']);
  expect([...server.applied.values()].every((times) => times === 1)).toBe(true);
  expect((await reborn.heroes.list({ policy: 'cacheOnly' })).items.map(({ sync }) => sync.status)).toEqual([
    'synced',
  ]);
});

test('row 4: what comes by a pull before the answer to its create does not stay twice', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  const hero = await device.heroes.create(luna);
  await device.stories.create({ ...lighthouse, heroId: hero.id });
  server.fate = ({ path }) => (path.endsWith('/push') ? 'replyLost' : 'arrives');
  await device.sync.sync();
  // Only a pull gets through, as from another tab.
  const [row] = server.rows('hero');
  if (!row?.value) throw new Error('The hero did not arrive.');
  await pull(
    {
      store: device.store,
      http: device.http,
      environment: device.world,
      policies: defaultConflictPolicies,
      onConflict: () => undefined,
    },
    { signal: new AbortController().signal, ignoreBackoff: false },
    { pushed: 0, pulled: 0, conflicts: 0, failed: 0 },
  );
  expect((await device.heroes.list({ policy: 'cacheOnly' })).items).toHaveLength(2);
  server.fate = () => 'arrives';
  await device.synced();
  const { items } = await device.heroes.list({ policy: 'cacheOnly' });
  expect(items.map(({ id, sync }) => [id, sync.serverId])).toEqual([[hero.id, row.id]]);
  expect((await device.stories.list({ policy: 'cacheOnly' })).items.map(({ heroId }) => heroId)).toEqual([
    hero.id,
  ]);
  expect(server.rows('story')).toHaveLength(1);
});

test('what is made and deleted before it was sent never reaches the server; an edit before a create is part of it', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  const gone = await device.heroes.create(luna);
  const orphan = await device.stories.create({ ...lighthouse, heroId: gone.id });
  await device.heroes.delete(gone.id);
  await expect(device.stories.get(orphan.id, { policy: 'cacheOnly' })).rejects.toMatchObject({
    code: 'notCached',
  });
  const event = await device.customEvents.create({ title: 'Zoo', promptSeed: 'Animals' });
  await device.customEvents.update(event.id, { title: 'Big zoo', isFavorite: true });
  expect((await device.queue.statistics()).byOperation).toEqual({ create: 1 });
  await device.synced();
  expect(server.rows().map(({ value }) => [value?.title, value?.isFavorite])).toEqual([['Big zoo', true]]);
});

test('an update followed by a delete is one delete', async () => {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  const device = await createDevice(server);
  await device.synced();
  await device.heroes.update('h1', { name: 'Other' });
  await device.heroes.delete('h1');
  expect((await device.queue.statistics()).byOperation).toEqual({ delete: 1 });
  await device.synced();
  expect(server.rows()).toEqual([]);
});

test('what the server refuses stays visible as failed with its reason, and goes after it was mended', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  const bad = await device.heroes.create({ ...luna, name: '' });
  await device.heroes.create({ ...luna, name: 'Good' });
  await device.synced();
  const { items, pendingCount } = await device.heroes.list({ policy: 'cacheOnly' });
  expect(pendingCount).toBe(1);
  expect(items.find(({ id }) => id === bad.id)?.sync).toMatchObject({
    status: 'failed',
    statusName: 'Sync Failed',
    error: 'name: must not be empty',
  });
  expect(await device.queue.statistics()).toMatchObject({ total: 1, ready: 0, failed: 1 });
  await device.heroes.update(bad.id, { name: 'Better' });
  await device.synced();
  expect(server.rows('hero')).toHaveLength(2);
  expect(await device.pendingCount()).toBe(0);
});

test('an item that breaks the server is found by halving, tried five times, kept, and does not hold up the others', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  for (const name of ['a', 'b', 'poison', 'c']) await device.heroes.create({ ...luna, name });
  server.fate = ({ body }) =>
    JSON.stringify(body ?? '').includes('poison') ? errorAnswer(500, 'InternalServerError') : 'arrives';
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await device.sync.sync({ trigger: 'write' });
    await device.world.pass(400_000);
  }
  expect(server.rows('hero').map(({ value }) => value?.name)).toEqual(['a', 'b', 'c']);
  expect(await device.queue.statistics()).toMatchObject({ total: 1, failed: 1 });
  const [operation] = await device.queue.exhausted();
  expect(operation).toMatchObject({ attemptCount: 5, exhausted: 'attempts' });
  server.fate = () => 'arrives';
  await device.queue.retryExhausted();
  await device.synced();
  expect(server.rows('hero')).toHaveLength(4);
});

test('plays of two devices add up, and a play that was lost on the way counts once', async () => {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  server.put('story', 's1', { ...lighthouse, heroId: 'h1' });
  const [one, two] = [await createDevice(server), await createDevice(server, { name: 'two' })];
  await Promise.all([one.synced(), two.synced()]);
  await one.stories.play('s1');
  expect((await one.stories.play('s1')).playCount).toBe(2);
  await two.stories.play('s1');
  server.fate = () => 'replyLost';
  await one.sync.sync();
  server.fate = () => 'arrives';
  for (const device of [one, two, one]) await device.synced();
  expect(server.rows('story')[0]?.value?.playCount).toBe(3);
  for (const device of [one, two]) expect((await device.stories.get('s1')).playCount).toBe(3);
});

test('deleting a hero hides its stories at once and removes them when the server has', async () => {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  server.put('story', 's1', { ...lighthouse, heroId: 'h1' });
  const device = await createDevice(server);
  await device.synced();
  await device.heroes.delete('h1');
  expect((await device.stories.list({ policy: 'cacheOnly' })).items).toEqual([]);
  await device.synced();
  expect(server.rows()).toEqual([]);
  expect(await device.store.read((tx) => tx.all('records'))).toEqual([]);
});

test('a restored server is read anew: what it lost goes, what is pending stays and is sent', async () => {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  server.put('hero', 'h2', { ...luna, name: 'Second' });
  const restore = server.snapshot();
  server.put('hero', 'h3', { ...luna, name: 'Lost' });
  const device = await createDevice(server);
  await device.synced();
  await device.heroes.update('h1', { name: 'Edited here' });
  await device.heroes.create({ ...luna, name: 'Made here' });
  restore();
  await device.synced();
  const names = (await device.heroes.list({ policy: 'cacheOnly' })).items.map(({ name }) => name).sort();
  expect(names).toEqual(['Edited here', 'Made here', 'Second']);
  expect(
    server
      .rows('hero')
      .map(({ value }) => value?.name)
      .sort(),
  ).toEqual(names);
});

test('row 32: an idle sync is one request, ten changes are ten rows, and nothing is read twice', async () => {
  const server = createFakeServer();
  for (let index = 0; index < 1200; index += 1)
    server.put('hero', `h${index}`, { ...luna, name: `Hero ${index}` });
  const device = await createDevice(server);
  expect((await device.sync.sync()).pulled).toBe(1200);
  expect(server.requests).toHaveLength(3);
  for (let index = 0; index < 10; index += 1) server.put('hero', `h${index}`, { name: 'Changed' });
  server.requests.length = 0;
  expect((await device.sync.sync()).pulled).toBe(10);
  expect((await device.sync.sync()).pulled).toBe(0);
  expect(server.requests.map(({ query }) => query.get('since'))).toEqual(['1200', '1210']);
});

test('a call while a sync is running begins nothing', async () => {
  const server = createFakeServer();
  const device = await createDevice(server);
  const [one, two] = await Promise.all([device.sync.sync(), device.sync.sync()]);
  expect(one).toBe(two);
  expect(server.requests).toHaveLength(1);
});

test('a refresh never overwrites what was changed here', async () => {
  const server = createFakeServer();
  server.put('hero', 'h1', luna);
  const device = await createDevice(server);
  await device.synced();
  let typed = false;
  server.fate = ({ path }) => {
    if (path.endsWith('/changes') && !typed) {
      typed = true;
      server.put('hero', 'h1', { age: 9 });
      device.heroes.update('h1', { name: 'Typed during the sync' }).catch(() => undefined);
    }
    return 'arrives';
  };
  await device.sync.sync();
  await settle();
  await device.synced();
  expect(server.rows('hero')[0]?.value).toMatchObject({ name: 'Typed during the sync', age: 9 });
  expect(await device.heroes.get('h1')).toMatchObject({ name: 'Typed during the sync', age: 9 });
});
