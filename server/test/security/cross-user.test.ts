import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.js';
import { type Ground, layGround, stacks, startServer, type TestServer } from '../support/servers.js';
import { type Fixture, fixturesFor, looksLikeId, notIds } from './fixtures.js';
import { deviceHeaders, type Household, settle } from './household.js';
import { keyOf, MASTER_KEY, wrongKeys } from './keys.js';
import { publicRoutes } from './public-routes.js';
import { type Answer, callRoute, doorOf, nameOf, type Route, routeRecorder } from './route-table.js';
import { rowsAbout } from './rows.js';

// Thousands of calls: quick on a quiet machine, and not a failure on a busy one.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** In every word of the owner, and in none of the stranger. */
const MARK = 'zqx';
const REFUSALS = [401, 403, 404];

const withoutRemark = (key: string): string => key.replace(/ \(.*\)$/, '');

describe.each(stacks)('nobody reads or changes what is not theirs, on %s', (stack) => {
  const recorder = routeRecorder();
  let ground: Ground;
  let server: TestServer;
  let hooks: LoopbackServer;
  let owner: Household;
  let stranger: Household;
  let fixtures: Readonly<Record<string, Fixture>>;

  beforeAll(async () => {
    hooks = await startLoopbackServer(() => ({ status: 400 }));
    ground = await layGround(stack);
    server = await startServer(ground, everythingOften, recorder);
    [owner, stranger] = await Promise.all([
      settle(server, MARK, hooks.url),
      settle(server, 'plain', hooks.url),
    ]);
    fixtures = fixturesFor(owner, stranger, MARK);
  });
  afterAll(async () => {
    await server.stop();
    await hooks.close();
    await ground.remove();
  });

  const routes = () => recorder.routes().filter(({ method }) => method !== 'OPTIONS');
  const isPublic = ({ method, url }: Route) => publicRoutes.some(([route]) => route.test(`${method} ${url}`));
  const isSigned = (route: Route) => doorOf(route) === 'signed';
  const closed = () => routes().filter((route) => !isPublic(route) && !isSigned(route));
  const routesOf = (key: string) => routes().filter((route) => nameOf(route) === withoutRemark(key));

  it('a stranger gets at nothing: not by reading, changing, or binding it to their own', async () => {
    const before = await rowsAbout(server, owner);
    expect(before.length).toBeGreaterThan(60);
    const failures: string[] = [];
    for (const [key, fixture] of Object.entries(fixturesFor(owner, stranger, 'stolen'))) {
      for (const route of routesOf(key)) {
        const headers = { ...keyOf(stranger)[doorOf(route)], ...fixture.headers };
        const answer = await callRoute(server, route, { ...fixture, headers });
        const isRefused = REFUSALS.includes(answer.status) || fixture.strangerHears?.(answer);
        if (!isRefused || answer.text.includes(MARK)) failures.push(told(key, answer));
      }
    }
    expect(failures).toEqual([]);
    expect(await rowsAbout(server, owner)).toEqual(before);
  });

  it('a device of the same app gets at no other device’s conversation', async () => {
    const { ids, credentials } = owner;
    const before = await rowsAbout(server, owner);
    const headers = deviceHeaders(ids.app, credentials.appKey, randomUUID());
    for (const [key, fixture] of Object.entries(fixtures)) {
      if (!key.startsWith('device ') || key !== withoutRemark(key)) continue;
      for (const route of routesOf(key)) {
        const answer = await callRoute(server, route, { ...fixture, headers });
        expect(REFUSALS, told(key, answer)).toContain(answer.status);
        expect(answer.text, key).not.toContain(MARK);
      }
    }
    const rows = await rowsAbout(server, owner);
    // The installation itself has become known to the app.
    expect(rows.filter((row) => !row.includes(headers['x-device-id']))).toEqual(before);
  });

  it('lists of a stranger hold nothing of the owner', async () => {
    const found: string[] = [];
    const ids = Object.entries(owner.ids).filter(([, id]) => id.length > 12);
    for (const route of closed()) {
      if (route.method !== 'GET' || route.url.includes(':') || doorOf(route) === 'setup') continue;
      const answer = await callRoute(server, route, { headers: keyOf(stranger)[doorOf(route)] });
      const things = ids.filter(([, id]) => answer.text.includes(id)).map(([thing]) => thing);
      if (answer.status >= 500 || answer.text.includes(MARK) || things.length > 0)
        found.push(`${things} ${told(nameOf(route), answer)}`);
    }
    expect(found).toEqual([]);
  });

  // Who is let in is decided before the database is asked for anything.
  if (stack !== 'SQLite and files') return;

  it('every route refuses people who do not say who they are, or is public for a reason', async () => {
    const open: string[] = [];
    for (const route of routes().filter((one) => !isPublic(one))) {
      // HEAD is GET without the words by which a refusal is recognised.
      if (route.method === 'HEAD') continue;
      const answer = await callRoute(server, route, {});
      const isRefused = isSigned(route) ? [400, 403].includes(answer.status) : isUnknown(answer);
      if (!isRefused) open.push(told(nameOf(route), answer));
    }
    expect(open).toEqual([]);
    expect(closed().length).toBeGreaterThan(200);
  });

  it('the list of public routes names none that is gone, and none of them fails', async () => {
    // The pages are there when they are built.
    const isBuilt = server.built.http.hasRoute({ method: 'GET', url: '/' });
    for (const [pattern, reason] of publicRoutes) {
      if (!isBuilt && reason.includes('pages')) continue;
      const meant = routes().filter(({ method, url }) => pattern.test(`${method} ${url}`));
      expect(meant.length, String(pattern)).toBeGreaterThan(0);
    }
    // Without the files of the pages, which are many.
    for (const route of routes().filter((one) => isPublic(one) && one.tags.length > 0)) {
      const { status } = await callRoute(server, route, { body: {} });
      expect(status, nameOf(route)).not.toBe(500);
    }
  });

  it('every route that names something has a fixture, so that it is tried above', () => {
    const known = new Set(Object.keys(fixtures).map(withoutRemark));
    const missing = closed()
      .filter((route) => route.method !== 'HEAD' && !known.has(nameOf(route)))
      .map((route) => ({ route: nameOf(route), ids: idsOf(route) }))
      .filter(({ ids }) => ids.length > 0);
    expect(missing).toEqual([]);
    expect([...known].filter((key) => routesOf(key).length === 0)).toEqual([]);
  });

  it('every tool of the protocol for assistants that names something has a fixture', async () => {
    const { text } = await callRoute(
      server,
      { method: 'POST', registered: '/v1/mcp' },
      {
        headers: { ...keyOf(owner).mcp, accept: 'application/json, text/event-stream' },
        body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      },
    );
    const { tools } = JSON.parse(text).result as {
      tools: { name: string; inputSchema: { properties?: object } }[];
    };
    const naming = tools.filter(({ inputSchema }) =>
      Object.keys(inputSchema.properties ?? {}).some(looksLikeId),
    );
    expect(naming.length).toBeGreaterThan(2);
    for (const { name } of naming) expect(fixtures).toHaveProperty([`mcp POST /v1/mcp (${name})`]);
  });

  it('no credential opens a door that it was not made for, and no forged or expired one opens any', async () => {
    const before = await rowsAbout(server, owner);
    const keys = await wrongKeys(server, owner, stranger);
    const opened: string[] = [];
    const tried = new Set<string>();
    for (const route of closed()) {
      const name = nameOf(route);
      // The same route under another prefix has the same door.
      if (route.method === 'HEAD' || tried.has(name)) continue;
      tried.add(name);
      await Promise.all(
        Object.entries(keys(doorOf(route))).map(async ([who, headers]) => {
          if (isAnotherRoute(route, headers)) return;
          const answer = await callRoute(server, route, { ...fixtures[name], headers });
          if (!isUnknown(answer) || answer.text.includes(MARK)) opened.push(`${who}: ${told(name, answer)}`);
        }),
      );
    }
    expect(opened).toEqual([]);
    expect(await rowsAbout(server, owner)).toEqual(before);
  });

  it('signed addresses open for what they were signed for, as long as they were signed for', async () => {
    const { avatar, upload, voice } = owner.signed;
    const changed = (url: URL, members: Readonly<Record<string, string>>): URL => {
      const other = new URL(url);
      for (const [name, value] of Object.entries(members)) other.searchParams.set(name, value);
      return other;
    };
    const status = async (url: URL, method: string): Promise<number> => {
      const body = method === 'PUT' ? { body: new Uint8Array(owner.picture) } : {};
      const answer = await fetch(url, { method, headers: { 'content-type': 'image/png' }, ...body });
      await answer.arrayBuffer();
      return answer.status;
    };
    for (const [url, method, others] of [
      [avatar, 'GET', stranger.signed.avatar],
      [upload, 'PUT', stranger.signed.upload],
      [voice, 'GET', stranger.signed.voice],
    ] as const) {
      const { expires = '', signature = '' } = Object.fromEntries(others.searchParams);
      const later = String(Number(url.searchParams.get('expires')) + 1_000);
      for (const forged of [
        changed(url, { signature: '' }),
        changed(url, { signature: 'A'.repeat(43) }),
        changed(url, { expires: later }),
        changed(url, { expires, signature }),
      ]) {
        expect([400, 403], forged.href).toContain(await status(forged, method));
      }
      expect(await status(url, method), url.pathname).toBe(200);
    }
  });

  it('what is sealed for one purpose is nothing at the door of another', async () => {
    const state = owner.credentials.clientSecret.replace('ek_', '');
    const callback = { method: 'GET', registered: '/v1/auth/callback/google' };
    expect((await callRoute(server, callback, { query: { code: 'x', state } })).status).toBe(400);
  });

  it('what was refused to everybody else works for its owner: the fixtures name real things', async () => {
    const turn = ({ method }: Route) => (method === 'GET' ? 0 : method === 'DELETE' ? 2 : 1);
    const calls = Object.entries(fixtures)
      .flatMap(([key, fixture]) =>
        routesOf(key)
          .slice(0, 1)
          .map((route) => ({ key, fixture, route })),
      )
      .toSorted((one, other) => turn(one.route) - turn(other.route));
    const failures: string[] = [];
    for (const { key, fixture, route } of calls) {
      const headers = { ...keyOf(owner)[doorOf(route)], ...fixture.headers };
      const answer = await callRoute(server, route, { ...fixture, headers });
      const { ownerHears } = fixture;
      if (ownerHears === undefined ? answer.status >= 300 : answer.status !== ownerHears)
        failures.push(told(key, answer));
    }
    expect(failures).toEqual([]);
  });
});

