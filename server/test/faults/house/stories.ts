import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, signIn, someKey } from '../../support/speech-client.js';
import { answered, ask, notOnce, type Resident, untilDone } from './resident.js';

interface Mutation {
  readonly mutationId: string;
  readonly type: 'hero';
  readonly op: 'create' | 'update' | 'delete';
  readonly id?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

interface SyncMemory {
  readonly key: string;
  /** Heroes made so far. */
  count: number;
  mutations: number;
  /** The name of each living hero by its id. */
  readonly names: Record<string, string>;
  readonly deleted: string[];
}

const HERO = { age: 7, traits: ['Kind'] };
/** Living heroes that a device keeps about. */
const HEROES = 40;

/** A device that makes, renames and deletes heroes, and pushes it all until it is acknowledged. */
export async function storiesDevice(url: string, remembered?: unknown): Promise<Resident> {
  const memory =
    (remembered as SyncMemory) ??
    ({ key: someKey(), count: 0, mutations: 0, names: {}, deleted: [] } satisfies SyncMemory);
  const { names, deleted } = memory;
  const { token } = await signIn(url, memory.key);
  const headers = { authorization: `Bearer ${token}` };
  let pending: Mutation[] = [];

  const newName = () => {
    memory.count += 1;
    return `Hero ${memory.count}`;
  };
  const begin = (): Mutation[] => {
    const living = Object.keys(names);
    const mutation = (op: Mutation['op'], more: Pick<Mutation, 'id' | 'fields'>): Mutation => ({
      mutationId: randomUUID(),
      type: 'hero',
      op,
      ...more,
    });
    const [oldest, next] = living;
    const renamed = living.length > 2 ? next : undefined;
    return [
      mutation('create', { fields: { ...HERO, name: newName() } }),
      mutation('create', { fields: { ...HERO, name: newName() } }),
      ...(renamed ? [mutation('update', { id: renamed, fields: { name: newName() } })] : []),
      ...(oldest && living.length > HEROES ? [mutation('delete', { id: oldest })] : []),
    ];
  };
  const push = async (): Promise<Answer | null> => {
    if (pending.length === 0) pending = begin();
    const body = { deviceId: 'phone', mutations: pending };
    const answer = await ask(`${url}/api/sync/push`, { headers, body });
    if (answer?.status !== 200) return answer;
    const results: { status: string; id: string }[] = answer.json.data.results;
    for (const [index, { op, fields }] of pending.entries()) {
      const { status, id } = results[index] ?? { status: 'nothing', id: '' };
      if (!['applied', 'duplicate'].includes(status))
        throw new Error(`A mutation was answered with ${JSON.stringify(results[index])}`);
      memory.mutations += 1;
      if (op === 'delete') {
        delete names[id];
        deleted.push(id);
      } else names[id] = String(fields?.name);
    }
    pending = [];
    return answer;
  };

  return {
    app: 'stories',
    get acknowledged() {
      return memory.mutations;
    },
    step: async () => {
      await push();
    },
    settle: async () => {
      await untilDone('a push', push, () => pending.length === 0);
    },
    judge: async () => {
      const changes: { id: string; deleted: boolean; value: { name: string } | null }[] = [];
      for (let since = 0, hasMore = true; hasMore; ) {
        const { data } = (await answered(`${url}/api/sync/changes?since=${since}`, { headers })).json;
        changes.push(...data.changes);
        since = data.next;
        hasMore = data.hasMore;
      }
      const of = (isDeleted: boolean) => changes.filter((change) => change.deleted === isDeleted);
      return [
        ...notOnce(
          'hero',
          of(false).map(({ id, value }) => `${id} ${value?.name}`),
          { acknowledged: Object.entries(names).map(([id, name]) => `${id} ${name}`) },
        ),
        ...notOnce(
          'tombstone',
          of(true).map(({ id }) => id),
          { acknowledged: deleted },
        ),
      ];
    },
    remember: () => memory,
  };
}

interface ReaderMemory {
  readonly key: string;
  readonly heroId: string;
  /** Titles of stories by their ids. */
  readonly stories: Record<string, string>;
  count: number;
}

/** Of the story that stands in for what a model writes. */
const SHORTEST_STORY = 400;

/** A parent who orders stories, each under an `Idempotency-Key` until it is there. */
export async function storyReader(url: string, remembered?: unknown): Promise<Resident> {
  const known = remembered as ReaderMemory | undefined;
  const key = known?.key ?? someKey();
  const { token } = await signIn(url, key);
  const headers = { authorization: `Bearer ${token}` };
  const memory = known ?? { key, heroId: await newHero(), stories: {}, count: 0 };
  const { heroId, stories } = memory;
  let pending: string | null = null;

  async function newHero(): Promise<string> {
    const answer = await ask(`${url}/api/v1/heroes`, { headers, body: { name: 'Luna', ...HERO } });
    if (answer?.status !== 201)
      throw new Error(`A hero was answered with ${answer?.status}: ${answer?.text}`);
    return answer.json.data.id;
  }
  const order = async (): Promise<Answer | null> => {
    if (pending === null) {
      memory.count += 1;
      pending = `Story ${memory.count}`;
    }
    const answer = await ask(`${url}/api/v1/stories`, {
      headers: { ...headers, 'idempotency-key': pending.replace(' ', '-') },
      body: { heroId, language: 'English', eventType: 'Rainy Day Magic', title: pending },
    });
    if (answer?.status !== 201) return answer;
    stories[answer.json.data.id] = pending;
    pending = null;
    return answer;
  };

  return {
    app: 'stories',
    get acknowledged() {
      return Object.keys(stories).length;
    },
    step: async () => {
      await order();
      // Few and large beside what the others write.
      await sleep(1_000);
    },
    settle: async () => {
      await untilDone('a story', order, () => pending === null);
    },
    judge: async () => {
      const found: { id: string; title: string; content: string }[] = [];
      for (let hasMore = true; hasMore; ) {
        const path = `/api/v1/stories?limit=50&offset=${found.length}`;
        const { data } = (await answered(`${url}${path}`, { headers })).json;
        found.push(...data.stories);
        hasMore = data.pagination.hasMore;
      }
      return [
        ...notOnce(
          'story',
          found.map(({ id, title }) => `${id} ${title}`),
          { acknowledged: Object.entries(stories).map(([id, title]) => `${id} ${title}`) },
        ),
        ...notOnce(
          'title',
          found.map(({ title }) => title),
          { acknowledged: Object.values(stories) },
        ),
        ...found.flatMap(({ id, content }) =>
          content.length < SHORTEST_STORY ? [`half-written: story ${id}`] : [],
        ),
      ];
    },
    remember: () => memory,
  };
}
