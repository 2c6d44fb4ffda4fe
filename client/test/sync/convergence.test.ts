import { expect, test } from 'vitest';
import type { EntityValue, LocalStore } from '../../src/index.js';
import { createMemoryStore } from '../../src/index.js';
import type { Device } from '../support/device.js';
import { createDevice, lighthouse, luna } from '../support/device.js';
import type { FakeServer } from '../support/fake-server.js';
import { createFakeServer, errorAnswer } from '../support/fake-server.js';
import { seededRandom } from '../support/world.js';

const HISTORIES = Number(process.env.HISTORIES ?? 150);
const FIELDS = ['name', 'age', 'title', 'content', 'isFavorite', 'playCount', 'promptSeed', 'heroId'];

interface Place {
  readonly store: LocalStore;
  device: Device;
  /** An event that only this device edits, by its title. */
  readonly own: string;
  /** The last thing this device made of it. */
  tone: string;
}

/** What a device shows, by the server's ids. */
async function shown(device: Device): Promise<Record<string, EntityValue>> {
  const records = await device.store.read((tx) => tx.all('records'));
  const serverIds = new Map(records.map(({ id, serverId }) => [id, serverId]));
  const entries = records.map(({ type, serverId, value }) => [
    `${type}:${serverId}`,
    pick({
      ...value,
      ...(value.heroId ? { heroId: serverIds.get(String(value.heroId)) ?? value.heroId } : {}),
    }),
  ]);
  return Object.fromEntries(entries);
}

const pick = (value: EntityValue): EntityValue =>
  Object.fromEntries(FIELDS.filter((field) => field in value).map((field) => [field, value[field]]));

const onServer = (server: FakeServer): Record<string, EntityValue> =>
  Object.fromEntries(server.rows().map(({ type, id, value }) => [`${type}:${id}`, pick(value ?? {})]));

async function edit(device: Device, chance: () => number, label: string): Promise<void> {
  const choose = <T>(items: readonly T[]): T | undefined => items[Math.floor(chance() * items.length)];
  const hero = choose((await device.heroes.list({ policy: 'cacheOnly' })).items);
  const story = choose((await device.stories.list({ policy: 'cacheOnly' })).items);
  const shared = (await device.customEvents.list({ policy: 'cacheOnly' })).items;
  const event = choose(shared.filter(({ title }) => !title.startsWith('own')));
  const what = Math.floor(chance() * 10);
  if (what === 0) await device.heroes.create({ ...luna, name: label });
  else if (what === 1 && hero) await device.heroes.update(hero.id, { name: label });
  else if (what === 2 && hero) await device.heroes.update(hero.id, { age: 3 + Math.floor(chance() * 9) });
  else if (what === 3 && hero) await device.stories.create({ ...lighthouse, title: label, heroId: hero.id });
  else if (what === 4 && story) await device.stories.update(story.id, { title: label });
  else if (what === 5 && story) await device.stories.update(story.id, { isFavorite: chance() < 0.5 });
  else if (what === 6 && story) await device.stories.play(story.id);
  else if (what === 7) await device.customEvents.create({ title: label, promptSeed: label });
  else if (what === 8 && event) await device.customEvents.update(event.id, { title: label });
  else if (what === 9) {
    if (chance() < 0.2 && hero) await device.heroes.delete(hero.id);
    else if (chance() < 0.5 && story) await device.stories.delete(story.id);
    else if (event) await device.customEvents.delete(event.id);
  }
}

async function editOwn(place: Place, label: string): Promise<void> {
  const { items } = await place.device.customEvents.list({ policy: 'cacheOnly' });
  const own = items.find(({ title }) => title === place.own);
  if (!own) return;
  await place.device.customEvents.update(own.id, { tone: label });
  place.tone = label;
}

