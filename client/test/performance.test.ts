import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { createDexieStore } from '../src/stores/dexie.js';
import { createDevice, lighthouse, luna } from './support/device.js';
import { createFakeServer } from './support/fake-server.js';

const dexie = () => createDexieStore({ indexedDB: new IDBFactory(), IDBKeyRange });

async function took(name: string, limit: number, work: () => Promise<unknown>): Promise<void> {
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  console.info(`${name}: ${ms.toFixed(1)} ms (limit ${limit})`);
  expect(ms).toBeLessThan(limit);
}

test('row 15: an optimistic write is on the screen in less than 100 ms', async () => {
  const device = await createDevice(createFakeServer(), { store: dexie() });
  const times: Record<'create' | 'update' | 'delete', number[]> = { create: [], update: [], delete: [] };
  const measured = async <T>(kind: keyof typeof times, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    times[kind].push(performance.now() - begun);
    return result;
  };
  for (let round = 0; round < 15; round += 1) {
    const { id } = await measured('create', () => device.heroes.create(luna));
    await measured('update', () => device.heroes.update(id, { name: 'Other' }));
    await measured('delete', () => device.heroes.delete(id));
  }
  for (const [kind, all] of Object.entries(times)) {
    const median = [...all].sort((a, b) => a - b)[7] ?? Number.POSITIVE_INFINITY;
    console.info(`row 15: ${kind} ${median.toFixed(1)} ms (limit 100)`);
    expect(median).toBeLessThan(100);
  }
});

test('rows 16, 17, 19 and 20: syncs of 100 heroes, ten changes and 50 creates; lists of 100', async () => {
  const server = createFakeServer();
  for (let index = 0; index < 100; index += 1) {
    server.put('hero', `h${index}`, { ...luna, name: `Hero ${index}` });
    server.put('story', `s${index}`, { ...lighthouse, heroId: `h${index}`, isFavorite: index % 2 === 0 });
  }
  const device = await createDevice(server, { store: dexie() });
  await took('row 16: full sync of 100 heroes and 100 stories', 10_000, () => device.synced());
  for (let index = 0; index < 10; index += 1) server.put('hero', `h${index}`, { age: 9 });
  await took('row 17: incremental sync of 10 changes', 2000, () => device.synced());
  await took('row 19: 100 cached heroes', 500, () => device.heroes.list({ policy: 'cacheOnly' }));
  await took('row 19: a filtered query', 500, () =>
    device.stories.find({ policy: 'cacheOnly', isFavorite: true, search: 'lighthouse' }),
  );
  for (let index = 0; index < 50; index += 1) await device.heroes.create(luna);
  const before = server.requests.length;
  await took('row 20: 50 creates sent', 3000, () => device.synced());
  expect(server.requests.length - before).toBe(2);
});
