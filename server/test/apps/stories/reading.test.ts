import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { movableClock, stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-03-15T12:00:00.000Z');
const iso = (at: number) => new Date(at).toISOString();

describe.each(stacks)('§3.5 the reading journey on %s', (stack) => {
  const clock = movableClock(NOON);
  let app: StoriesApp;
  beforeAll(async () => {
    app = await startStoriesApp(stack, { clock });
  });
  afterAll(() => app.stop());

  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  type Json = any;
  const library = async () => {
    const user = await app.signUp();
    const hero = await user.hero();
    return { user, hero, story: await user.story(hero.id) };
  };
  const report = (user: StoriesUser, storyId: string, more: Json = {}) =>
    user.post('analytics/sessions', { storyId, completed: true, ...more });
  const data = async (user: StoriesUser, path: string): Promise<Json> => {
    const { status, json, text } = await user.get(path);
    if (status !== 200) throw new Error(`${status}: ${text}`);
    return json.data;
  };
  const storyOf = async (user: StoriesUser, id: string) => data(user, `stories/${id}`);

  it('counts a play, without a body, and tells it to sync', async () => {
    const { user, story } = await library();
    const { status, json } = await user.post(`stories/${story.id}/play`);
    expect([status, json.data]).toEqual([
      200,
      { id: story.id, playCount: 1, lastPlayedAt: iso(clock.now()) },
    ]);
    expect((await user.post(`/api/stories/${story.id}/play`)).json.data.playCount).toBe(2);
    const changes = await data(user, `/api/sync/changes?since=${story.version}`);
    expect(changes.changes[0].value).toMatchObject({ id: story.id, playCount: 2, version: 4 });
  });

  it('counts parallel plays all', async () => {
    const { user, story } = await library();
    await Promise.all(Array.from({ length: 20 }, () => user.post(`stories/${story.id}/play`)));
    expect((await storyOf(user, story.id)).playCount).toBe(20);
  });

  it('keeps a report with what it can derive', async () => {
    const { user, story } = await library();
    const startedAt = iso(clock.now() - 10 * 60_000);
    const endedAt = iso(clock.now() - 5 * 60_000);
    const { status, json } = await report(user, story.id, { startedAt, endedAt });
    expect(status).toBe(201);
    expect(json.data).toEqual({
      id: expect.any(String),
      userId: user.userId,
      storyId: story.id,
      startedAt,
      endedAt,
      duration: 300,
      completed: true,
      createdAt: iso(clock.now()),
      updatedAt: iso(clock.now()),
    });
    const floored = await report(user, story.id, {
      startedAt: '2026-03-15T11:00:00Z',
      duration: 12.9,
      endedAt: null,
    });
    expect(floored.json.data).toMatchObject({
      duration: 12,
      startedAt: '2026-03-15T11:00:00.000Z',
      endedAt: null,
    });
    expect((await storyOf(user, story.id)).playCount).toBe(2);
  });

  it.each([
    ['an end before the beginning', { startedAt: iso(NOON), endedAt: iso(NOON - 1_000) }],
    ['an end at the beginning', { startedAt: iso(NOON), endedAt: iso(NOON) }],
    ['a negative duration', { duration: -1 }],
    ['an instant that is none', { startedAt: 'yesterday' }],
    ['no word about completion', { completed: undefined }],
  ])('refuses %s and counts nothing', async (_what, more) => {
    const { user, story } = await library();
    const { status, json } = await report(user, story.id, more);
    expect([status, json.error]).toEqual([400, 'ValidationError']);
    expect((await storyOf(user, story.id)).playCount).toBe(0);
  });

  it('caps what was heard at one and a half times the narration', async () => {
    const { user, story } = await library();
    await app.platform.database.transaction((tx) =>
      // biome-ignore lint/suspicious/noExplicitAny: a column is set without a narration being made
      (tx as any)
        .updateTable('stories_stories')
        .set({ audio_duration: 101 })
        .where('id', '=', story.id)
        .execute(),
    );
    expect((await report(user, story.id, { duration: 9_999 })).json.data.duration).toBe(152);
    expect((await report(user, story.id, { duration: 100 })).json.data.duration).toBe(100);
  });

  describe('§9.17 one listening counts once', () => {
    it('when a report follows the play call within its own time span', async () => {
      const { user, story } = await library();
      await user.post(`stories/${story.id}/play`);
      const startedAt = iso(clock.now());
      clock.advance(5 * 60_000);
      await report(user, story.id, { startedAt, endedAt: iso(clock.now()) });
      expect(await storyOf(user, story.id)).toMatchObject({ playCount: 1, lastPlayedAt: iso(clock.now()) });
    });

    it('but a second report, or one of another time or story, adds a play', async () => {
      const { user, hero, story } = await library();
      const other = await user.story(hero.id);
      await user.post(`stories/${story.id}/play`);
      const span = { startedAt: iso(clock.now()), endedAt: iso(clock.now() + 60_000) };
      await report(user, other.id, span);
      expect((await storyOf(user, other.id)).playCount).toBe(1);
      const early = { startedAt: iso(clock.now() - 2 * HOUR), endedAt: iso(clock.now() - HOUR) };
      await report(user, story.id, early);
      expect((await storyOf(user, story.id)).playCount).toBe(2);
      await report(user, story.id, span);
      expect((await storyOf(user, story.id)).playCount).toBe(2);
      await report(user, story.id, span);
      expect((await storyOf(user, story.id)).playCount).toBe(3);
    });
  });

  it('lists listenings by story, time and completion', async () => {
    const { user, hero, story } = await library();
    const other = await user.story(hero.id);
    for (let day = 0; day < 4; day += 1) {
      await report(user, day % 2 ? other.id : story.id, {
        startedAt: iso(clock.now() - day * DAY),
        duration: 60,
        completed: day !== 3,
      });
    }
    const of = async (query: string) => (await data(user, `analytics/sessions?${query}`)).sessions;
    const all = await data(user, 'analytics/sessions?limit=3');
    expect(all.pagination).toEqual({ total: 4, limit: 3, offset: 0, hasMore: true });
    expect(all.sessions.map(({ storyId }: Json) => storyId)).toEqual([story.id, other.id, story.id]);
    expect(await of(`storyId=${other.id}`)).toHaveLength(2);
    expect(await of('completed=false')).toHaveLength(1);
    expect(await of(`startDate=${iso(clock.now() - DAY)}`)).toHaveLength(2);
    const day = iso(clock.now() - DAY).slice(0, 10);
    expect(await of(`startDate=${day}&endDate=${day}`)).toHaveLength(1);
    const stranger = await app.signUp();
    expect((await stranger.get(`analytics/sessions?storyId=${story.id}`)).status).toBe(403);
    expect((await user.get('analytics/sessions?storyId=nobody')).status).toBe(404);
    expect((await report(stranger, story.id)).status).toBe(403);
    expect((await stranger.post(`stories/${story.id}/play`)).status).toBe(403);
    expect((await user.post('stories/nobody/play')).status).toBe(404);
    expect((await data(stranger, 'analytics/sessions')).sessions).toEqual([]);
  });

  it('counts streaks by the days of the listener’s time zone', async () => {
    const { user, story } = await library();
    const now = clock.now();
    // 02:30 UTC: still yesterday evening in New York, already today in Paris.
    const night = Math.floor(now / DAY) * DAY + 2.5 * HOUR;
    for (const daysAgo of [0, 1, 2, 5, 6, 7, 8]) {
      await report(user, story.id, { startedAt: iso(night - daysAgo * DAY), duration: 90 });
    }
    await report(user, story.id, { startedAt: iso(night - 3 * DAY), duration: 90, completed: false });
    const today = iso(now).slice(0, 10);
    expect(await data(user, 'analytics/summary?timezone=Europe/Paris&refresh=true')).toEqual({
      totalStoriesListened: 7,
      totalListeningTimeMinutes: 11,
      currentStreak: 3,
      longestStreak: 4,
      favoriteStoriesCount: 0,
      lastListeningDate: today,
    });
    expect(await data(user, 'analytics/summary?timezone=America/New_York')).toMatchObject({
      currentStreak: 0,
      longestStreak: 4,
      lastListeningDate: iso(now - DAY).slice(0, 10),
    });
    expect(await data(user, 'analytics')).toMatchObject({ totalListeningTimeSeconds: 630, currentStreak: 3 });
    const bad = await user.get('analytics/summary?timezone=Mars/Olympus');
    expect([bad.status, bad.json.error]).toEqual([400, 'ValidationError']);
  });

  it('is empty for a newcomer', async () => {
    const user = await app.signUp();
    expect(await data(user, 'analytics/summary')).toEqual({
      totalStoriesListened: 0,
      totalListeningTimeMinutes: 0,
      currentStreak: 0,
      longestStreak: 0,
      favoriteStoriesCount: 0,
      lastListeningDate: null,
    });
    expect((await data(user, 'analytics/insights')).insights).toEqual({
      averageStoryLengthMinutes: null,
      averageListensPerStory: null,
      preferredListeningHour: null,
      preferredListeningPeriod: null,
      mostListenedStory: null,
      totalUniqueStoriesListened: 0,
    });
    expect((await data(user, 'analytics/activity?range=all')).activity).toHaveLength(1);
    expect((await fetch(`${app.url}/api/v1/analytics/summary`)).status).toBe(401);
  });

  it('§9.8 tells minutes by day for a week, month, year, and for all time', async () => {
    const { user, story } = await library();
    await report(user, story.id, { startedAt: iso(clock.now() - 2 * DAY), duration: 200 });
    await report(user, story.id, { startedAt: iso(clock.now() - 2 * DAY), duration: 190 });
    await report(user, story.id, { startedAt: iso(clock.now() - 40 * DAY), duration: 60 });
    const week = await data(user, 'analytics/activity?range=week&timezone=UTC');
    expect(week).toMatchObject({
      range: 'week',
      timezone: 'UTC',
      startDate: iso(clock.now() - 6 * DAY).slice(0, 10),
      endDate: iso(clock.now()).slice(0, 10),
    });
    expect(week.activity.map(({ minutes }: Json) => minutes)).toEqual([0, 0, 0, 0, 7, 0, 0]);
    for (const [range, days] of [
      ['month', 30],
      ['year', 365],
      ['all', 41],
    ] as const) {
      const { activity } = await data(user, `analytics/activity?range=${range}`);
      expect(activity).toHaveLength(days);
      const dates = activity.map(({ date }: Json) => date);
      expect(new Set(dates).size).toBe(days);
      expect([...dates].sort()).toEqual(dates);
    }
    expect((await user.get('analytics/activity?range=century')).status).toBe(400);
  });

  it('tells which hero was listened to for longest', async () => {
    const { user, hero, story } = await library();
    const quiet = await user.hero({ name: 'Otto' });
    await report(user, story.id, { duration: 600 });
    const { heroes } = await data(user, 'analytics/heroes');
    expect(heroes).toEqual([
      {
        heroId: hero.id,
        heroName: 'Luna',
        avatarUrl: null,
        storiesCount: 1,
        totalListeningMinutes: 10,
        isMostActive: true,
      },
      expect.objectContaining({ heroId: quiet.id, storiesCount: 0, isMostActive: false }),
    ]);
  });

  it('§9.9 unlocks milestones once, with instants that have no fraction', async () => {
    const { user, story } = await library();
    const locked = await data(user, 'analytics/milestones');
    expect(locked.summary).toEqual({ totalMilestones: 10, unlockedCount: 0 });
    const byId = ({ milestones }: Json, id: string) => milestones.find((one: Json) => one.id === id);
    expect(byId(locked, 'STORIES_5')).toMatchObject({
      unlocked: false,
      progress: 0,
      target: 5,
      percentage: 0,
    });
    for (let day = 0; day < 7; day += 1) {
      await report(user, story.id, { startedAt: iso(clock.now() - day * DAY), duration: 700 });
    }
    const answers = await Promise.all([1, 2, 3].map(() => data(user, 'analytics/milestones')));
    const told = answers.flatMap(({ summary }) => summary.newlyUnlocked ?? []);
    expect(told.sort()).toEqual(['FIRST_STORY', 'LISTENING_1H', 'STORIES_5', 'STREAK_7']);
    const now = await data(user, 'analytics/milestones');
    expect(now.summary).toEqual({ totalMilestones: 10, unlockedCount: 4 });
    const streak = byId(now, 'STREAK_7');
    expect(streak.unlockedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(streak.progress).toBeUndefined();
    expect(byId(now, 'STORIES_10')).toMatchObject({ progress: 7, target: 10, percentage: 70 });
    expect(byId(now, 'LISTENING_5H')).toMatchObject({ progress: 4_900, target: 18_000, percentage: 27 });
    clock.advance(3 * DAY);
    expect(byId(await data(user, 'analytics/milestones'), 'STREAK_7').unlocked).toBe(true);
  });

  it('knows habits', async () => {
    const { user, hero, story } = await library();
    const other = await user.story(hero.id);
    const evening = Math.floor(clock.now() / DAY) * DAY - 5 * HOUR;
    for (const [storyId, at] of [
      [story.id, evening],
      [story.id, evening - DAY],
      [other.id, evening - DAY - 9 * HOUR],
    ] as const) {
      await report(user, storyId, { startedAt: iso(at), duration: 60, completed: false });
    }
    expect((await data(user, 'analytics/insights')).insights).toEqual({
      averageStoryLengthMinutes: null,
      averageListensPerStory: 1.5,
      preferredListeningHour: 19,
      preferredListeningPeriod: 'evening',
      mostListenedStory: { storyId: story.id, title: story.title, playCount: 2 },
      totalUniqueStoriesListened: 2,
    });
  });
});
