import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../support/accounts.js';
import { movableClock, stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import {
  type StoriesApp,
  type StoriesUser,
  startStoriesApp,
  storiesUser,
} from '../../support/stories-app.js';

const DAY_MS = 24 * 3_600_000;
const account = (n: number) => ({ email: `parent-${n}@example.com`, password: 'a long enough password' });

describe.each(stacks)('what the contract promises of accounts and ids, on %s', (stack) => {
  const clock = movableClock();
  let app: StoriesApp;
  beforeAll(async () => {
    app = await startStoriesApp(stack, { clock });
  });
  afterAll(() => app.stop());
  const post = (path: string, body?: unknown, headers = {}) =>
    call(`${app.url}${path}`, { method: 'POST', headers, ...(body === undefined ? {} : { body }) });

  it('§8.7 §9.1 signs up and in by the real addresses and by those of the requirement documents', async () => {
    const addresses = [
      ['/api/auth/sign-up/email', '/api/auth/sign-in/email'],
      ['/api/auth/sign-up', '/api/auth/sign-in'],
    ] as const;
    for (const [index, [up, into]] of addresses.entries()) {
      const body = { ...account(index), name: 'A parent' };
      const made = await post(up, body);
      expect(made.status, up).toBe(200);
      const signedIn = await post(into, account(index));
      expect(signedIn.status, into).toBe(200);
      for (const { json } of [made, signedIn]) {
        expect(json.data.session.token).toBe(json.token);
        expect(json.session.token).toBe(json.token);
        const profile = await storiesUser(app.url, json.user.id, json.token).get('user/profile');
        expect(profile.json.data).toMatchObject({ id: json.user.id, email: account(index).email });
      }
    }
  });

  it('§8.8 keeps a session for thirty days, refreshes it, and knows expired and forged ones', async () => {
    const { token, userId, signedToken } = await signUp(app, 'thirty-days@example.com');
    const user = storiesUser(app.url, userId, token);
    clock.advance(29 * DAY_MS);
    const refreshed = await post('/api/auth/session/refresh', undefined, user.headers);
    expect(Date.parse(refreshed.json.session.expiresAt) - clock.now()).toBe(30 * DAY_MS);
    clock.advance(29 * DAY_MS);
    expect((await user.get('heroes')).status).toBe(200);
    const forged = [
      token.slice(0, -1),
      `${token}x`,
      signedToken.replace(/\.(.)/, (_, c) => `.${c === 'A' ? 'B' : 'A'}`),
    ];
    const expectNobody = async (tokens: readonly string[]) => {
      for (const each of tokens) {
        const { status, json } = await storiesUser(app.url, userId, each).post('heroes', '{"broken');
        expect(status, each).toBe(401);
        expect(json).toEqual({
          error: 'Unauthorized',
          code: 'Unauthorized',
          message: 'Authentication required',
        });
      }
    };
    await expectNobody(forged);
    clock.advance(31 * DAY_MS);
    await expectNobody([token, signedToken]);
  });

  it('§8.9 lets nobody in by a token whose user has signed out', async () => {
    const { token, userId, cookie } = await signUp(app, 'leaving@example.com');
    const user = storiesUser(app.url, userId, token);
    await user.hero();
    expect((await post('/api/auth/sign-out', undefined, user.headers)).json).toMatchObject({ success: true });
    expect((await user.get('heroes')).status).toBe(401);
    expect((await call(`${app.url}/api/v1/heroes`, { headers: { cookie } })).status).toBe(401);
  });

  it('§9.3 answers the helpers to a cookie alone', async () => {
    const { cookie } = await signUp(app, 'cookie@example.com');
    for (const [path, body] of [
      ['generate-title', { description: 'A day at the sea' }],
      ['enhance-prompt', { title: 'Sea', description: 'Waves' }],
      ['generate-keywords', { event: 'Sea', description: 'Waves' }],
      ['suggest-similar-events', { description: 'Sea' }],
    ] as const) {
      expect((await post(`/api/v1/ai-assistant/${path}`, body, { cookie })).status, path).toBe(200);
      expect((await post(`/api/v1/ai-assistant/${path}`, body)).status, path).toBe(401);
    }
  });

  it('§9.15 takes every id for an opaque text, and a client’s own id for that client’s alone', async () => {
    const [one, other] = [await app.signUp(), await app.signUp()];
    const localId = '7B0A5C0E-9C43-4F5B-9A55-2D3B7F0C9D11';
    const batch = { heroes: [{ id: localId, name: 'Luna', age: 6, traits: ['Brave'] }] };
    const made = await Promise.all([one, other].map((user) => user.post('/api/batch/heroes', batch)));
    const ids = made.map(({ json }) => json.results.created[0]);
    expect(ids.map((created) => created.localId)).toEqual([localId, localId]);
    expect(ids[0].serverId).not.toBe(ids[1].serverId);
    expect((await one.get(`heroes/${ids[1].serverId}`)).status).toBe(403);
    for (const id of [localId, '1', 'öß', "x'--", '%2e%2e%2f', 'a'.repeat(200)]) {
      const { status, json } = await one.get(`heroes/${encodeURIComponent(id)}`);
      expect(status, id).toBe(404);
      expect(json.error, id).toBe('NotFound');
    }
  });
});

describe.each(stacks)('bad input to the stories, on %s', (stack) => {
  let app: StoriesApp;
  let user: StoriesUser;
  beforeAll(async () => {
    app = await startStoriesApp(stack);
    user = await app.signUp();
  });
  afterAll(() => app.stop());

  const writes = async () => {
    const { json } = await call(`${app.url}/docs/json`);
    const paths = Object.entries(json.paths) as [string, Record<string, never>][];
    return paths
      .filter(([path]) => path.startsWith('/api/v1/') && !path.includes('/files/upload/'))
      .flatMap(([path, methods]) =>
        (Object.entries(methods) as [string, { tags?: string[]; requestBody?: unknown }][])
          .filter(([, { tags }]) => tags?.some((tag) => tag.startsWith('stories')))
          .filter(([method]) => method === 'post' || method === 'patch')
          .map(([method, operation]) => ({
            method: method.toUpperCase(),
            path,
            properties: propertiesOf(operation.requestBody),
          })),
      );
  };

  it('§8.29 §8.30 answers whatever is sent with an error in the contract’s shape and words for people, never a 500', async () => {
    const hero = await user.hero();
    const event = await user.event();
    const story = await user.story(hero.id);
    const idFor = (path: string) =>
      path.includes('/heroes/') ? hero.id : path.includes('/custom-events/') ? event.id : story.id;
    const before = await Promise.all(['heroes', 'custom-events', 'stories'].map((path) => user.get(path)));
    const all = await writes();
    expect(all.length).toBeGreaterThan(25);
    for (const { method, path, properties } of all) {
      const wrongTypes = Object.keys(properties).map((name) => ({ [name]: { deeply: [{ wrong: true }] } }));
      const bodies = [
        '[]',
        '"text"',
        '42',
        '{"a":',
        '{"__proto__":{"x":1}}',
        '{"constructor":{"prototype":{"x":1}}}',
        `{"name":"\\ud800","title":"\\u0000"}`,
        `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
        ...wrongTypes.map((body) => JSON.stringify(body)),
      ];
      for (const raw of bodies) {
        const target = path.replaceAll(/\{\w+\}/g, idFor(path));
        const label = `${method} ${path} ${raw.slice(0, 60)}`;
        const answer = await call(`${app.url}${target}`, { method, raw, headers: { ...user.headers } });
        // What a route does not read at all (play, enhance, extract) cannot be wrong.
        if (answer.status < 400) continue;
        expect(answer.status, `${label}: ${answer.text}`).toBeLessThan(500);
        expect(answer.json, label).toMatchObject({ error: expect.any(String), message: expect.any(String) });
        expect(answer.json.code, label).toBe(answer.json.error);
        expect(answer.json.message.length, label).toBeGreaterThan(5);
        expect(answer.text, label).not.toMatch(/sqlite|postgres|\.ts:|node_modules|stack/i);
      }
    }
    const after = await Promise.all(['heroes', 'stories'].map((path) => user.get(path)));
    expect(after.map(({ json }) => json.data.pagination.total)).toEqual([
      before[0]?.json.data.pagination.total,
      before[2]?.json.data.pagination.total,
    ]);
    expect(
      app.logged.filter((line) => line.includes('"level":50') || line.includes('"level":"error"')),
    ).toEqual([]);
  }, 120_000);

  it('tells foreign things from missing ones on every route with an id', async () => {
    const stranger = await app.signUp();
    const hero = await stranger.hero();
    const [event, story] = [await stranger.event(), await stranger.story(hero.id)];
    const touch = (method: 'get' | 'post' | 'patch' | 'delete', path: string) =>
      method === 'get' || method === 'delete' ? user[method](path) : user[method](path, {});
    for (const [kind, id, paths] of [
      [
        'heroes',
        hero.id,
        [
          'get ',
          'patch ',
          'delete ',
          'post /avatar',
          'get /visual-profile',
          'post /visual-profile',
          'patch /visual-profile',
          'delete /visual-profile',
          'post /visual-profile/extract',
        ],
      ],
      [
        'stories',
        story.id,
        [
          'get ',
          'patch ',
          'delete ',
          'post /audio',
          'get /audio',
          'post /illustrations',
          'get /illustrations',
          'get /illustrations/status',
          'post /play',
        ],
      ],
      ['custom-events', event.id, ['get ', 'patch ', 'delete ', 'post /enhance']],
    ] as const) {
      for (const each of paths) {
        const [method, rest] = each.split(' ') as ['get', string];
        const foreign = await touch(method, `${kind}/${id}${rest}`);
        expect([foreign.status, foreign.json.error], `${each} of ${kind}`).toEqual([403, 'Forbidden']);
        const missing = await touch(method, `${kind}/none${rest}`);
        expect([missing.status, missing.json.error], `${each} of ${kind}`).toEqual([404, 'NotFound']);
      }
    }
    const wish = { heroId: hero.id, language: 'English' };
    expect((await user.post('stories', wish)).status).toBe(403);
    expect((await user.post('stories', { ...wish, heroId: 'none' })).status).toBe(404);
    const own = await user.hero();
    expect((await user.post('stories', { ...wish, heroId: own.id, customEventId: event.id })).status).toBe(
      403,
    );
    expect((await user.get('user/usage')).json.data.story_generation.remaining).toBe(5);
    expect((await stranger.get(`stories/${story.id}`)).json.data.playCount).toBe(0);
  });

  it('§8.16 hands a hundred heroes to a new device within ten seconds', async () => {
    const family = await app.signUp();
    const heroes = Array.from({ length: 100 }, (_, index) => ({
      id: `local-${index}`,
      name: `Hero ${index}`,
      age: 6,
      traits: ['Brave'],
    }));
    expect((await family.post('/api/batch/heroes', { heroes })).json).toMatchObject({
      created: 100,
      failed: 0,
    });
    const began = performance.now();
    const seen = new Set<string>();
    let since = 0;
    for (let hasMore = true; hasMore; ) {
      const { data } = (await family.get(`/api/sync/changes?limit=50&since=${since}`)).json;
      for (const { id, value } of data.changes) if (value?.name) seen.add(id);
      since = data.next;
      hasMore = data.hasMore;
    }
    expect(seen.size).toBe(100);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('a story from the first tap to the last picture', () => {
  it('§8.26 is told, read aloud and drawn by the built-in engines in time', async () => {
    const app = await startStoriesApp('SQLite and files');
    try {
      const user = await app.signUp();
      const timed = async (seconds: number, path: string, body: object) => {
        const began = performance.now();
        const answer = await user.post(path, body);
        expect(answer.status, path).toBeLessThan(300);
        expect((performance.now() - began) / 1_000, path).toBeLessThan(seconds);
        return answer.json.data;
      };
      const { id: heroId } = await user.hero();
      await timed(60, `heroes/${heroId}/avatar`, {});
      const story = await timed(30, 'stories', { heroId, language: 'English', eventType: 'Family Time' });
      await timed(90, `stories/${story.id}/audio`, { language: 'English', voice: 'coral' });
      const drawn = await timed(240, `stories/${story.id}/illustrations`, {});
      expect(drawn.status).toBe('completed');
    } finally {
      await app.stop();
    }
  }, 420_000);
});

type Properties = Readonly<Record<string, unknown>>;

function propertiesOf(body: unknown): Properties {
  const content = (body as { content?: Record<string, { schema?: { properties?: Properties } }> } | undefined)
    ?.content;
  return content?.['application/json']?.schema?.properties ?? {};
}
