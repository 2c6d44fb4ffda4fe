import type { EarshotClient, EntityType, EntityValue } from '../../../src/index.js';
import { seededRandom, settle } from '../../support/world.js';
import type { Device } from './device.js';
import { startDevice } from './device.js';
import type { Ledger } from './ledger.js';
import { birthOf, bornAs, createLedger } from './ledger.js';
import type { MortalServer } from './mortal-server.js';
import type { Post } from './post.js';
import { deliverLate } from './post.js';
import { createWitness } from './witness.js';

/** What one history was made of. */
export interface HistoryReport {
  readonly devices: number;
  readonly edits: number;
  readonly crashes: number;
  readonly conflicts: number;
  /** Those that a person had to decide. */
  readonly questions: number;
  readonly requests: number;
}

interface Place {
  readonly device: Device;
  readonly name: string;
  /** The tone that this device last gave to the event that is its own. */
  tone: string;
}

interface Household {
  readonly post: Post;
  readonly places: readonly Place[];
  readonly ledger: Ledger;
  readonly chance: () => number;
  /** Listening is counted as playing is, but not beside it, so a history has the one or the other. */
  readonly listens: boolean;
  edits: number;
  crashes: number;
  conflicts: number;
  questions: number;
}

/** By seed. */
const DEVICES = [5, 3, 3, 4, 3];
const STEPS = 30;
const DAY_MS = 24 * 3_600_000;
/** Rounds in which everybody syncs and answers all questions, until there are none. */
const ROUNDS = 20;

/**
 * One owner with three to five devices that edit, delete, play, sync, fall offline and crash at random, over a network that
 * loses, doubles and delays, on a server that may be killed meanwhile. Then everything becomes calm, and all must be equal.
 *
 * @throws Error with all that is not as it has to be
 */
export async function runHistory(
  seed: number,
  server: MortalServer,
  signUp: () => Promise<string>,
): Promise<HistoryReport> {
  const chance = seededRandom(seed);
  const token = await signUp();
  const post: Post = { server, witness: createWitness(), late: [], calm: false, requests: 0 };
  const places: Place[] = [];
  const household: Household = {
    post,
    places,
    ledger: createLedger(),
    chance,
    listens: seed % 3 === 0,
    edits: 0,
    crashes: 0,
    conflicts: 0,
    questions: 0,
  };
  const onConflict = (): void => {
    household.conflicts += 1;
  };
  try {
    for (let index = 0; index < (DEVICES[seed % DEVICES.length] ?? 3); index += 1) {
      const name = `${seed}-${'abcde'[index]}`;
      const skew = Math.round((chance() - 0.5) * (index === 1 ? 800 : 0.01) * DAY_MS);
      const onFiles = index === 0 && seed % 4 === 0;
      const device = await startDevice({
        post,
        token,
        name,
        seed: seed * 16 + index,
        skew,
        onFiles,
        onConflict,
      });
      const place = { device, name, tone: 'cheerful' };
      places.push(place);
      await makeEvent(household, place, ownBirth(place));
    }
    for (let step = 0; step < STEPS; step += 1) await takeStep(household, `${seed}.${step}`);
    await settleDown(household);
    await judge(household, token);
  } finally {
    for (const { device } of places) await device.remove();
  }
  const { edits, crashes, conflicts, questions } = household;
  return { devices: places.length, edits, crashes, conflicts, questions, requests: post.requests };
}

const ownBirth = ({ name }: Place): string => `own of ${name}`;
const choose = <T>(chance: () => number, items: readonly T[]): T | undefined =>
  items[Math.floor(chance() * items.length)];

async function takeStep(household: Household, label: string): Promise<void> {
  const { chance, places, post } = household;
  const place = choose(chance, places);
  if (!place) return;
  const { device } = place;
  const die = chance();
  if (die < 0.42) {
    for (let times = 1 + Math.floor(chance() * 3); times > 0; times -= 1)
      await edit(household, place, `${label}.${times}`);
  } else if (die < 0.48) await editOwn(household, place, label);
  else if (die < 0.74) {
    const syncing = device.client.sync.sync();
    if (chance() < 0.3) await edit(household, place, `${label}+`);
    if (chance() < 0.3) await editOwn(household, place, `${label}+`);
    await syncing;
  } else if (die < 0.82) await Promise.all(places.map((each) => each.device.client.sync.sync()));
  else if (die < 0.89) await crashInSync(household, device);
  else if (die < 0.93) {
    const { connected } = device.network.state();
    device.network.set({ connected: !connected });
  } else if (die < 0.95) await answerQuestions(household, device.client);
  else if (die < 0.98) await deliverLate(post, chance);
  else await device.world.pass(Math.round(chance() * 600_000));
}

/** The process ends at some moment of a sync: before a request, between two, or in the middle of writing an answer down. */
async function crashInSync(household: Household, device: Device): Promise<void> {
  const { chance } = household;
  let over = false;
  const end = (): void => {
    over = true;
  };
  device.client.sync.sync().then(end, end);
  for (let turns = Math.floor(chance() * 8); turns > 0 && !over; turns -= 1) await settle();
  household.crashes += 1;
  await device.crash();
}

