import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaKey } from '../../../src/apps/companion/media/keys.js';
import type { CompanionTables } from '../../../src/apps/companion/tables.js';
import { withTables } from '../../../src/platform/database/database.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { coloredPng } from '../../support/png.js';
import { eventually, layGround, stacks, startServer } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';

interface Route {
  readonly method: string;
  /** As the API's description writes it: `/v1/conversations/{id}`. */
  readonly path: string;
}

const PUBLIC =
  /^\/v1\/(health|auth\/.*|signup|signin|conversations\/\{id\}\/shared)$|^\/v4\/speech-profile\/audio/;

describe.each(stacks)('the surface of the companion, on %s', (stack) => {
  let app: CompanionApp;
  beforeAll(async () => {
    app = await startCompanionApp(stack);
  });
  afterAll(() => app.stop());

  /** Every route that the API's description names for this app. */
  const routes = async (): Promise<Route[]> => {
    const { json } = await call(`${app.url}/docs/json`);
    const paths: [string, Record<string, { tags?: string[] }>][] = Object.entries(json.paths);
    return paths.flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { tags }]) => tags?.includes('companion'))
        .map(([method]) => ({ method: method.toUpperCase(), path })),
    );
  };
  const closedRoutes = async () => (await routes()).filter(({ path }) => !PUBLIC.test(path));

  it('§10 serves the routes that carry the app', async () => {
    const served = (await routes()).map(({ method, path }) => `${method} ${path.slice(1)}`);
    for (const route of [
      'GET v1/conversations',
      'GET v1/conversations/{id}',
      'POST v1/conversations',
      'DELETE v1/conversations/{id}',
      'POST v1/sync-local-files',
      'GET v3/memories',
      'POST v3/memories',
      'PATCH v3/memories/{id}',
      'DELETE v3/memories/{id}',
      'GET v1/action-items',
      'POST v1/action-items',
      'PATCH v1/action-items/{id}',
      'DELETE v1/action-items/{id}',
      'GET v2/messages',
      'POST v2/messages',
      'GET v1/users/language',
      'PATCH v1/users/language',
      'GET v1/users/people',
      'GET v1/users/profile',
      'GET v3/speech-profile',
      'GET v1/users/me/subscription',
      'POST v1/users/fcm-token',
    ]) {
      expect(served).toContain(route);
    }
  });

  it('§1.5 lets nobody in without a valid token, and says so with 401 and nothing else', async () => {
    const closed = await closedRoutes();
    expect(closed.length).toBeGreaterThan(90);
    for (const { method, path } of closed) {
      const url = `${app.url}${path.replaceAll(/\{\w+\}/g, 'some-id')}`;
      const answers = await Promise.all(
        [undefined, 'Bearer forged', 'Bearer test-admin-key-local-dev-only'].map((authorization) =>
          call(url, {
            method,
            ...(method === 'GET' ? {} : { raw: '{"broken' }),
            headers: authorization ? { authorization } : {},
          }),
        ),
      );
      for (const { status, json } of answers) {
        expect(status, `${method} ${path}`).toBe(401);
        expect(json, `${method} ${path}`).toMatchObject({
          error: expect.any(String),
          message: expect.any(String),
          detail: expect.any(String),
          code: 'UNAUTHORIZED',
        });
      }
    }
  });

  it('never shows or changes what is somebody else’s, on any route with an id', async () => {
    const owner = await app.signUp();
    const stranger = await app.signUp();
    const live = await app.talking(owner, ['I am a secret giraffe.']);
    const conversation = await app.recorded(owner, ['I am a secret giraffe, and we talked about my garden.']);
    const key = mediaKey(owner.userId, 'photo', 'one.png');
    await app.platform.media.put(key, coloredPng('one'));
    await app.rooms.conversations.addPhoto(owner.userId, live, { mediaKey: key, mediaType: 'image/png' });
    const memory = (await owner.post('v3/memories', { content: 'I am a secret giraffe.' })).json.id;
    const item = (await owner.post('v1/action-items', { description: 'secret', conversation_id: live })).json
      .id;
    const person = (await owner.post('v1/users/people', { name: 'Secret' })).json.id;
    const ids = [live, conversation, memory, item, person, owner.userId];
    const before = await everythingOf(owner);

    const byId = (await closedRoutes()).filter(({ path }) => path.includes('{'));
    expect(byId.length).toBeGreaterThan(30);
    const tryOne = async ({ method, path }: Route, id: string, body: unknown): Promise<void> => {
      const url = path
        .slice(1)
        .replace(/\{\w+\}/, id)
        .replaceAll(/\{\w+\}/g, '0');
      const { text, status } = await call(`${app.url}/${url}?value=public&assign_type=is_user&title=stolen`, {
        method,
        headers: { ...stranger.headers },
        ...(method === 'GET' ? {} : { body }),
      });
      expect(status, `${method} ${url}: ${text}`).toBeLessThan(500);
      expect(text, `${method} ${url}`).not.toMatch(/secret/i);
    };
    for (const route of byId) {
      await Promise.all(ids.flatMap((id) => bodies.map((body) => tryOne(route, id, body))));
    }
    expect(await everythingOf(owner)).toEqual(before);
  });

  /** What the routes with an id take. */
  const bodies = [
    {
      description: 'stolen',
      old_description: 'secret',
      completed: true,
      prompt: 'What is the secret?',
      url: '',
      name: 'stolen',
      text: 'x',
      items_idx: [0],
      events_idx: [0],
      values: [true],
      segment_ids: [],
      assign_type: 'is_user',
      value: 'true',
    },
    {},
  ];

  const everythingOf = async (user: CompanionUser): Promise<unknown[]> =>
    Promise.all(
      [
        'v1/conversations?statuses=in_progress,processing,completed&include_discarded=true',
        'v3/memories',
        'v1/action-items',
        'v1/users/people',
        'v1/users/profile',
      ].map(async (path) => (await user.get(path)).json),
    );

  it('never believes the uid of a query', async () => {
    const [owner, stranger] = [await app.signUp(), await app.signUp()];
    await owner.post('v3/memories', { content: 'I am a secret giraffe.' });
    expect((await stranger.get(`v3/memories?uid=${owner.userId}`)).json).toEqual([]);
    expect((await stranger.get(`v1/users/profile?uid=${owner.userId}`)).json.uid).toBe(stranger.userId);
    expect((await call(`${app.url}/v3/memories?uid=${owner.userId}`)).status).toBe(401);
  });

  it('§1.1 collapses repeated slashes', async () => {
    const user = await app.signUp();
    expect((await user.get('/v3//memories')).json).toEqual([]);
    expect((await user.post('/v1/tts/generate', { text: 'x' })).status).toBe(404);
    expect((await call(`${app.url}//v1///health`)).json).toEqual({ status: 'ok' });
  });

  it('§8.1 answers GET and HEAD v1/health to anybody', async () => {
    expect((await call(`${app.url}/v1/health`)).json).toEqual({ status: 'ok' });
    expect((await call(`${app.url}/v1/health`, { method: 'HEAD' })).status).toBe(200);
  });

  it('§9.2 logs which app asked for what, and never a token or what was said', async () => {
    const user = await app.signUp();
    await user.post(
      'v3/memories',
      { content: 'I am a logged giraffe.' },
      { 'x-app-platform': 'ios', 'x-app-version': '1.0.78+350' },
    );
    await user.get('v1/users/people', { 'user-agent': 'Omi/350 CFNetwork/1568 Darwin/24.0.0' });
    await user.get('v1/users/language', { 'x-app-platform': 'a "quoted"\\ {giraffe}' });
    const lines = app.logged.map((line) => JSON.parse(line)).filter(({ message }) => message === 'request');
    expect(lines).toContainEqual(
      expect.objectContaining({
        method: 'POST',
        route: '/v3/memories',
        status: 200,
        duration_ms: expect.any(Number),
        platform: 'ios',
        version: '1.0.78+350',
      }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ route: '/v1/users/people', platform: 'ios' }));
    const all = app.logged.join('');
    expect(all).not.toContain('giraffe}');
    expect(all).not.toContain('logged giraffe');
    expect(all).not.toContain(user.token);
  });

  it('§1.6 writes errors in the shape of both documents', async () => {
    const user = await app.signUp();
    const { status, json } = await user.post('v1/action-items', { description: 42 });
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: 'Bad Request', code: expect.stringMatching(/^[A-Z_]+$/) });
    expect(json.detail).toBe(json.message);
  });

  it('survives whatever is in a query', async () => {
    const user = await app.signUp();
    const nonsense = 'value=%E0%A4&title=a%2&limit=1e9&offset=-5&completed=maybe&period=[]&limit=2';
    for (const { method, path } of await closedRoutes()) {
      if (path === '/v1/users/delete-account') continue;
      const url = `${app.url}${path.replaceAll(/\{\w+\}/g, 'some-id')}?${nonsense}`;
      const { status, text } = await call(url, { method, headers: { ...user.headers } });
      expect(status, `${method} ${path}: ${text}`).toBeLessThan(500);
    }
  });

  it('§9.1 answers preflights with 200, for a day, without a token', async () => {
    for (const path of ['/v1/conversations', '/v3/memories/some', '/v1/users/me', '/v1/health']) {
      const answer = await call(`${app.url}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://app.example',
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,x-app-platform',
        },
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('access-control-max-age')).toBe('86400');
      expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,x-app-platform');
      expect(answer.headers.get('vary')).toContain('Origin');
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        expect(answer.headers.get('access-control-allow-methods')).toContain(method);
      }
    }
    const plain = await call(`${app.url}/v1/conversations`, { method: 'OPTIONS' });
    expect(plain.status).toBe(200);
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
    expect(plain.headers.get('access-control-allow-headers')).toContain('X-Custom-Header');
  });

  it('§9.1 allows in production the pages that were named, and no others', async () => {
    const ground = await layGround(stack);
    const production = await startServer(ground, {
      APPS: 'companion',
      NODE_ENV: 'production',
      ALLOWED_ORIGINS: 'https://app.example',
    });
    const allowed = async (origin: string) => {
      const answer = await call(`${production.url}/v1/health`, { headers: { origin } });
      return answer.headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://app.example')).toBe('https://app.example');
    expect(await allowed('https://evil.example')).toBeNull();
    await production.stop();
    await ground.remove();
  });

  it('removes every row and every object of an account, and nobody else’s', async () => {
    const [leaving, staying] = [await app.signUp(), await app.signUp()];
    for (const user of [leaving, staying]) {
      await user.patch('v1/users/language', { language: 'en' });
      await user.post('v1/users/fcm-token', { fcm_token: `phone-${user.userId}`, time_zone: 'UTC' });
      await user.post('v1/users/developer/webhook/memory_created', { url: 'https://93.184.216.34/' });
      await user.post('v3/memories', { content: 'I like giraffes.' });
      await user.post('v1/action-items', { description: 'Feed the giraffe' });
      await user.post('v1/users/people', { name: 'Ada' });
      await user.post('v2/messages', { text: 'What do I like?', file_ids: null });
      const id = await app.recorded(user, ['The giraffe in the zoo was hungry, so we talked about leaves.']);
      const key = mediaKey(user.userId, 'photo', 'one.png');
      await app.platform.media.put(key, coloredPng('one'));
      await app.rooms.conversations.addPhoto(user.userId, id, { mediaKey: key, mediaType: 'image/png' });
    }
    expect((await leaving.delete('v1/users/delete-account')).status).toBe(200);
    const left = await rowsOf(leaving.userId);
    expect(Object.entries(left).filter(([, count]) => count > 0)).toEqual([]);
    expect(Object.values(await rowsOf(staying.userId)).filter((count) => count > 0).length).toBeGreaterThan(
      7,
    );
    await eventually(
      () => app.platform.media.stat(mediaKey(leaving.userId, 'photo', 'one.png')),
      (entry) => entry === null,
      30_000,
    );
    expect(await app.platform.media.stat(mediaKey(staying.userId, 'photo', 'one.png'))).not.toBeNull();
  });

  /** How many rows of each of this app's tables, and of the search index, are a user's. */
  const rowsOf = async (userId: string): Promise<Record<string, number>> => {
    const { read } = app.platform.database;
    const tables = (await read.introspection.getTables())
      .filter(({ name }) => /^companion_|^search_documents$/.test(name))
      .flatMap(({ name, columns }) => {
        const owner = columns.find((column) => ['user_id', 'owner'].includes(column.name))?.name;
        return owner ? [{ name, owner }] : [];
      });
    expect(tables.length).toBeGreaterThan(14);
    const counts: Record<string, number> = {};
    for (const { name, owner } of tables) {
      const { count } = await withTables<CompanionTables>(read)
        .selectFrom(name as 'companion_memories')
        .select((eb) => eb.fn.countAll<number | string>().as('count'))
        .where(owner as 'user_id', '=', userId)
        .executeTakeFirstOrThrow();
      counts[name] = Number(count);
    }
    return counts;
  };
});
