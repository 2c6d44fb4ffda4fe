import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withoutSecrets } from '../../src/platform/telemetry/log.js';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.js';
import { type Ground, layGround, startServer, type TestServer } from '../support/servers.js';
import { fileBodies, fixturesFor } from './fixtures.js';
import { type Household, settle } from './household.js';
import { keyOf, MASTER_KEY } from './keys.js';
import { callRoute, doorOf, nameOf, type Route, routeRecorder } from './route-table.js';

// Thousands of calls: quick on a quiet machine, and not a failure on a busy one.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** In everything that a user says, names or chooses. */
const MARK = 'zqx';
/** In what is no sensible value of anything. */
const NONSENSE = 'zqx-nonsense';

describe('secrets and words', () => {
  const recorder = routeRecorder();
  let ground: Ground;
  let server: TestServer;
  let hooks: LoopbackServer;
  let owner: Household;
  let other: Household;
  /** Bodies of refusals, with the route. */
  const refusals: { readonly place: string; readonly text: string }[] = [];

  beforeAll(async () => {
    hooks = await startLoopbackServer(() => ({ status: 400, body: `${MARK} answer of the receiver` }));
    ground = await layGround('SQLite and files');
    server = await startServer(
      ground,
      {
        RATE_LIMIT_MAX: '1000000',
        VOICE_REQUESTS_PER_MINUTE: '1000000',
        SUPPORT_REQUESTS_PER_MINUTE: '1000000',
        SUPPORT_MESSAGES_PER_MINUTE: '1000000',
        AUTH_FAILURES_PER_MINUTE: '1000000',
        VOICE_HISTORY: 'true',
        ALLOW_PRIVATE_WEBHOOKS: 'true',
        MASTER_API_KEY: MASTER_KEY,
      },
      recorder,
    );
    [owner, other] = await Promise.all([settle(server, MARK, hooks.url), settle(server, 'plain', hooks.url)]);
    await driveEverything();
  });
  afterAll(async () => {
    await server.stop();
    await hooks.close();
    await ground.remove();
  });

  const routes = (): readonly Route[] => recorder.routes().filter(({ method }) => method !== 'HEAD');
  /** What would end the conversation with this server. */
  const LAST = /account|delete-account|sign-out|revoke|logout|change-password|auth\/password/;

  /** Every route: as it is meant, with nonsense, without a body that can be read, and with wrong keys everywhere. */
  async function driveEverything(): Promise<void> {
    const fixtures = fixturesFor(owner, other, MARK);
    const files = fileBodies(MARK);
    const note = (place: string, { status, text }: { status: number; text: string }) => {
      if (status >= 400) refusals.push({ place: `${place} ${status}`, text });
    };
    const { credentials } = owner;
    const wrong = {
      authorization: `Bearer ${credentials.session.slice(0, -3)}zqx`,
      'x-api-key': `${credentials.appKey.slice(0, -3)}zqx`,
      'x-master-api-key': NONSENSE,
      'x-device-token': `${NONSENSE}-device-token-of-a-phone`,
      cookie: `better-auth.session_token=${NONSENSE}`,
      'openai-organization': NONSENSE,
      'idempotency-key': NONSENSE,
    };
    const junkFor = (route: Route) =>
      Object.fromEntries(
        [...route.members, 'token', 'api_key', 'password'].map((name) => [name, `${NONSENSE} ${name}`]),
      );
    const ordered = [...routes()].sort((one, two) => Number(LAST.test(one.url)) - Number(LAST.test(two.url)));
    for (const route of ordered) {
      const name = nameOf(route);
      const headers = keyOf(owner)[doorOf(route)];
      const junk = junkFor(route);
      const query = { token: credentials.sessionToken, api_key: credentials.appKey, note: NONSENSE };
      note(name, await callRoute(server, route, { headers: wrong, query, body: junk, params: junk }));
      note(name, await callRoute(server, route, { headers, query: junk, body: junk, params: junk }));
      const broken = Buffer.from(`{"password":"${owner.password}","text":"${NONSENSE}`);
      note(name, await callRoute(server, route, { headers, body: broken }));
      if (route.url.endsWith('/account') || route.url.endsWith('/delete-account')) continue;
      const file = files[name]?.();
      if (file) note(name, await callRoute(server, route, { headers, body: file }));
    }
    // In the table's order, in which removals come last.
    for (const [key, fixture] of Object.entries(fixtures)) {
      for (const route of routes().filter((one) => nameOf(one) === key.replace(/ \(.*\)$/, ''))) {
        const headers = { ...keyOf(owner)[doorOf(route)], ...fixture.headers };
        note(key, await callRoute(server, route, { ...fixture, headers }));
      }
    }
    for (const [path, body] of [
      ['/api/auth/sign-in/email', { email: owner.email, password: `${owner.password}!` }],
      ['/api/auth/sign-up/email', { email: owner.email, password: owner.password, name: MARK }],
      ['/admin/auth/login', { email: owner.email, password: `${owner.password}!` }],
      ['/admin/auth/refresh', { refresh_token: `${owner.credentials.refresh}x` }],
      ['/auth/verify', { openai_token: `${owner.credentials.providerKey}` }],
      ['/v1/signin', { email: owner.email, password: `${owner.password}!` }],
    ] as const) {
      note(path, await callRoute(server, { method: 'POST', registered: path }, { body }));
    }
    await fetch(`${server.url}/no/such/route?token=${credentials.session}&text=${NONSENSE}`);
  }

  /** Everything that may not be found, by what it is. */
  const secrets = (): Record<string, string> => {
    const { credentials, email, password } = owner;
    return { ...credentials, cookie: credentials.cookie.split('=')[1] ?? '', email, password };
  };
  const foundIn = (text: string): string[] => {
    const named = Object.entries(secrets()).filter(([, secret]) => text.includes(secret));
    const marks = text.match(new RegExp(`.{0,120}${MARK}.{0,40}`, 'gi')) ?? [];
    return [...named.map(([name]) => name), ...marks.slice(0, 3)];
  };

  it('are in no line of the log, whatever the routes were asked', () => {
    expect(server.logged.length).toBeGreaterThan(1_000);
    const told = server.logged.filter((line) => foundIn(line).length > 0);
    expect(told.slice(0, 10).map((line) => `${foundIn(line)}: ${line}`)).toEqual([]);
  });

  it('are taken out of messages and stacks too, whichever kind of key they are', () => {
    const { mcp, dev, voice, clientSecret, appKey, providerKey, sessionToken } = owner.credentials;
    for (const key of [mcp, dev, voice, clientSecret, appKey, providerKey, sessionToken])
      expect(withoutSecrets(`an error that quotes ${key}`), key.slice(0, 8)).not.toContain(key);
  });

  it('are in no refusal: neither credentials nor passwords, not even those that came with the request', () => {
    expect(refusals.length).toBeGreaterThan(500);
    const told = refusals.flatMap(({ place, text }) => {
      const names = Object.entries({ ...secrets(), master: MASTER_KEY })
        .filter(([, secret]) => text.includes(secret))
        .map(([name]) => name);
      const quoted = /zqx-nonsense (token|api_key|password|.*_token|secret)/i.exec(text)?.[0];
      return [...names, ...(quoted ? [quoted] : [])].map(
        (name) => `${place} tells ${name}: ${text.slice(0, 200)}`,
      );
    });
    expect(told).toEqual([]);
  });

  it('are in no refusal as a stack, a query of the database or a path of this machine', () => {
    const inner =
      /\bat .+\(.+:\d+:\d+\)|node_modules|\/(src|dist)\/|SQLITE|select .+ from|insert into|\/tmp\//i;
    expect(
      refusals.filter(({ text }) => inner.test(text)).map(({ place, text }) => `${place}: ${text}`),
    ).toEqual([]);
    expect(refusals.filter(({ place }) => place.endsWith(' 500'))).toEqual([]);
  });

  it('are in no metric', async () => {
    const answer = await fetch(`${server.url}/metrics`);
    const text = await answer.text();
    expect(text).toContain('http_request_duration_seconds');
    expect(foundIn(text)).toEqual([]);
  });
});