async function makeEvent({ ledger }: Household, { device }: Place, birth: string): Promise<void> {
  ledger.born('customEvent', birth);
  await device.client.customEvents.create({
    title: birth,
    promptSeed: birth,
    ...bornAs('customEvent', birth),
  });
}

async function edit(household: Household, { device }: Place, label: string): Promise<void> {
  const { chance, ledger, listens } = household;
  const { heroes, stories, customEvents, listening } = device.client;
  const hero = choose(chance, (await heroes.list({ policy: 'cacheOnly' })).items);
  const story = choose(chance, (await stories.list({ policy: 'cacheOnly' })).items);
  const events = (await customEvents.list({ policy: 'cacheOnly' })).items;
  const event = choose(
    chance,
    events.filter(({ description }) => !description.startsWith('own')),
  );
  household.edits += 1;
  const what = Math.floor(chance() * 12);
  if (what === 0 || !hero) {
    ledger.born('hero', label);
    await heroes.create({ name: label, age: 6, traits: ['Brave'], ...bornAs('hero', label) });
  } else if (what === 1) await heroes.update(hero.id, { name: label });
  else if (what === 2) await heroes.update(hero.id, { age: 3 + Math.floor(chance() * 9) });
  else if (what === 3 || !story) {
    ledger.born('story', label, birthOf('hero', { ...hero }));
    await stories.create({
      heroId: hero.id,
      title: label,
      content: label,
      language: 'English',
      ...(event && chance() < 0.4 && { customEventId: event.id }),
    });
  } else if (what === 4) await stories.update(story.id, { title: label });
  else if (what === 5) await stories.update(story.id, { isFavorite: chance() < 0.5 });
  else if (what === 6) {
    ledger.heard(birthOf('story', { ...story }));
    if (!listens) await stories.play(story.id);
    else {
      await listening.start(story.id);
      await listening.finish({ heard: 60, completed: true });
    }
  } else if (what === 7 || !event) await makeEvent(household, { device, name: '', tone: '' }, label);
  else if (what === 8) await customEvents.update(event.id, { title: label });
  else if (what === 9 && chance() < 0.5) {
    ledger.doom(birthOf('customEvent', { ...event }));
    await customEvents.delete(event.id);
  } else if (what === 10 && chance() < 0.6) {
    ledger.doom(birthOf('story', { ...story }));
    await stories.delete(story.id);
  } else if (what === 11 && chance() < 0.3) {
    ledger.doom(birthOf('hero', { ...hero }));
    await heroes.delete(hero.id);
  }
}

/** Nobody else edits it, so what is written last has to last. */
async function editOwn(household: Household, place: Place, label: string): Promise<void> {
  const { customEvents } = place.device.client;
  const { items } = await customEvents.list({ policy: 'cacheOnly' });
  const own = items.find(({ description }) => description === ownBirth(place));
  if (!own) throw new Error(`${place.name} has lost its own event`);
  await customEvents.update(own.id, { tone: label });
  household.edits += 1;
  place.tone = label;
}

async function answerQuestions(household: Household, client: EarshotClient): Promise<number> {
  const { chance, ledger } = household;
  let answered = 0;
  for (const type of ['hero', 'customEvent', 'story'] as const) {
    const repository = { hero: client.heroes, customEvent: client.customEvents, story: client.stories }[type];
    for (const item of await repository.conflicts()) {
      // Answering one question may have removed the other with it.
      if (!(await client.store.read((tx) => tx.get('records', item.id)))) continue;
      const choice = choose(chance, ['mine', 'server', 'merge'] as const) ?? 'mine';
      if (item.sync.conflict?.server === null) {
        const birth = birthOf(type, { ...item });
        ledger.doom(birth);
        if (choice !== 'server') ledger.copied(birth);
      }
      await repository.resolve(item.id, choice);
      answered += 1;
    }
  }
  household.questions += answered;
  return answered;
}

/** One sync that reaches its end; only a server that is being killed may break it off. @returns how much it moved */
async function syncThrough(client: EarshotClient): Promise<number> {
  let moved = 0;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const { outcome, pushed, pulled, error } = await client.sync.sync();
    moved += pushed + pulled;
    if (outcome === 'completed') return moved;
    if (outcome !== 'interrupted') throw error ?? new Error(`a sync ended ${outcome}`);
  }
  throw new Error('50 syncs in a row were broken off');
}

/** Everybody syncs until a whole round of syncs has moved nothing any more. */
async function settleDown(household: Household): Promise<void> {
  const { post, places, chance } = household;
  post.calm = true;
  for (const { device } of places) {
    device.network.set({ connected: true });
    await device.client.queue.retryExhausted();
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = 0;
    for (const { device } of places) {
      moved += await syncThrough(device.client);
      moved += await answerQuestions(household, device.client);
    }
    moved += await deliverLate(post, chance);
    if (moved > 0) continue;
    // Stories for a hero that is gone can be nobody's any more.
    for (const { device } of places) {
      moved += (await device.client.queue.exhausted()).length;
      await device.client.queue.clearExhausted();
    }
    if (moved === 0) return;
  }
  throw new Error(`After ${ROUNDS} rounds there still is something to sync`);
}

