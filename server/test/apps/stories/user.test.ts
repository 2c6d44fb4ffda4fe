import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRows } from '../../cli/installation.js';
import { movableClock, stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import { type StoriesApp, startStoriesApp } from '../../support/stories-app.js';

const WHOLE_SECOND = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const OPERATIONS = [
  'story_generation',
  'audio_generation',
  'avatar_generation',
  'illustration_generation',
  'ai_assistant',
];

describe.each(stacks)('the user of the stories, on %s', (stack) => {
  let app: StoriesApp;
  const clock = movableClock();
  beforeAll(async () => {
    app = await startStoriesApp(stack, { clock, environment: { RATE_LIMIT_AVATAR_GENERATION: '7' } });
  });
  afterAll(() => app.stop());

  it('§3.4 sees the profile with how much there is', async () => {
    const user = await app.register('Someone@Example.com');
    const hero = await user.hero();
    await user.story(hero.id);
    await user.event();
    const { json, status } = await user.get('user/profile');
    expect(status).toBe(200);
    expect(json.data).toMatchObject({
      id: user.userId,
      email: 'someone@example.com',
      name: 'A parent',
      totalStoriesGenerated: 0,
      totalAudioGenerated: 0,
      totalIllustrationsGenerated: 0,
      lastStoryGeneratedAt: null,
      preferredLanguage: null,
      _count: { heroes: 1, customEvents: 1, stories: 1 },
    });
    expect(json.data.createdAt).toMatch(/\.\d{3}Z$/);
  });

  it('carries the four counters on every `user` of a sign-in', async () => {
    const user = await app.register();
    const session = await call(`${app.url}/api/auth/get-session`, { headers: { ...user.headers } });
    expect(session.json.user).toMatchObject({
      totalStoriesGenerated: 0,
      totalAudioGenerated: 0,
      totalIllustrationsGenerated: 0,
      lastStoryGeneratedAt: null,
    });
  });

  it('changes the name and keeps the preferred language', async () => {
    const user = await app.register();
    const changed = await user.patch('user/profile', {
      name: 'New name',
      preferredLanguage: 'French',
      age: 3,
    });
    expect(changed.status).toBe(200);
    expect(changed.json.data).toMatchObject({ name: 'New name', preferredLanguage: 'French' });
    const left = await user.patch('user/profile', { name: null });
    expect(left.json.data).toMatchObject({ name: 'New name', preferredLanguage: 'French' });
    expect((await user.patch('user/profile')).status).toBe(200);
    expect((await user.patch('user/profile', { name: 3 })).status).toBe(400);
    expect((await user.patch('user/profile', { name: 'x'.repeat(201) })).status).toBe(400);
  });

  it('has a profile also without an e-mail account', async () => {
    const user = await app.signUp();
    const { json } = await user.get('user/profile');
    expect(json.data).toMatchObject({ id: user.userId, email: '', _count: { heroes: 0 } });
  });

  it('§9.6 sees usage in both shapes', async () => {
    const user = await app.signUp();
    const { json, status } = await user.get('user/usage');
    expect(status).toBe(200);
    for (const operation of OPERATIONS) {
      expect(json.data[operation], operation).toEqual(json.data.rateLimits[operation]);
      expect(json.data[operation].resetAt).toMatch(WHOLE_SECOND);
      expect(json.data[operation].remaining).toBe(json.data[operation].limit);
    }
    expect(json.data.story_generation.limit).toBe(5);
    expect(json.data.avatar_generation.limit).toBe(7);
    expect(json.data).toMatchObject({
      summary: {
        totalRequests: 0,
        successfulRequests: 0,
        failedRequests: 0,
        successRate: 0,
        totalCost: 0,
        totalTokens: 0,
      },
      byOperation: [],
      userStats: { totalStoriesGenerated: 0 },
    });
    const { startDate, endDate } = json.data.period;
    expect(Date.parse(endDate) - Date.parse(startDate)).toBe(30 * 86_400_000);
    expect((await user.get('user/usage?startDate=2026-01-01T00:00:00Z')).status).toBe(200);
    for (const query of ['startDate=x', 'endDate=x', 'startDate=2100-01-01T00:00:00Z']) {
      const answer = await user.get(`user/usage?${query}`);
      expect(answer.status, query).toBe(400);
      expect(answer.json.error).toBe('ValidationError');
    }
  });

  it('§9.18 leaves nothing behind when the account is deleted, and the session is over at once', async () => {
    const user = await app.register();
    const hero = await user.hero();
    const story = await user.story(hero.id);
    await user.event();
    await user.post(`heroes/${hero.id}/visual-profile`, { hairStyle: 'curly' });
    await user.patch('user/profile', { preferredLanguage: 'French' });
    const keys = ['avatar', 'audio', 'illustration', 'pictogram'].map(
      (kind) => `${kind}/${user.userId}/1-${story.id}.bin`,
    );
    for (const key of keys) await app.platform.media.put(key, Buffer.from('bytes'));
    const neighbour = await app.signUp();
    await neighbour.hero();

    const answer = await user.delete('user/account');
    expect(answer.status).toBe(200);
    expect(answer.json.data).toEqual({ deleted: true });
    const after = await user.get('user/profile');
    expect(after.status).toBe(401);
    for (const key of keys) {
      await expect.poll(() => app.platform.media.stat(key), { timeout: 10_000 }).toBeNull();
    }
    for (const [table, rows] of Object.entries(await allRows(app.platform.config))) {
      expect(
        rows.filter((row) => row.includes(user.userId)),
        table,
      ).toEqual([]);
    }
    expect((await neighbour.get('heroes')).json.data.pagination.total).toBe(1);
  });
});
