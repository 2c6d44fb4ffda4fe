import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stacks } from '../../support/servers.js';
import { type Answer, call } from '../../support/speech-client.js';
import { type StoriesApp, type StoriesUser, startStoriesApp } from '../../support/stories-app.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const WHOLE_SECOND = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

interface Route {
  readonly method: string;
  readonly path: string;
}

describe.each(stacks)('the surface of the stories, on %s', (stack) => {
  let app: StoriesApp;
  let user: StoriesUser;
  beforeAll(async () => {
    app = await startStoriesApp(stack);
    user = await app.signUp();
  });
  afterAll(() => app.stop());

  /** Every route that the API's description names for this app. */
  const routes = async (): Promise<Route[]> => {
    const { json } = await call(`${app.url}/docs/json`);
    const paths: [string, Record<string, { tags?: string[] }>][] = Object.entries(json.paths);
    return paths.flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { tags }]) => tags?.some((tag) => tag.startsWith('stories')))
        .map(([method]) => ({ method: method.toUpperCase(), path })),
    );
  };

  it.each(['/api/v1', '/api'])('§3.4 answers health and ping under %s to anybody', async (prefix) => {
    const health = await call(`${app.url}${prefix}/health`);
    expect(health.status).toBe(200);
    expect(health.json.data).toMatchObject({ status: 'healthy', database: 'connected' });
    expect(health.json.data.timestamp).toMatch(INSTANT);
    const ping = await call(`${app.url}${prefix}/ping`);
    expect(ping.json).toEqual({ status: 'ok', timestamp: expect.any(Number) });
  });

  it('says 503 while the database is away, and nothing of why', async () => {
    vi.spyOn(app.platform.database, 'ping').mockRejectedValueOnce(new Error('password of DATABASE_URL'));
    const { status, json, text } = await call(`${app.url}/api/v1/health`);
    expect(status).toBe(503);
    expect(json).toMatchObject({ error: 'ServiceUnavailable', code: 'ServiceUnavailable' });
    expect(text).not.toContain('DATABASE_URL');
  });

  it('§9.2 serves every route with and without the version, as the API’s description says', async () => {
    const all = await routes();
    const under = (prefix: string) =>
      all
        .filter(({ path }) => path.startsWith(prefix))
        .map(({ method, path }) => `${method} ${path.slice(prefix.length)}`)
        .sort();
    const versioned = under('/api/v1/');
    expect(versioned).toEqual(under('/api/').filter((route) => !route.includes(' v1/')));
    for (const route of [
      'GET heroes',
      'POST heroes',
      'GET heroes/{id}',
      'PATCH heroes/{id}',
      'DELETE heroes/{id}',
      'GET heroes/{id}/visual-profile',
      'POST heroes/{id}/visual-profile',
      'PATCH heroes/{id}/visual-profile',
      'DELETE heroes/{id}/visual-profile',
      'POST heroes/{id}/avatar',
      'POST heroes/{id}/visual-profile/extract',
      'GET stories',
      'POST stories',
      'POST stories/{id}/audio',
      'GET stories/{id}/audio',
      'POST stories/{id}/illustrations',
      'POST stories/{id}/play',
      'GET stories/{id}',
      'PATCH stories/{id}',
      'DELETE stories/{id}',
      'GET stories/{id}/illustrations',
      'GET stories/{id}/illustrations/status',
      'GET custom-events',
      'POST custom-events',
      'GET custom-events/{id}',
      'PATCH custom-events/{id}',
      'DELETE custom-events/{id}',
      'POST custom-events/{id}/enhance',
      'POST ai-assistant/generate-title',
      'POST ai-assistant/enhance-prompt',
      'POST ai-assistant/generate-keywords',
      'POST ai-assistant/suggest-similar-events',
      'POST ai-assistant/sanitize-prompt',
      'POST images/generate-pictogram',
      'POST images/generate-avatar',
      'POST images/generate-illustration',
      'POST audio/generate',
      'POST stories/generate',
      'POST stories/generate-custom',
      'POST stories/extract-scenes',
      'GET user/profile',
      'PATCH user/profile',
      'GET user/usage',
      'DELETE user/account',
      'GET health',
      'GET ping',
    ]) {
      expect(versioned).toContain(route);
    }
    const hero = await user.hero();
    expect((await user.get(`/api/heroes/${hero.id}`)).json).toEqual(
      (await user.get(`heroes/${hero.id}`)).json,
    );
  });

  it('lets nobody in without a session, whatever the body is', async () => {
    // Whoever holds a signed address needs no session for it.
    const isPublic = ({ path }: Route) => /\/(health|ping|media\/.*|files\/upload\/.*)$/.test(path);
    const closed = (await routes()).filter((route) => !isPublic(route));
    expect(closed.length).toBeGreaterThan(50);
    for (const { method, path } of closed) {
      const url = `${app.url}${path.replaceAll(/\{\w+\}/g, 'some-id')}`;
      const raw = method === 'GET' || method === 'DELETE' ? {} : { raw: '{"broken' };
      for (const authorization of [undefined, 'Bearer forged']) {
        const answer = await call(url, { method, ...raw, headers: authorization ? { authorization } : {} });
        expect(answer.status, `${method} ${path}`).toBe(401);
        expect(answer.json, `${method} ${path}`).toEqual({
          error: 'Unauthorized',
          code: 'Unauthorized',
          message: 'Authentication required',
        });
      }
    }
  });

  it('answers what is no JSON, or no object, with 400 and its own words', async () => {
    const hero = await user.hero();
    const send = (method: string, path: string, raw: string): Promise<Answer> =>
      call(`${app.url}/api/v1/${path}`, { method, raw, headers: { ...user.headers } });
    for (const [method, path] of [
      ['POST', 'heroes'],
      ['PATCH', `heroes/${hero.id}`],
      ['POST', `heroes/${hero.id}/visual-profile`],
      ['POST', 'stories'],
      ['POST', 'custom-events'],
      ['PATCH', 'user/profile'],
    ] as const) {
      for (const raw of ['{"name":', '[]', '"text"', '42', 'true', '{"name":"a\\u0000b"}']) {
        const answer = await send(method, path, raw);
        expect(answer.status, `${method} ${path} ${raw}: ${answer.text}`).toBe(400);
        expect(answer.json).toMatchObject({ error: 'ValidationError', message: expect.any(String) });
        expect(answer.text).not.toContain('a\\u0000b');
      }
    }
    expect((await user.get(`heroes/${hero.id}`)).json.data).toEqual(hero);
  });

  it('§9.10 takes an empty body that is announced as JSON for what it is', async () => {
    const hero = await user.hero();
    expect((await user.post('heroes')).status).toBe(400);
    expect((await user.patch(`heroes/${hero.id}`)).status).toBe(200);
    expect((await user.delete(`heroes/${hero.id}`)).status).toBe(200);
  });

  it('refuses other kinds of bodies and ones that are too large', async () => {
    const other = await call(`${app.url}/api/v1/heroes`, {
      method: 'POST',
      raw: '<hero/>',
      headers: { ...user.headers, 'content-type': 'application/xml' },
    });
    expect(other.status).toBe(415);
    expect(other.json.error).toBe('UnsupportedMediaType');
    const large = await user.post('heroes', { name: 'x'.repeat(1_100_000) });
    expect(large.status).toBe(413);
    expect(large.json.error).toBe('PayloadTooLarge');
  });

  it('§1.2 makes one thing of one Idempotency-Key, however often and by whichever path it is sent', async () => {
    const own = await app.signUp();
    const body = { name: 'Luna', age: 6, traits: ['Brave'] };
    const key = { 'idempotency-key': 'the-same' };
    const [first, second] = await Promise.all([own.post('heroes', body, key), own.post('heroes', body, key)]);
    const third = await own.post('/api/heroes', body, key);
    for (const answer of [first, second, third]) {
      expect(answer?.status).toBe(201);
      expect(answer?.json).toEqual(first?.json);
    }
    expect((await own.get('heroes')).json.data.pagination.total).toBe(1);
    expect((await own.post('heroes', { ...body, name: 'Leo' }, key)).status).toBe(409);
    const refused = await own.post('heroes', { name: 'Luna' }, { 'idempotency-key': 'another' });
    expect(refused.status).toBe(400);
    expect((await own.post('heroes', body, { 'idempotency-key': 'another' })).status).toBe(201);
    const other = await app.signUp();
    expect((await other.post('heroes', body, key)).json.data.id).not.toBe(first?.json.data.id);
  });

  it('§1.2 makes nothing twice for one Idempotency-Key, even when the process dies before it keeps the answer', async () => {
    const own = await app.signUp();
    const hero = await own.hero();
    const story = await own.story(hero.id);
    const posts = [
      ['heroes', { name: 'Leo', age: 5, traits: ['Kind'] }],
      ['stories', { heroId: hero.id, title: 'Night', content: 'It was night.', language: 'en' }],
      ['custom-events', { title: 'Pool', promptSeed: 'Floating' }],
      [`heroes/${hero.id}/visual-profile`, { hairColor: 'red' }],
      [`stories/${story.id}/play`, undefined],
      ['analytics/sessions', { storyId: story.id, duration: 30, completed: true }],
    ] as const;
    const everything = async () =>
      Promise.all(
        ['heroes', 'stories', 'custom-events', 'analytics/sessions', `stories/${story.id}`].map(
          async (path) => (await own.get(path)).json.data,
        ),
      );
    const send = () =>
      Promise.all(
        posts.map(([path, body], index) => own.post(path, body, { 'idempotency-key': `post-${index}` })),
      );
    const first = await send();
    const made = await everything();
    await app.platform.database.transaction(async (tx) => {
      await sql`update stories_idempotent_answers set status = null, body = null, created_at = 0 where user_id = ${own.userId}`.execute(
        tx,
      );
    });
    const second = await send();
    expect(second.map(({ status }) => status)).toEqual([201, 201, 201, 201, 200, 201]);
    expect(second.map(({ json }) => json.data.id)).toEqual(first.map(({ json }) => json.data.id));
    const withoutSignatures = (value: unknown) => JSON.stringify(value).replaceAll(/\?expires=[^"]*/g, '');
    expect(withoutSignatures(await everything())).toBe(withoutSignatures(made));
  });

  it('reads dates with and without a fraction, and with an offset', async () => {
    const hero = await user.hero();
    const total = async (updatedAfter: string) =>
      (await user.get(`heroes?updatedAfter=${encodeURIComponent(updatedAfter)}`)).json.data.pagination.total;
    const before = new Date(Date.parse(hero.updatedAt) - 2_000).toISOString();
    const withOffset = `${new Date(Date.parse(before) + 3_600_000).toISOString().slice(0, 19)}+01:00`;
    for (const text of [before, `${before.slice(0, 19)}Z`, withOffset]) {
      expect(await total(text), text).toBeGreaterThanOrEqual(1);
    }
  });

  it('§9.5 says in all the usual ways when to come back', async () => {
    const strict = await startStoriesApp(stack, { environment: { RATE_LIMIT_MAX: '2' } });
    const hasty = await strict.signUp();
    const answers = [await hasty.get('heroes'), await hasty.get('heroes'), await hasty.get('heroes')];
    await strict.stop();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    const [, , refused] = answers;
    expect(refused?.json).toMatchObject({
      error: 'RateLimitExceeded',
      code: 'RateLimitExceeded',
      remaining: 0,
      operation: 'requests',
      resetAt: expect.stringMatching(WHOLE_SECOND),
    });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(refused?.headers.get('x-ratelimit-reset')) * 1_000).toBe(Date.parse(refused?.json.resetAt));
  });
});
