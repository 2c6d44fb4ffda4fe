import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { movableClock, stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

describe.each(stacks)('custom events, on %s', (stack) => {
  let app: StoriesApp;
  let user: StoriesUser;
  const clock = movableClock();
  beforeAll(async () => {
    app = await startStoriesApp(stack, { clock });
    user = await app.signUp();
  });
  afterAll(() => app.stop());

  it('§3.3 are created with what they need, the rest by default', async () => {
    const answer = await user.post('custom-events', { title: 'Moving house', promptSeed: 'A new room' });
    expect(answer.status).toBe(201);
    expect(answer.json.data).toMatchObject({
      userId: user.userId,
      title: 'Moving house',
      promptSeed: 'A new room',
      description: '',
      category: 'general',
      ageRange: null,
      tone: 'cheerful',
      keywords: [],
      aiEnhanced: false,
      isFavorite: false,
      usageCount: 0,
      lastUsedAt: null,
      pictogramEmoji: null,
    });
    const { id } = answer.json.data;
    expect((await user.get(`custom-events/${id}`)).json.data).toEqual(answer.json.data);
  });

  it('§9.11 take null for nothing on create', async () => {
    const event = await user.event({
      description: null,
      category: null,
      ageRange: null,
      tone: null,
      keywords: null,
    });
    expect(event).toMatchObject({ description: '', category: 'general', tone: 'cheerful', keywords: [] });
  });

  it.each([
    [{ title: undefined }, 'title'],
    [{ title: '' }, 'title'],
    [{ title: 'x'.repeat(201) }, 'title'],
    [{ promptSeed: '' }, 'promptSeed'],
    [{ promptSeed: 'x'.repeat(2_001) }, 'promptSeed'],
    [{ description: 'x'.repeat(2_001) }, 'description'],
    [{ category: 'x'.repeat(101) }, 'category'],
    [{ ageRange: 'x'.repeat(21) }, 'ageRange'],
    [{ tone: 'x'.repeat(51) }, 'tone'],
    [{ keywords: Array(21).fill('x') }, 'keywords'],
    [{ keywords: ['x'.repeat(51)] }, 'keywords.0'],
    [{ keywords: 'float' }, 'keywords'],
  ])('refuse %j by name, on create and on change', async (wrong, field) => {
    const answer = await user.post('custom-events', { title: 't', promptSeed: 'p', ...wrong });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.json.details)).toEqual([field]);
    if (Object.values(wrong)[0] === undefined) return;
    const { id } = await user.event();
    expect((await user.patch(`custom-events/${id}`, wrong)).status).toBe(400);
  });

  it('are changed, but nobody sets how often they were used', async () => {
    const event = await user.event({ ageRange: '4-6 years' });
    const answer = await user.patch(`custom-events/${event.id}`, {
      title: 'Renamed',
      keywords: ['water', 'friends'],
      isFavorite: true,
      ageRange: null,
      tone: null,
      usageCount: 99,
      lastUsedAt: '2026-01-01T00:00:00Z',
    });
    expect(answer.status).toBe(200);
    expect(answer.json.data).toMatchObject({
      title: 'Renamed',
      keywords: ['water', 'friends'],
      isFavorite: true,
      ageRange: null,
      tone: 'cheerful',
      usageCount: 0,
      lastUsedAt: null,
    });
    const stale = { title: 'x', baseUpdatedAt: event.updatedAt };
    const conflict = await user.patch(`custom-events/${event.id}`, stale);
    expect(conflict.status).toBe(409);
    expect(conflict.json.data.title).toBe('Renamed');
  });

  it('are listed favourites first, then newest, by category and after an instant', async () => {
    const own = await app.signUp();
    for (const [title, isFavorite, category] of [
      ['a', true, 'daily'],
      ['b', false, 'daily'],
      ['c', false, 'adventure'],
    ] as const) {
      await own.event({ title, isFavorite, category });
      clock.advance(10);
    }
    const list = async (query: string) => (await own.get(`custom-events${query}`)).json.data;
    const titles = async (query: string) =>
      (await list(query)).customEvents.map(({ title }: { title: string }) => title);
    expect(await titles('')).toEqual(['a', 'c', 'b']);
    expect(await titles('?category=daily')).toEqual(['a', 'b']);
    expect(await titles('?favoritesOnly=true')).toEqual(['a']);
    expect((await list('?limit=2')).pagination).toEqual({ total: 3, limit: 2, offset: 0, hasMore: true });
    const { customEvents } = await list('');
    const latest = customEvents
      .map(({ updatedAt }: { updatedAt: string }) => updatedAt)
      .sort()
      .at(-1);
    expect(await titles(`?updatedAfter=${latest}`)).toEqual([]);
    expect(await titles(`?updatedAfter=${customEvents[0].updatedAt}`)).toEqual(['b', 'c']);
    expect((await own.get('custom-events?updatedAfter=never')).status).toBe(400);
  });

  it('leave their stories behind when they are deleted, and other devices hear of both', async () => {
    const own = await app.signUp();
    const event = await own.event();
    const story = await own.story((await own.hero()).id, { customEventId: event.id });
    const answer = await own.delete(`custom-events/${event.id}`);
    expect(answer.status).toBe(200);
    expect(answer.json.data).toEqual({ id: event.id });
    const kept = (await own.get(`stories/${story.id}`)).json.data;
    expect(kept).toMatchObject({ customEventId: null, customEvent: null });
    expect(kept.version).toBeGreaterThan(story.version);
    const { changes } = await app.platform.changes.since(own.userId, story.version, 10);
    expect(changes.map(({ type, deleted }) => [type, deleted])).toEqual([
      ['customEvent', true],
      ['story', false],
    ]);
    expect((await own.delete(`custom-events/${event.id}`)).status).toBe(404);
  });

  it('belong to one family', async () => {
    const event = await user.event();
    const other = await app.signUp();
    const requests = (of: StoriesUser, id: string) => [
      of.get(`custom-events/${id}`),
      of.patch(`custom-events/${id}`, { title: 'Mine' }),
      of.delete(`custom-events/${id}`),
    ];
    for (const answer of await Promise.all(requests(other, event.id))) {
      expect(answer.status).toBe(403);
      expect(answer.json).toMatchObject({ error: 'Forbidden', message: 'This belongs to someone else.' });
    }
    for (const answer of await Promise.all(requests(user, 'no-such-event'))) expect(answer.status).toBe(404);
    expect((await user.get(`custom-events/${event.id}`)).json.data).toEqual(event);
  });
});
