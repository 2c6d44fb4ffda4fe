import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stacks } from '../../../server/test/support/servers.js';
import type { StoriesApp } from '../../../server/test/support/stories-app.js';
import { startStoriesApp } from '../../../server/test/support/stories-app.js';
import type {
  EarshotClient,
  Environment,
  LocalStore,
  MigrationSource,
  MigrationState,
} from '../../src/index.js';
import {
  createEarshotClient,
  createMemoryStore,
  exportLocalData,
  openExport,
  systemEnvironment,
} from '../../src/index.js';
import { readServerCopy } from '../../src/migration/server-copy.js';
import { oldLibrary } from '../support/old-library.js';

const password = 'a long enough password';
/** Waiting between attempts is of no use here. */
const system = systemEnvironment();
const soon: Environment['after'] = (ms, work) => system.after(ms > 10_000 ? ms : 0, work);

describe.each(stacks)(
  'the migration of a local library to a real server on %s',
  { timeout: 120_000 },
  (stack) => {
    let app: StoriesApp;
    const open: EarshotClient[] = [];
    beforeAll(async () => {
      app = await startStoriesApp(stack);
    });
    afterAll(async () => {
      for (const client of open) await client.close();
      await app.stop();
    });

    const client = (
      more: { readonly fetch?: typeof globalThis.fetch; readonly store?: LocalStore } = {},
    ): EarshotClient => {
      const made = createEarshotClient({
        baseUrl: app.url,
        store: more.store ?? createMemoryStore(),
        environment: { after: soon, ...(more.fetch && { fetch: more.fetch }) },
      });
      open.push(made);
      return made;
    };
    const newEmail = (): string => `parent-${crypto.randomUUID()}@example.com`;
    const family = async (more: Parameters<typeof client>[0] = {}) => {
      const email = newEmail();
      const phone = client(more);
      await phone.auth.signUp({ email, password });
      return { email, phone };
    };
    const onServer = async (device: EarshotClient) => {
      const entities = [...(await readServerCopy(device.http, AbortSignal.timeout(20_000))).values()];
      const of = (type: string) =>
        entities.filter((entity) => entity.type === type).map(({ value }) => value);
      return {
        heroes: of('hero'),
        stories: of('story'),
        events: of('customEvent'),
        pictures: of('illustration'),
      };
    };

    /** Everything of the source is on the server once, and is what it was. */
    async function expectWhole(device: EarshotClient, source: ReturnType<typeof oldLibrary>): Promise<void> {
      const server = await onServer(device);
      const { heroes, stories, customEvents } = source.data;
      const sorted = (values: readonly unknown[]): unknown[] =>
        values.map((value) => JSON.stringify(value)).sort();
      expect(sorted(server.heroes.map(({ name, age, traits }) => ({ name, age, traits })))).toEqual(
        sorted(heroes.map(({ name, age, traits }) => ({ name, age, traits }))),
      );
      const told = (story: Record<string, unknown>) => [
        story.title,
        story.content,
        story.isFavorite,
        story.playCount,
        story.language,
      ];
      expect(sorted(server.stories.map(told))).toEqual(sorted(stories.map(told)));
      expect(
        sorted(server.events.map(({ title, keywords, isFavorite }) => [title, keywords, isFavorite])),
      ).toEqual(sorted(customEvents.map(({ title, keywords, isFavorite }) => [title, keywords, isFavorite])));
      for (const story of server.stories) {
        const hero = server.heroes.find(({ id }) => id === story.heroId);
        const exported = stories.find(({ title }) => title === story.title);
        expect(`HERO-${String(hero?.name).slice(5)}`).toBe(exported?.heroId);
        const event = server.events.find(({ id }) => id === story.customEventId);
        expect(event && `EVENT-${String(event.title).slice(6)}`).toBe(exported?.customEventId);
      }
      const addresses = [
        ...server.heroes.map(({ avatarUrl }) => avatarUrl),
        ...server.stories.map(({ audioUrl }) => audioUrl),
        ...server.pictures.map(({ imageUrl }) => imageUrl),
      ];
      const contents: string[] = [];
      for (const address of addresses) {
        const answer = await fetch(new URL(String(address), app.url));
        contents.push(Buffer.from(await answer.arrayBuffer()).toString('base64'));
      }
      const expected = [...source.files.values()].map((bytes) => Buffer.from(bytes).toString('base64'));
      expect(contents.sort()).toEqual(expected.sort());
    }

    test('row 11: everything arrives, counts and contents equal, media included; progress tells how far it is', async () => {
      const { email, phone } = await family();
      const source = oldLibrary();
      const before = JSON.stringify(source.data);
      const seen: MigrationState[] = [];
      phone.migration.subscribe((state) => seen.push(state));
      expect(await phone.migration.isNeeded(source)).toBe(true);
      const state = await phone.migration.run(source);
      const counts = { heroes: 3, stories: 4, customEvents: 2, media: 15 };
      expect(state).toMatchObject({
        status: 'completed',
        stage: 'complete',
        progress: 1,
        exported: counts,
        uploaded: counts,
        totalMediaFiles: 15,
        error: null,
      });
      expect(state.completedAt).toBeGreaterThanOrEqual(state.startedAt ?? Number.POSITIVE_INFINITY);
      const shares = seen.map(({ progress }) => progress);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      for (const share of [0.05, 0.2, 0.45, 0.7, 0.75, 0.9, 0.95, 1]) expect(shares).toContain(share);
      expect([...new Set(seen.map(({ stage }) => stage))].filter(Boolean)).toEqual([
        'authenticating',
        'exportingData',
        'uploadingHeroes',
        'uploadingStories',
        'uploadingCustomEvents',
        'uploadingMedia',
        'verifying',
        'finalizing',
        'complete',
      ]);
      await expectWhole(phone, source);
      expect(JSON.stringify(source.data)).toBe(before);
      expect(await phone.migration.isNeeded(source)).toBe(false);
      expect((await phone.stories.list({ policy: 'cacheOnly' })).items).toHaveLength(4);
      const [hero] = (await phone.heroes.list({ policy: 'cacheOnly' })).items;
      expect(hero?.visualProfile).toMatchObject({ hairStyle: 'curly', bodyType: 'small' });

      const tablet = client();
      await tablet.auth.signIn({ email, password });
      await tablet.sync.sync();
      const { items } = await tablet.stories.list({ policy: 'cacheOnly' });
      const { bytes } = await tablet.media.downloadAndCache('audio', items[0]?.id ?? '');
      expect([...source.files.values()]).toContainEqual(bytes);
    });

    test('row 12: killed again and again in every stage, with the reply lost, it goes on and makes nothing twice', async () => {
      const source = oldLibrary({ heroes: 2, stories: 2, events: 2, pictures: 1 });
      const { email } = await family();
      const store = createMemoryStore();
      const first = client({ store });
      await first.auth.signIn({ email, password });
      let state: MigrationState | null = null;
      let lives = 0;
      const stages = new Set<string>();
      for (; state?.status !== 'completed' && lives < 100; lives += 1) {
        // One life more than a file takes requests, so that there is a way forward.
        let writes = (lives % 4) + 1;
        let die: () => void = () => undefined;
        const death = new Promise<null>((resolve) => {
          die = () => resolve(null);
        });
        const fetch: typeof globalThis.fetch = async (...request) => {
          const answer = await globalThis.fetch(...request);
          if ((request[1]?.method ?? 'GET') !== 'GET') writes -= 1;
          if (writes > 0) return answer;
          // The process ended: nothing of it goes on.
          await answer.arrayBuffer();
          die();
          return await new Promise<Response>(() => undefined);
        };
        const device = client({ store, fetch });
        await device.auth.restore();
        state = await Promise.race([device.migration.run(source), death]);
        const kept = await device.migration.state();
        if (state === null) expect(kept.status).toBe('inProgress');
        stages.add(kept.stage ?? '');
      }
      expect(state?.status).toBe('completed');
      expect(stages.size).toBeGreaterThanOrEqual(5);
      console.info(
        `row 12: survived ${lives - 1} ends of the process (${[...stages].join(', ')}) on ${stack}`,
      );
      const device = client({ store });
      await device.auth.restore();
      await expectWhole(device, source);
    });

    test('row 12: rolled back, nothing of it is left, what was there before stays, and it can begin anew', async () => {
      const { email, phone } = await family();
      const own = await phone.heroes.create({ name: 'Mine', age: 7, traits: ['Funny'] });
      await phone.sync.sync();
      const source = oldLibrary({ heroes: 2, stories: 3, events: 1 });
      let batches = 0;
      const store = createMemoryStore();
      const fetch: typeof globalThis.fetch = async (...request) => {
        const answer = await globalThis.fetch(...request);
        if (!String(request[0]).endsWith('/api/batch/stories')) return answer;
        batches += 1;
        throw new TypeError('fetch failed');
      };
      const tablet = client({ store, fetch });
      await tablet.auth.signIn({ email, password });
      // The stories are there, but this device was never told so.
      const failed = await tablet.migration.run(source);
      expect(failed).toMatchObject({
        status: 'failed',
        uploaded: { heroes: 2, stories: 0, customEvents: 1 },
      });
      expect(batches).toBe(4);
      expect((await onServer(phone)).stories).toHaveLength(3);

      const again = client({ store });
      await again.auth.restore();
      await again.sync.sync();
      expect((await again.heroes.list({ policy: 'cacheOnly' })).items).toHaveLength(3);
      const shares: number[] = [];
      again.migration.subscribe(({ progress }) => shares.push(progress));
      const state = await again.migration.rollBack();
      expect(state).toMatchObject({ status: 'rolledBack', uploaded: { heroes: 0 } });
      expect(shares).toEqual(expect.arrayContaining([0.25, 0.5, 0.75, 1]));
      const server = await onServer(phone);
      expect(server).toEqual({
        heroes: [expect.objectContaining({ name: 'Mine' })],
        stories: [],
        events: [],
        pictures: [],
      });
      expect(again.auth.state().status).toBe('expired');
      expect((await again.heroes.list({ policy: 'cacheOnly' })).items.map(({ name }) => name)).toEqual([
        'Mine',
      ]);
      await expect(again.migration.rollBack()).rejects.toMatchObject({ code: 'nothingToRollBack' });
      expect((await phone.heroes.get(own.id)).name).toBe('Mine');

      await again.auth.signIn({ email, password });
      expect((await again.migration.run(source)).status).toBe('completed');
      expect((await onServer(phone)).stories).toHaveLength(3);
    });

    test('an upload that is refused again after 3 retries, and one that did not arrive whole, roll everything back', async () => {
      const { phone, email } = await family();
      const source = oldLibrary({ heroes: 1, stories: 1, events: 0, pictures: 0 });
      const [story] = source.data.stories;
      if (!story) throw new Error('There is no story.');
      const refused: MigrationSource = {
        ...source,
        data: { ...source.data, stories: [{ ...story, title: 'x'.repeat(600) }] },
      };
      expect(await phone.migration.run(refused, { onFailure: 'stop' })).toMatchObject({ status: 'failed' });
      await expect(phone.migration.run(source)).rejects.toMatchObject({ code: 'otherExport' });
      const state = await phone.migration.run(refused);
      expect(state).toMatchObject({ status: 'rolledBack', error: 'Not everything has reached the server.' });

      let forgetting = false;
      const forgetful = client({
        fetch: async (...request) => {
          const answer = await globalThis.fetch(...request);
          if (String(request[0]).includes('/api/files/confirm')) forgetting = true;
          if (!forgetting || !String(request[0]).includes('/api/sync/changes')) return answer;
          const body = (await answer.json()) as {
            data: { changes: { value: Record<string, unknown> | null }[] };
          };
          for (const change of body.data.changes) if (change.value) change.value.audioUrl = null;
          return Response.json(body);
        },
      });
      await forgetful.auth.signIn({ email, password });
      expect((await forgetful.migration.run(source)).status).toBe('rolledBack');
      await phone.auth.signIn({ email, password });
      expect((await onServer(phone)).heroes).toEqual([]);
    });

    test('cancelled it has failed and goes on later; a second one at the same time is refused, as is one without a session', async () => {
      const { phone } = await family();
      const source = oldLibrary({ heroes: 2, stories: 2, events: 0, pictures: 1 });
      const cancelling = new Promise<void>((resolve, reject) => {
        phone.migration.subscribe(({ stage }) => {
          if (stage === 'uploadingStories') phone.migration.cancel().then(resolve, reject);
        });
      });
      const run = phone.migration.run(source);
      await expect(phone.migration.run(source)).rejects.toMatchObject({ code: 'migrationRunning' });
      expect(await run).toMatchObject({ status: 'failed', error: 'This was cancelled.' });
      await cancelling;
      const stopped = client({ store: phone.store });
      await stopped.auth.restore();
      expect((await stopped.migration.run(source)).status).toBe('completed');
      await expectWhole(stopped, source);
      await expect(client().migration.run(source)).rejects.toMatchObject({ code: 'signedOut' });
    });

    test('row 9: signing out in the middle of it leaves neither its checkpoint nor a story on the device', async () => {
      const { phone } = await family();
      let leaving: Promise<void> | undefined;
      phone.migration.subscribe(({ stage }) => {
        if (stage === 'uploadingStories') leaving ??= phone.auth.signOut();
      });
      const state = await phone.migration.run(oldLibrary({ heroes: 1, stories: 1 }));
      expect(state.status).toBe('failed');
      await leaving;
      const kept = await phone.store.read(async (tx) => [await tx.all('settings'), await tx.all('records')]);
      expect(kept).toEqual([[], []]);
    });

    test('an export of this library, with what is cached, is the same library in another account', async () => {
      const { phone } = await family();
      const source = oldLibrary({ heroes: 1, stories: 2, events: 1, pictures: 1 });
      await phone.migration.run(source);
      const [hero] = (await phone.heroes.list({ policy: 'cacheOnly' })).items;
      await phone.media.downloadAndCache('avatar', hero?.id ?? '');
      for (const { id } of (await phone.stories.list({ policy: 'cacheOnly' })).items)
        await phone.media.keepOffline(id);
      const shares: number[] = [];
      const archive = await exportLocalData(phone, { onProgress: (share) => shares.push(share) });
      expect(shares).toEqual([0, 0.15, 0.4, 0.65, 0.8, 0.9, 1]);

      const { phone: other } = await family();
      const taken = await openExport(archive);
      expect(await other.migration.check(taken)).toMatchObject({
        warnings: [],
        counts: { heroes: 1, stories: 2, customEvents: 1, media: 5 },
      });
      expect((await other.migration.run(taken)).status).toBe('completed');
      await expectWhole(other, source);
    });

    test('rows 13 and 14: 10 heroes, 20 stories and 50 files are there in time, in little memory', async () => {
      const { phone } = await family();
      const source = oldLibrary({ heroes: 10, stories: 20, events: 0, pictures: 1, fileBytes: 200_000 });
      const at = new Map<string, number>();
      let most = 0;
      const begun = performance.now();
      const heap = process.memoryUsage().heapUsed;
      phone.migration.subscribe(({ stage }) => {
        at.set(stage ?? '', performance.now() - begun);
        most = Math.max(most, process.memoryUsage().heapUsed - heap);
      });
      expect((await phone.migration.run(source)).status).toBe('completed');
      const [heroes = 0, stories = 0, media = 0] = [
        'uploadingHeroes',
        'uploadingStories',
        'uploadingMedia',
      ].map((stage) => at.get(stage) ?? Number.POSITIVE_INFINITY);
      console.info(
        `row 13 on ${stack}: 10 heroes with avatars ${heroes.toFixed(0)} ms, 20 stories ${(stories - heroes).toFixed(0)} ms, ` +
          `40 more files ${(media - stories).toFixed(0)} ms; row 14: heap grew by ${(most / 1e6).toFixed(0)} MB, server included`,
      );
      expect(heroes).toBeLessThan(20_000);
      expect(stories - heroes).toBeLessThan(60_000);
      expect(media - stories).toBeLessThan(90_000);
      expect(most).toBeLessThan(100e6);
    });
  },
);
