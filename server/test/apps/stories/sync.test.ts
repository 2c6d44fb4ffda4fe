import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidV4 } from '../../../src/platform/ids.js';
import { stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

const HERO = { name: 'Mila', age: 7, traits: ['Kind'] };

describe.each(stacks)('sync on %s', (stack) => {
  let app: StoriesApp;
  beforeAll(async () => {
    app = await startStoriesApp(stack);
  });
  afterAll(() => app.stop());

  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  type Json = any;
  const push = async (user: StoriesUser, ...mutations: Json[]): Promise<Json> => {
    const { status, json, text } = await user.post('/api/sync/push', { deviceId: 'phone', mutations });
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return json.data;
  };
  const one = async (user: StoriesUser, mutation: Json): Promise<Json> =>
    (await push(user, mutation)).results[0];
  const pull = async (user: StoriesUser, query = ''): Promise<Json> =>
    (await user.get(`/api/sync/changes${query}`)).json.data;
  const pullAll = async (user: StoriesUser, since = 0, limit = 500): Promise<Json[]> => {
    const all: Json[] = [];
    for (let next = since; ; ) {
      const page = await pull(user, `?since=${next}&limit=${limit}`);
      all.push(...page.changes);
      next = page.next;
      if (!page.hasMore) return all;
    }
  };
  const create = (type: string, fields: Json) => ({
    mutationId: uuidV4(),
    localId: uuidV4(),
    type,
    op: 'create',
    fields,
  });
  const change = (type: string, op: string, id: string, more: Json = {}) => ({
    mutationId: uuidV4(),
    type,
    op,
    id,
    ...more,
  });
  const storyOf = (heroId: string) => ({
    heroId,
    title: 'The hum',
    content: 'Once there was a hum.',
    language: 'en',
  });

  describe('changes', () => {
    it('shows what was written over REST as the routes tell it, in one sequence with what was pushed', async () => {
      const user = await app.signUp();
      const hero = await user.hero();
      const story = await user.story(hero.id);
      const event = await user.event();
      const pushed = await one(user, create('hero', HERO));
      const page = await pull(user);
      expect(page).toMatchObject({
        next: 4,
        latest: 4,
        hasMore: false,
        epoch: expect.stringMatching(/^[\w-]{36}$/),
      });
      expect(page.changes.map(({ seq, type, id, deleted }: Json) => [seq, type, id, deleted])).toEqual([
        [1, 'hero', hero.id, false],
        [2, 'story', story.id, false],
        [3, 'customEvent', event.id, false],
        [4, 'hero', pushed.id, false],
      ]);
      expect(page.changes[0].value).toMatchObject({ id: hero.id, name: 'Luna', version: 1 });
      expect(page.changes[1].value).toMatchObject({ heroId: hero.id, content: story.content, version: 2 });
      expect(page.changes[1].value.illustrations).toBeUndefined();
      for (const { value } of page.changes) expect(value.createdAt).toMatch(/T\d\d:\d\d:\d\d\.\d{3}Z$/);
      const rest = (await user.get(`heroes/${pushed.id}`)).json.data;
      expect(page.changes[3].value).toMatchObject({ name: rest.name, updatedAt: rest.updatedAt, version: 4 });
    });

    it('gives each thing once, at its newest change, and goes on from a number', async () => {
      const user = await app.signUp();
      const first = await user.hero();
      const second = await user.hero();
      await user.patch(`heroes/${first.id}`, { name: 'Nova' });
      expect((await pullAll(user)).map(({ seq, id }) => [seq, id])).toEqual([
        [2, second.id],
        [3, first.id],
      ]);
      expect((await pullAll(user, 2)).map(({ value }) => value.name)).toEqual(['Nova']);
      expect(await pull(user, '?since=3')).toMatchObject({ changes: [], next: 3, hasMore: false });
    });

    it('§9.14 leaves a tombstone for everything that a deletion takes along', async () => {
      const user = await app.signUp();
      const hero = await user.hero();
      const story = await user.story(hero.id);
      await user.delete(`heroes/${hero.id}`);
      const changes = await pullAll(user);
      expect(changes.every(({ deleted, value }) => deleted && value === null)).toBe(true);
      expect(changes.map(({ id }) => id).sort()).toEqual([hero.id, story.id].sort());
    });

    it('pages without loss, and starts anew for a number that it never gave', async () => {
      const user = await app.signUp();
      await push(user, ...Array.from({ length: 25 }, () => create('hero', HERO)));
      expect((await pullAll(user, 0, 4)).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 25 }, (_, n) => n + 1),
      );
      expect((await pull(user, '?since=9999')).changes).toHaveLength(25);
    });

    it.each(['since=-1', 'since=x', 'limit=0', 'limit=1001', 'limit=x'])('refuses %s', async (query) => {
      const user = await app.signUp();
      const { status, json } = await user.get(`/api/v1/sync/changes?${query}`);
      expect([status, json.error]).toEqual([400, 'ValidationError']);
    });

    it('shows nobody what is not theirs, and is empty for a newcomer', async () => {
      const [user, stranger] = [await app.signUp(), await app.signUp()];
      await user.hero();
      expect(await pull(stranger)).toMatchObject({ changes: [], next: 0, latest: 0, hasMore: false });
      expect((await fetch(`${app.url}/api/sync/changes`)).status).toBe(401);
    });
  });

  describe('push', () => {
    it('keeps a story that was made for an event which another device has deleted since', async () => {
      const user = await app.signUp();
      const hero = await user.hero();
      const event = await user.event();
      await user.delete(`custom-events/${event.id}`);
      const story = await one(user, create('story', { ...storyOf(hero.id), customEventId: event.id }));
      expect(story).toMatchObject({ status: 'applied', value: { title: 'The hum', customEventId: null } });
      const unheardOf = create('story', { ...storyOf(hero.id), customEventId: uuidV4() });
      expect(await one(user, unheardOf)).toMatchObject({ status: 'rejected', reason: { code: 'NotFound' } });
    });

    it('creates, changes and deletes by the rules of the routes, and answers in the order given', async () => {
      const user = await app.signUp();
      const hero = await one(user, create('hero', { ...HERO, specialAbility: 'Whistling' }));
      expect(hero).toMatchObject({ status: 'applied', version: 1 });
      expect(hero.value).toMatchObject({
        id: hero.id,
        name: 'Mila',
        specialAbilities: ['Whistling'],
        version: 1,
      });
      const { results, latest } = await push(
        user,
        create('story', storyOf(hero.id)),
        create('customEvent', { title: 'Pool day', promptSeed: 'Floating' }),
        change('hero', 'update', hero.id, { baseVersion: 1, fields: { name: 'Mila the Bold' } }),
      );
      expect(results.map(({ status }: Json) => status)).toEqual(['applied', 'applied', 'applied']);
      expect(results[2].value).toMatchObject({ name: 'Mila the Bold', version: 4 });
      expect(latest).toBe(4);
      const deleted = await one(user, change('story', 'delete', results[0].id, { baseVersion: 2 }));
      expect(deleted).toEqual({
        mutationId: deleted.mutationId,
        status: 'applied',
        id: results[0].id,
        version: 5,
        value: null,
      });
      expect((await user.get(`stories/${results[0].id}`)).status).toBe(404);
      const again = await one(user, change('story', 'delete', results[0].id));
      expect(again).toMatchObject({ status: 'applied', version: 5, value: null });
    });

    it('applies a mutation once when its reply was lost and it is sent again', async () => {
      const user = await app.signUp();
      const mutations = [
        create('hero', HERO),
        create('customEvent', { title: 'Rain', promptSeed: 'Puddles' }),
      ];
      const first = await push(user, ...mutations);
      await user.patch(`heroes/${first.results[0].id}`, { name: 'Changed meanwhile' });
      const second = await push(user, ...mutations);
      expect(second.results.map(({ status, id }: Json) => [status, id])).toEqual(
        first.results.map(({ id }: Json) => ['duplicate', id]),
      );
      expect(second.results[0]).toMatchObject({ version: 3, value: { name: 'Changed meanwhile' } });
      expect(second.latest).toBe(3);
      expect((await user.get('heroes')).json.data.pagination.total).toBe(1);
      await user.delete(`heroes/${first.results[0].id}`);
      const third = await push(user, ...mutations);
      expect(third.results[0]).toMatchObject({ status: 'duplicate', version: 4, value: null });
    });

    it('applies a mutation once when it is sent many times at once, in whatever order', async () => {
      const user = await app.signUp();
      const hero = await user.hero();
      const story = await user.story(hero.id);
      const mutations = [
        create('hero', HERO),
        change('story', 'play', story.id),
        create('customEvent', { title: 'Rain', promptSeed: 'Puddles' }),
        change('story', 'play', story.id),
      ];
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, n) => push(user, ...(n % 2 ? mutations : [...mutations].reverse()))),
      );
      const statuses = answers.flatMap(({ results }) => results.map(({ status }: Json) => status));
      expect(statuses.filter((status) => status === 'applied')).toHaveLength(4);
      expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(44);
      expect((await user.get('heroes')).json.data.pagination.total).toBe(2);
      expect((await user.get(`stories/${story.id}`)).json.data.playCount).toBe(2);
      expect((await pull(user)).latest).toBe(6);
    });

    it('takes the same mutation twice in one push for one', async () => {
      const user = await app.signUp();
      const mutation = create('hero', HERO);
      const { results } = await push(user, mutation, mutation);
      expect(results.map(({ status }: Json) => status)).toEqual(['applied', 'duplicate']);
    });

    it('answers a conflict with the server’s copy, writes nothing, and takes the same mutation on a newer base', async () => {
      const user = await app.signUp();
      const hero = await user.hero();
      await user.patch(`heroes/${hero.id}`, { name: 'From the tablet' });
      const edit = change('hero', 'update', hero.id, { baseVersion: 1, fields: { name: 'From the phone' } });
      const conflict = await one(user, edit);
      expect(conflict).toMatchObject({ status: 'conflict', id: hero.id, version: 2 });
      expect(conflict.value).toMatchObject({ name: 'From the tablet', version: 2 });
      const refused = await one(user, change('hero', 'delete', hero.id, { baseVersion: 1 }));
      expect([refused.status, refused.version]).toEqual(['conflict', 2]);
      expect((await pull(user)).latest).toBe(2);
      const solved = await one(user, { ...edit, baseVersion: conflict.version });
      expect([solved.status, solved.value.name, solved.version]).toEqual(['applied', 'From the phone', 3]);
      const forced = await one(user, change('hero', 'update', hero.id, { fields: { age: 9 } }));
      expect([forced.status, forced.value.age]).toEqual(['applied', 9]);
    });

    it('answers an edit of what was deleted with a conflict without a copy', async () => {
      const user = await app.signUp();
      const hero = await user.hero();
      await user.delete(`heroes/${hero.id}`);
      const result = await one(
        user,
        change('hero', 'update', hero.id, { baseVersion: 1, fields: { age: 9 } }),
      );
      expect(result).toMatchObject({ status: 'conflict', id: hero.id, version: 2, value: null });
    });

    it('lets one bad mutation harm no other, and does not remember it', async () => {
      const user = await app.signUp();
      const good = [create('hero', HERO), create('hero', HERO), create('hero', HERO)];
      const unnamed = create('hero', { ...HERO, name: '' });
      const bad: Json[] = [
        unnamed,
        create('story', storyOf('no-such-hero')),
        create('illustration', { storyId: 'x' }),
        change('hero', 'update', 'no-such-hero', { fields: { name: 'X' } }),
        change('hero', 'play', 'x'),
        { ...change('hero', 'update', 'x'), id: undefined },
        { mutationId: 'odd', type: 'dragon', op: 'create' },
        { type: 'hero', op: 'create', fields: HERO },
        'nonsense',
        null,
        17,
        change('story', 'play', 'no-such-story'),
        change('story', 'listen', 'no-such-story', { fields: { completed: 'yes' } }),
      ];
      const { results, latest } = await push(
        user,
        good[0],
        ...bad.slice(0, 6),
        good[1],
        ...bad.slice(6),
        good[2],
      );
      expect(latest).toBe(3);
      const rejected = results.filter(({ status }: Json) => status === 'rejected');
      expect(rejected).toHaveLength(bad.length);
      for (const { reason } of rejected) {
        expect(reason).toEqual({
          code: expect.stringMatching(/^(ValidationError|NotFound)$/),
          message: expect.stringMatching(/./),
        });
      }
      expect(results.filter(({ status }: Json) => status === 'applied')).toHaveLength(3);
      const mended = await one(user, { ...unnamed, fields: HERO });
      expect(mended.status).toBe('applied');
    });

    it('tells nobody whether something of somebody else exists', async () => {
      const [user, stranger] = [await app.signUp(), await app.signUp()];
      const hero = await user.hero();
      const story = await user.story(hero.id);
      const event = await user.event();
      const { results } = await push(
        stranger,
        change('hero', 'update', hero.id, { fields: { name: 'Mine' } }),
        change('hero', 'delete', hero.id),
        change('story', 'play', story.id),
        change('story', 'listen', story.id, { fields: { completed: true } }),
        change('customEvent', 'delete', event.id),
        create('story', storyOf(hero.id)),
      );
      expect(results.map(({ status, reason }: Json) => [status, reason?.code])).toEqual(
        Array.from({ length: 6 }, () => ['rejected', 'NotFound']),
      );
      expect((await user.get(`heroes/${hero.id}`)).json.data.name).toBe('Luna');
      expect((await user.get(`stories/${story.id}`)).json.data.playCount).toBe(0);
    });

    it('takes 200 mutations and not 201, nor none', async () => {
      const user = await app.signUp();
      const many = Array.from({ length: 201 }, () => create('hero', HERO));
      const { results } = await push(user, ...many.slice(0, 200));
      expect(results.every(({ status }: Json) => status === 'applied')).toBe(true);
      expect(results.map(({ version }: Json) => version)).toEqual(
        Array.from({ length: 200 }, (_, n) => n + 1),
      );
      for (const mutations of [many, []]) {
        const { status } = await user.post('/api/sync/push', { deviceId: 'phone', mutations });
        expect(status).toBe(400);
      }
      expect((await user.post('/api/sync/push', { mutations: many.slice(0, 1) })).status).toBe(400);
    });

    it('keeps all or nothing of a mutation when the connection breaks, so that sending again completes it', async () => {
      const user = await app.signUp();
      const mutations = Array.from({ length: 120 }, () => create('hero', HERO));
      const abort = new AbortController();
      const cut = fetch(`${app.url}/api/sync/push`, {
        method: 'POST',
        headers: user.headers,
        body: JSON.stringify({ deviceId: 'phone', mutations }),
        signal: abort.signal,
      });
      setTimeout(() => abort.abort(), 15);
      await cut.catch(() => undefined);
      const { results } = await push(user, ...mutations);
      expect(results.every(({ status }: Json) => status === 'applied' || status === 'duplicate')).toBe(true);
      expect((await pullAll(user)).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 120 }, (_, n) => n + 1),
      );
    });

    it('counts plays and listenings of devices once, at the time when they happened', async () => {
      const user = await app.signUp();
      const story = await user.story((await user.hero()).id);
      const at = new Date(Date.now() - 3 * 3_600_000).toISOString();
      const earlier = new Date(Date.now() - 5 * 3_600_000).toISOString();
      const played = await one(user, change('story', 'play', story.id, { at, baseVersion: 0 }));
      expect(played).toMatchObject({ status: 'applied', value: { playCount: 1, lastPlayedAt: at } });
      const before = await one(user, change('story', 'play', story.id, { at: earlier }));
      expect(before.value).toMatchObject({ playCount: 2, lastPlayedAt: at });
      const listen = change('story', 'listen', story.id, {
        fields: { startedAt: at, duration: 300, completed: true },
      });
      expect((await one(user, listen)).value.playCount).toBe(2);
      expect((await one(user, listen)).status).toBe('duplicate');
      const { json } = await user.get('analytics/sessions');
      expect(json.data.sessions.map(({ duration }: Json) => duration)).toEqual([300]);
    });

    it('deletes illustrations but does not change them', async () => {
      const user = await app.signUp();
      const story = await user.story((await user.hero()).id);
      const { platform } = app;
      const id = uuidV4();
      await platform.database.transaction(async (tx) => {
        const version = await platform.changes.next(tx, user.userId);
        const { createIllustrationStore } = await import('../../../src/apps/stories/illustrations/store.js');
        await createIllustrationStore(platform.database, platform.changes).insert(tx, {
          id,
          user_id: user.userId,
          story_id: story.id,
          image_key: null,
          image_prompt: 'A hum',
          scene_description: 'A hum in the night',
          display_order: 0,
          audio_timestamp: 0,
          audio_duration: null,
          generation_id: null,
          previous_generation_id: null,
          status: 'pending',
          error: null,
          retry_count: 0,
          created_at: 1,
          version,
        });
      });
      const change3 = (await pull(user, '?since=2')).changes[0];
      expect(change3).toMatchObject({ type: 'illustration', id, value: { storyId: story.id, imageUrl: '' } });
      const { results } = await push(
        user,
        change('illustration', 'update', id, { fields: { imagePrompt: 'x' } }),
        change('illustration', 'delete', id),
      );
      expect(results.map(({ status }: Json) => status)).toEqual(['rejected', 'applied']);
    });
  });
});