async function resolveAll(device: Device, chance: () => number): Promise<number> {
  let resolved = 0;
  for (const repository of [device.heroes, device.customEvents, device.stories, device.illustrations]) {
    for (const { id } of await repository.conflicts()) {
      // Choosing one conflict may have removed the other with it.
      if (!(await device.store.read((tx) => tx.get('records', id)))) continue;
      const choices = ['mine', 'server', 'merge'] as const;
      await repository.resolve(id, choices[Math.floor(chance() * 3)] ?? 'mine');
      resolved += 1;
    }
  }
  return resolved;
}

async function runHistory(seed: number): Promise<void> {
  const chance = seededRandom(seed);
  const server = createFakeServer();
  let calm = false;
  server.fate = ({ path }) => {
    if (calm) return 'arrives';
    const die = chance();
    if (die < 0.12) return 'replyLost';
    if (die < 0.2) return 'requestLost';
    if (die < 0.28 && path.endsWith('/push')) return 'arrivesTwice';
    if (die < 0.31) return errorAnswer(503, 'ServiceUnavailable');
    if (die < 0.33) return errorAnswer(500, 'InternalServerError');
    return 'arrives';
  };
  const places: Place[] = [];
  for (const name of ['a', 'b', 'c']) {
    const store = createMemoryStore();
    const place = {
      store,
      device: await createDevice(server, { name, store }),
      own: `own ${name}`,
      tone: '',
    };
    await place.device.customEvents.create({ title: place.own, promptSeed: 'x' });
    places.push(place);
  }
  let restore: (() => void) | null = null;
  for (let step = 0; step < 60; step += 1) {
    const place = places[Math.floor(chance() * places.length)];
    if (!place) continue;
    const die = chance();
    if (die < 0.2) await editOwn(place, `${seed}.${step}`);
    else if (die < 0.6) await edit(place.device, chance, `${seed}.${step}`);
    else if (die < 0.9) {
      const syncing = place.device.sync.sync();
      if (chance() < 0.3) await edit(place.device, chance, `${seed}.${step}`);
      if (chance() < 0.3) await editOwn(place, `${seed}.${step}+`);
      await syncing;
    } else if (die < 0.95) {
      // The process ends; its timers and what it was waiting for with it.
      place.device = await createDevice(server, { name: `${step}`, store: place.store, seed: step });
    } else if (die < 0.96) await resolveAll(place.device, chance);
    else if (seed % 5 === 0 && !restore) restore = server.snapshot();
    else if (seed % 5 === 0 && restore && chance() < 0.3) {
      restore();
      restore = null;
      server.applied.clear();
    }
  }
  calm = true;
  for (let round = 0; round < 12; round += 1) {
    let resolved = 0;
    for (const { device } of places) {
      await device.queue.retryExhausted();
      const report = await device.sync.sync();
      expect(report.outcome).toBe('completed');
      resolved += await resolveAll(device, chance);
    }
    if (round > 2 && resolved === 0) break;
  }
  for (const { device } of places) {
    // Stories for a hero that is gone can be nobody's any more.
    await device.queue.clearExhausted();
    await device.synced();
  }
  for (const { device } of places) expect((await device.sync.sync()).outcome).toBe('completed');
  const truth = onServer(server);
  for (const { device } of places) {
    expect(await shown(device)).toEqual(truth);
    expect((await device.queue.statistics()).total).toBe(0);
    expect((await device.sync.sync()).pulled).toBe(0);
  }
  for (const times of server.applied.values()) expect(times).toBe(1);
  // A restored backup may have lost what was acknowledged; nothing else may.
  if (seed % 5 === 0) return;
  for (const { own, tone } of places) {
    const row = server.rows('customEvent').find(({ value }) => value?.title === own);
    expect(row?.value?.tone).toBe(tone || 'cheerful');
  }
}

test(`row 4: ${HISTORIES} random histories of three devices converge`, { timeout: 300_000 }, async () => {
  const from = Number(process.env.SEED ?? 1);
  for (let seed = from; seed < from + HISTORIES; seed += 1) {
    await runHistory(seed).catch((error: unknown) => {
      throw new Error(`seed ${seed} (SEED=${seed} HISTORIES=1)`, { cause: error });
    });
  }
});