async function judge(household: Household, token: string): Promise<void> {
  const { post, places, ledger } = household;
  const entities = await allOf(household, token);
  const complaints = [...post.witness.complaints, ...ledger.judge(entities)];
  const truth = Object.fromEntries(entities.map(({ type, value }) => [`${type}:${value.id}`, plain(value)]));
  for (const place of places) {
    const { client } = place.device;
    complaints.push(...differences(place.name, truth, await shown(client)));
    complaints.push(...(await untold(client)).map((what) => `${place.name} still has to tell ${what}`));
    const own = entities.find(({ value }) => value.description === ownBirth(place));
    if (own?.value.tone !== place.tone)
      complaints.push(`the event of ${place.name} has the tone ${own?.value.tone}, not ${place.tone}`);
  }
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}

/** What a device has not told the server, by what it is. */
const untold = (client: EarshotClient): Promise<string[]> =>
  client.store.read(async (tx) => [
    ...(await tx.all('operations')).map((operation) => `the operation ${JSON.stringify(operation)}`),
    ...(await tx.all('listening')).map((report) => `the listening ${JSON.stringify(report)}`),
    ...(await tx.all('records'))
      .filter(({ status, pendingPlays }) => status !== 'synced' || pendingPlays > 0)
      .map((record) => `the record ${JSON.stringify(record)}`),
  ]);

/** Everything the server has, read from the beginning; every now and then it is compared with what its lists tell. */
async function allOf(
  { post, chance }: Household,
  token: string,
): Promise<{ readonly type: EntityType; readonly value: EntityValue }[]> {
  const ask = async (path: string) => {
    for (;;) {
      const url = await post.server.url();
      try {
        const answer = await fetch(`${url}/api/${path}`, { headers: { authorization: `Bearer ${token}` } });
        if (answer.ok) return (await answer.json()).data;
        throw new Error(`GET ${path} answered ${answer.status}`);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
    }
  };
  const found: { type: EntityType; value: EntityValue }[] = [];
  for (let since = 0, more = true; more; ) {
    const page = await ask(`sync/changes?since=${since}&limit=50`);
    for (const { type, value } of page.changes) if (value !== null) found.push({ type, value });
    since = page.next;
    more = page.hasMore;
  }
  if (chance() < 0.8) return found;
  for (const [type, path, plural] of [
    ['hero', 'heroes', 'heroes'],
    ['story', 'stories', 'stories'],
    ['customEvent', 'custom-events', 'customEvents'],
  ] as const) {
    const listed: { id: string; version: number }[] = (await ask(`${path}?limit=100`))[plural];
    const told = found
      .filter((each) => each.type === type)
      .map(({ value }) => `${value.id} ${value.version}`);
    const lists = listed.map(({ id, version }) => `${id} ${version}`);
    if (told.sort().join() !== lists.sort().join())
      throw new Error(`The list of ${path} tells something else than the changes:\n${lists}\n${told}`);
  }
  return found;
}

/** Without what is counted or signed anew in each answer. */
function plain({ _count, avatarUrl, audioUrl, pictogramUrl, ...value }: EntityValue): EntityValue {
  return value;
}

/** What a device has, by the server's ids. */
async function shown(client: EarshotClient): Promise<Record<string, EntityValue>> {
  const records = await client.store.read((tx) => tx.all('records'));
  const serverIds = new Map(records.map(({ id, serverId }) => [id, serverId]));
  const named = (value: EntityValue): EntityValue =>
    Object.fromEntries(
      ['id', 'heroId', 'customEventId'].flatMap((field) =>
        typeof value[field] === 'string' ? [[field, serverIds.get(value[field]) ?? value[field]]] : [],
      ),
    );
  return Object.fromEntries(
    records.map(({ type, serverId, value }) => [`${type}:${serverId}`, plain({ ...value, ...named(value) })]),
  );
}

function differences(
  name: string,
  truth: Readonly<Record<string, EntityValue>>,
  device: Readonly<Record<string, EntityValue>>,
): readonly string[] {
  return [...new Set([...Object.keys(truth), ...Object.keys(device)])].flatMap((key) => {
    const [there, here] = [truth[key], device[key]];
    if (!there) return [`${name} has ${key}, which is not on the server: ${JSON.stringify(here)}`];
    if (!here) return [`${name} has not got ${key}`];
    const fields = Object.keys({ ...there, ...here }).filter(
      (field) => JSON.stringify(there[field] ?? null) !== JSON.stringify(here[field] ?? null),
    );
    return fields.map(
      (field) =>
        `${name} has ${key} with ${field} ${JSON.stringify(here[field])}, not ${JSON.stringify(there[field])}`,
    );
  });
}
