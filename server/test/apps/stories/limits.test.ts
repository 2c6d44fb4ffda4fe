import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pruneJob } from '../../../src/apps/stories/usage/prune-job.js';
import { movableClock, stacks } from '../../support/servers.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.each(stacks)('limits and the ledger of the stories, on %s', (stack) => {
  const clock = movableClock();
  let app: StoriesApp;
  let user: StoriesUser;
  beforeAll(async () => {
    app = await startStoriesApp(stack, {
      clock,
      environment: {
        RATE_LIMIT_STORY_GENERATION: '-3',
        RATE_LIMIT_AUDIO_GENERATION: '0',
        RATE_LIMIT_AVATAR_GENERATION: '2',
        RATE_LIMIT_ILLUSTRATION_GENERATION: 'many',
        RATE_LIMIT_AI_ASSISTANT: '3',
      },
    });
  });
  afterAll(() => app.stop());
  beforeEach(async () => {
    user = await app.signUp();
  });
  const usage = async () => (await user.get('user/usage')).json.data;
  const ask = () => user.post('ai-assistant/suggest-similar-events', { description: 'a picnic' });

  it('§8.31 takes the operator’s numbers, and the contract’s for what is no number', async () => {
    const { rateLimits } = await usage();
    expect(
      Object.entries(rateLimits).map(([name, state]) => [name, (state as { limit: number }).limit]),
    ).toEqual([
      ['story_generation', 5],
      ['audio_generation', 10],
      ['avatar_generation', 2],
      ['illustration_generation', 20],
      ['ai_assistant', 3],
    ]);
  });

  it('§8.31 §9.5 counts a rolling hour, tells truthfully when it ends, and does not count what it refuses', async () => {
    const began = clock.now();
    for (let n = 0; n < 3; n += 1) {
      expect((await ask()).status).toBe(200);
      clock.advance(10 * 60_000);
    }
    for (let n = 0; n < 4; n += 1) {
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(Date.parse(refused.json.resetAt)).toBe(Math.ceil((began + HOUR_MS) / 1_000) * 1_000);
      expect(Number(refused.headers.get('retry-after'))).toBe(30 * 60);
      expect(refused.headers.get('x-ratelimit-limit')).toBe('3');
      expect(refused.json).toMatchObject({ limit: 3, remaining: 0, operation: 'ai_assistant' });
    }
    clock.advance(30 * 60_000 + 1_000);
    expect((await ask()).status).toBe(200);
    const next = await ask();
    expect(next.status).toBe(429);
    expect(Date.parse(next.json.resetAt)).toBe(Math.ceil((began + 10 * 60_000 + HOUR_MS) / 1_000) * 1_000);
    expect((await usage()).summary.totalRequests).toBe(4);
  });

  it('stops drawing at the limit and leaves the rest for later', async () => {
    const hero = await user.hero();
    const story = (await user.post('stories', { heroId: hero.id, language: 'en' })).json.data;
    await app.platform.database.transaction(async (tx) => {
      await sql`insert into stories_generation_usage (id, user_id, operation, model, units, created_at)
        values (${`spent-${user.userId}`}, ${user.userId}, 'illustration_generation', 'x', 18, ${clock.now()})`.execute(
        tx,
      );
    });
    const drawn = await user.post(`stories/${story.id}/illustrations`, {});
    expect(drawn.json.data).toMatchObject({ generated: 2, failed: 0, illustrationCount: 2 });
    const refused = await user.post(`stories/${story.id}/illustrations`, {});
    expect(refused.status).toBe(429);
    expect(refused.json.operation).toBe('illustration_generation');
    expect((await user.get(`stories/${story.id}`)).json.data.illustrationCount).toBe(2);
    clock.advance(HOUR_MS + 1_000);
    const rest = await user.post(`stories/${story.id}/illustrations`, {});
    expect(rest.json.data.status).toBe('completed');
  });

  it('§4 forgets the ledger and finished orders after seven days, remembered answers after one', async () => {
    const hero = await user.hero();
    const { json } = await user.post(
      'stories',
      { heroId: hero.id, language: 'en' },
      { 'idempotency-key': 'story' },
    );
    await user.post('heroes', { name: 'Leo', age: 5, traits: ['Kind'] }, { 'idempotency-key': 'hero' });
    const rows = async () => {
      const count = async (table: string) => {
        const found = await sql<{
          n: number;
        }>`select count(*) as n from ${sql.table(table)} where user_id = ${user.userId}`.execute(
          app.platform.database.read,
        );
        return Number(found.rows[0]?.n);
      };
      return Promise.all(
        ['stories_generation_usage', 'stories_generations', 'stories_idempotent_answers'].map(count),
      );
    };
    const prune = () =>
      pruneJob(app.platform).run({
        id: 'now',
        payload: null,
        attempt: 1,
        signal: new AbortController().signal,
      });
    clock.advance(DAY_MS - 60_000);
    await prune();
    expect(await rows()).toEqual([1, 1, 1]);
    clock.advance(120_000);
    await prune();
    expect(await rows()).toEqual([1, 1, 0]);
    clock.advance(6 * DAY_MS);
    await prune();
    expect(await rows()).toEqual([0, 0, 0]);
    const back = await app.as(user.userId);
    expect((await back.get(`stories/${json.data.id}`)).status).toBe(200);
  });
});