/** Ids that a route takes, in its path, query or body. */
function idsOf({ url, members }: Route): string[] {
  const inPath = [...url.matchAll(/:(\w+)/g)].flatMap(([, name]) => name ?? []);
  const isId = (name: string) => notIds[name] === undefined;
  return [
    ...inPath.filter((name) => name === 'id' || isId(name)),
    ...members.filter((name) => !inPath.includes(name) && looksLikeId(name) && isId(name)),
  ];
}

/** Refused as somebody who is not known. Support's contract (§2.1) has 400 where a header is missing. */
const isUnknown = ({ status, text }: Answer): boolean =>
  status === 401 || status === 403 || (status === 400 && /"MISSING_(APP_ID|DEVICE_ID|API_KEY)"/.test(text));

/** Two apps share some paths; who carries `X-App-Id` comes to support, everybody else to the companion. */
const isAnotherRoute = ({ withoutAppId, registered }: Route, headers: Readonly<Record<string, string>>) =>
  withoutAppId ? 'x-app-id' in headers : registered === '/v1/conversations' && !('x-app-id' in headers);

const told = (key: string, { status, text }: Answer): string => `${key}: ${status} ${text.slice(0, 200)}`;

/** Nothing is limited, for what is asked here is asked often. */
const everythingOften = {
  RATE_LIMIT_MAX: '1000000',
  VOICE_REQUESTS_PER_MINUTE: '1000000',
  SUPPORT_REQUESTS_PER_MINUTE: '1000000',
  SUPPORT_MESSAGES_PER_MINUTE: '1000000',
  AUTH_FAILURES_PER_MINUTE: '1000000',
  RATE_LIMIT_ILLUSTRATION_GENERATION: '1000',
  RATE_LIMIT_AUDIO_GENERATION: '1000',
  VOICE_HISTORY: 'true',
  ALLOW_PRIVATE_WEBHOOKS: 'true',
  MASTER_API_KEY: MASTER_KEY,
};
