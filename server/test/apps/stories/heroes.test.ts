import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { movableClock, stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe.each(stacks)('heroes, on %s', (stack) => {
  let app: StoriesApp;
  let user: StoriesUser;
  const clock = movableClock();
  beforeAll(async () => {
    app = await startStoriesApp(stack, { clock });
    user = await app.signUp();
  });
  afterAll(() => app.stop());

  it('§3.1 creates a hero with everything that the app decodes', async () => {
    const answer = await user.post('heroes', {
      name: 'Luna',
      age: 6,
      traits: ['Brave', 'Kind'],
      specialAbilities: ['Flying', 'Singing'],
      appearance: 'A red scarf',
      hairColor: 'black',
      eyeColor: 'green',
      skinTone: 'brown',
      height: 'small',
      avatarUrl: 'https://elsewhere.example/a.png',
      somethingElse: true,
    });
    expect(answer.status).toBe(201);
    const { data } = answer.json;
    expect(data).toMatchObject({
      name: 'Luna',
      age: 6,
      traits: ['Brave', 'Kind'],
      specialAbilities: ['Flying', 'Singing'],
      appearance: 'A red scarf',
      hairColor: 'black',
      eyeColor: 'green',
      skinTone: 'brown',
      height: 'small',
      avatarUrl: null,
      visualProfileId: null,
      visualProfile: null,
      userId: user.userId,
      _count: { stories: 0 },
    });
    expect(data.createdAt).toMatch(INSTANT);
    expect(data.updatedAt).toMatch(INSTANT);
    expect(data).not.toHaveProperty('somethingElse');
    expect((await user.get(`heroes/${data.id}`)).json.data).toEqual(data);
  });

  it('§8.36 keeps abilities as a list, and takes the single one of older clients', async () => {
    const { specialAbilities } = await user.hero({
      specialAbilities: undefined,
      specialAbility: 'Whistling',
    });
    expect(specialAbilities).toEqual(['Whistling']);
    expect((await user.hero({ specialAbilities: ['a', 'b'] })).specialAbilities).toEqual(['a', 'b']);
    const hero = await user.hero();
    const changed = await user.patch(`heroes/${hero.id}`, { specialAbility: 'Diving' });
    expect(changed.json.data.specialAbilities).toEqual(['Diving']);
  });

  it('§9.11 takes null for nothing on create', async () => {
    const hero = await user.hero({ specialAbilities: null, appearance: null, hairColor: null, height: null });
    expect(hero).toMatchObject({ specialAbilities: [], appearance: null, hairColor: null, height: null });
  });

  it.each([
    [{ name: undefined }, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: null }, 'name'],
    [{ age: 2 }, 'age'],
    [{ age: 13 }, 'age'],
    [{ age: 4.5 }, 'age'],
    [{ age: '6' }, 'age'],
    [{ traits: [] }, 'traits'],
    [{ traits: 'Brave' }, 'traits'],
    [{ traits: ['x'.repeat(101)] }, 'traits.0'],
    [{ traits: Array(21).fill('Brave') }, 'traits'],
    [{ specialAbilities: Array(11).fill('x') }, 'specialAbilities'],
    [{ appearance: 'x'.repeat(501) }, 'appearance'],
    [{ hairColor: 'x'.repeat(51) }, 'hairColor'],
  ])('refuses %j by name', async (wrong, field) => {
    const answer = await user.post('heroes', { name: 'Luna', age: 6, traits: ['Brave'], ...wrong });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ error: 'ValidationError', code: 'ValidationError' });
    expect(answer.json.message.startsWith(`${field}: `)).toBe(true);
    expect(Object.keys(answer.json.details)).toEqual([field]);
  });

  it('applies the same limits to a change, and null takes optional fields away', async () => {
    const hero = await user.hero({ appearance: 'A red scarf', hairColor: 'black' });
    expect((await user.patch(`heroes/${hero.id}`, { age: 99 })).status).toBe(400);
    expect((await user.patch(`heroes/${hero.id}`, { name: '' })).status).toBe(400);
    const changed = await user.patch(`heroes/${hero.id}`, {
      appearance: '',
      hairColor: null,
      name: null,
      age: 7,
    });
    expect(changed.status).toBe(200);
    expect(changed.json.data).toMatchObject({ name: 'Luna', age: 7, appearance: '', hairColor: null });
    expect(changed.json.data.updatedAt > hero.updatedAt).toBe(true);
    expect(changed.json.data.version).toBeGreaterThan(hero.version);
  });

  it('takes an avatar only from the own pictures of this server', async () => {
    const hero = await user.hero();
    const other = await app.signUp();
    for (const avatarUrl of [
      'https://elsewhere.example/avatar.png',
      `${app.url}/api/media/avatar/${other.userId}/1-x.png`,
      `${app.url}/api/media/audio/${user.userId}/1-x.mp3`,
      '../../etc/passwd',
    ]) {
      const answer = await user.patch(`heroes/${hero.id}`, { avatarUrl });
      expect(answer.status, avatarUrl).toBe(400);
      expect(answer.json.details).toHaveProperty('avatarUrl');
    }
    const key = `avatar/${user.userId}/1-x.png`;
    await app.platform.media.put(key, Buffer.from('picture'));
    const own = await user.patch(`heroes/${hero.id}`, { avatarUrl: `${app.url}/api/media/${key}?expires=1` });
    expect(own.status).toBe(200);
    expect(own.json.data.avatarUrl).toContain(key);
    expect((await user.patch(`heroes/${hero.id}`, { avatarUrl: null })).json.data.avatarUrl).toBeNull();
  });

  it('lists newest first, page by page, with how many stories each has', async () => {
    const own = await app.signUp();
    for (const name of ['one', 'two', 'three']) {
      await own.hero({ name });
      clock.advance(10);
    }
    const { json } = await own.get('heroes?limit=2&offset=0');
    expect(json.data.heroes.map(({ name }: { name: string }) => name)).toEqual(['three', 'two']);
    expect(json.data.heroes[0]._count).toEqual({ stories: 0 });
    expect(json.data.pagination).toEqual({ total: 3, limit: 2, offset: 0, hasMore: true });
    const last = (await own.get('heroes?limit=2&offset=2')).json.data;
    expect(last.heroes.map(({ name }: { name: string }) => name)).toEqual(['one']);
    expect(last.pagination.hasMore).toBe(false);
  });

  it.each([
    ['', 50, 0],
    ['?limit=0', 50, 0],
    ['?limit=many&offset=some', 50, 0],
    ['?limit=1000&offset=-3', 100, 0],
    ['?limit=-5', 1, 0],
    ['?limit=100&offset=7', 100, 7],
    ['?limit=3&limit=4', 3, 0],
  ])('clamps the page of heroes%s', async (query, limit, offset) => {
    const { json } = await user.get(`heroes${query}`);
    expect(json.data.pagination).toMatchObject({ limit, offset });
  });

  it('brings the newest stories along when asked to', async () => {
    const own = await app.signUp();
    const [first, second] = [await own.hero({ name: 'first' }), await own.hero({ name: 'second' })];
    for (let n = 0; n < 12; n++) {
      await own.story(first.id, { title: `story ${n}` });
      clock.advance(5);
    }
    await own.story(second.id, { title: 'the other' });
    const listed = (await own.get('heroes?includeStories=true')).json.data.heroes;
    const titles = (id: string) =>
      listed
        .find((hero: { id: string }) => hero.id === id)
        .stories.map((one: { title: string }) => one.title);
    expect(titles(first.id)).toEqual(['story 11', 'story 10', 'story 9', 'story 8', 'story 7']);
    expect(titles(second.id)).toEqual(['the other']);
    const one = (await own.get(`heroes/${first.id}?includeStories=true`)).json.data;
    expect(one.stories).toHaveLength(10);
    expect(one._count.stories).toBe(12);
    expect((await own.get(`heroes/${first.id}`)).json.data).not.toHaveProperty('stories');
  });

  it('§8.17 tells only what changed strictly after an instant, and skips nothing of one instant', async () => {
    const own = await app.signUp();
    const made = [];
    // The clock stands still: all are written within one millisecond.
    for (let n = 0; n < 5; n++) made.push(await own.hero({ name: `hero ${n}` }));
    const seen: string[] = [];
    let cursor = '2020-01-01T00:00:00Z';
    for (;;) {
      const { data } = (await own.get(`heroes?limit=2&updatedAfter=${cursor}`)).json;
      if (data.heroes.length === 0) break;
      seen.push(...data.heroes.map(({ id }: { id: string }) => id));
      cursor = data.heroes.at(-1).updatedAt;
    }
    expect(seen).toEqual(made.map(({ id }) => id));
    await own.patch(`heroes/${made[1].id}`, { age: 9 });
    const { data } = (await own.get(`heroes?updatedAfter=${cursor}`)).json;
    expect(data.heroes.map(({ id }: { id: string }) => id)).toEqual([made[1].id]);
    expect(data.pagination.total).toBe(1);
  });

  it('refuses an `updatedAfter` that is no instant, without a word of the inside', async () => {
    const answer = await user.get('heroes?updatedAfter=yesterday');
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      error: 'ValidationError',
      message: 'updatedAfter must be an instant such as 2026-11-21T03:37:31Z',
    });
  });

  it('refuses to overwrite what another device changed, and shows it', async () => {
    const hero = await user.hero();
    clock.advance(5);
    const there = (await user.patch(`heroes/${hero.id}`, { age: 8 })).json.data;
    const stale = await user.patch(`heroes/${hero.id}`, { age: 9, baseUpdatedAt: hero.updatedAt });
    expect(stale.status).toBe(409);
    expect(stale.json).toMatchObject({ error: 'Conflict', data: { id: hero.id, age: 8 } });
    const fresh = await user.patch(`heroes/${hero.id}`, { age: 9, baseUpdatedAt: there.updatedAt });
    expect(fresh.status).toBe(200);
    clock.advance(5_000);
    await user.patch(`heroes/${hero.id}`, { age: 10 });
    const since = { 'if-unmodified-since': new Date(clock.now() - 4_000).toUTCString() };
    expect((await user.patch(`heroes/${hero.id}`, { age: 11 }, since)).status).toBe(409);
    expect((await user.delete(`heroes/${hero.id}`, since)).status).toBe(409);
    const now = { 'if-unmodified-since': new Date(clock.now()).toUTCString() };
    expect((await user.delete(`heroes/${hero.id}`, now)).status).toBe(200);
    expect((await user.patch(`heroes/${there.id}`, { baseUpdatedAt: 'once' })).status).toBe(400);
  });

  it('§9.16 takes stories, profile, pictures and media along when it is deleted, with a tombstone for each', async () => {
    const own = await app.signUp();
    const hero = await own.hero();
    const story = await own.story(hero.id);
    await own.post(`heroes/${hero.id}/visual-profile`, { hairStyle: 'curly' });
    const key = `avatar/${own.userId}/1-${hero.id}.png`;
    await app.platform.media.put(key, Buffer.from('picture'));
    await own.patch(`heroes/${hero.id}`, { avatarUrl: `${app.url}/api/media/${key}` });
    const answer = await own.delete(`heroes/${hero.id}`);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ data: { id: hero.id }, message: expect.any(String) });
    expect((await own.get(`heroes/${hero.id}`)).status).toBe(404);
    expect((await own.get(`stories/${story.id}`)).status).toBe(404);
    const { changes } = await app.platform.changes.since(own.userId, 0, 100);
    expect(changes.map(({ type, id, deleted }) => [type, id, deleted])).toEqual([
      ['hero', hero.id, true],
      ['story', story.id, true],
    ]);
    await expect.poll(() => app.platform.media.stat(key), { timeout: 10_000 }).toBeNull();
    expect((await own.delete(`heroes/${hero.id}`)).status).toBe(404);
  });

  describe('visual profiles', () => {
    it('§3.1 are made once, changed, told with the hero, and forgotten', async () => {
      const hero = await user.hero();
      const path = `heroes/${hero.id}/visual-profile`;
      expect((await user.get(path)).status).toBe(404);
      expect((await user.patch(path, { height: 'tall' })).status).toBe(404);
      expect((await user.delete(path)).status).toBe(404);
      const made = await user.post(path, {
        hairStyle: 'curly',
        age: 6,
        colorPalette: ['#ff0000'],
        visualKeywords: ['warm'],
        artStyle: null,
      });
      expect(made.status).toBe(201);
      expect(made.json.data).toMatchObject({
        heroId: hero.id,
        hairStyle: 'curly',
        age: 6,
        colorPalette: ['#ff0000'],
        artStyle: null,
      });
      const again = await user.post(path, {});
      expect(again.status).toBe(409);
      expect(again.json.error).toBe('Conflict');
      const changed = await user.patch(path, { hairStyle: null, eyeColor: 'blue' });
      expect(changed.json.data).toMatchObject({ hairStyle: null, eyeColor: 'blue', age: 6 });
      const told = (await user.get(`heroes/${hero.id}`)).json.data;
      expect(told).toMatchObject({ visualProfileId: made.json.data.id, visualProfile: { eyeColor: 'blue' } });
      expect(told.version).toBeGreaterThan(hero.version);
      expect((await user.get(path)).json.data).toEqual(changed.json.data);
      const gone = await user.delete(path);
      expect(gone.json.data).toEqual({ heroId: hero.id });
      expect((await user.get(`heroes/${hero.id}`)).json.data.visualProfile).toBeNull();
    });

    it('§9.10 may begin with nothing at all', async () => {
      const hero = await user.hero();
      expect((await user.post(`heroes/${hero.id}/visual-profile`)).status).toBe(201);
    });

    it('refuse attributes of the wrong kind', async () => {
      const hero = await user.hero();
      const path = `heroes/${hero.id}/visual-profile`;
      for (const wrong of [{ age: 'six' }, { hairStyle: 3 }, { colorPalette: 'red' }]) {
        expect((await user.post(path, wrong)).status).toBe(400);
      }
    });
  });

  it('tells another family that a hero is not theirs, and what does not exist that it does not', async () => {
    const hero = await user.hero();
    const other = await app.signUp();
    const requests = (of: StoriesUser, id: string) => [
      of.get(`heroes/${id}`),
      of.patch(`heroes/${id}`, { age: 5 }),
      of.delete(`heroes/${id}`),
      of.get(`heroes/${id}/visual-profile`),
      of.post(`heroes/${id}/visual-profile`, {}),
      of.patch(`heroes/${id}/visual-profile`, {}),
      of.delete(`heroes/${id}/visual-profile`),
    ];
    for (const answer of await Promise.all(requests(other, hero.id))) {
      expect(answer.status).toBe(403);
      expect(answer.json).toMatchObject({ error: 'Forbidden', message: 'This belongs to someone else.' });
    }
    for (const answer of await Promise.all(requests(user, 'no-such-hero'))) {
      expect(answer.status).toBe(404);
      expect(answer.json.error).toBe('NotFound');
    }
    expect((await user.get(`heroes/${hero.id}`)).json.data.age).toBe(6);
  });
});
