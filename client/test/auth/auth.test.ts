import { describe, expect, test } from 'vitest';
import { createEarshotClient, createManualNetwork, createMemoryStore } from '../../src/index.js';
import { luna } from '../support/device.js';
import type { FakeServer, Request } from '../support/fake-server.js';
import { createFakeServer, errorAnswer, json } from '../support/fake-server.js';
import type { World } from '../support/world.js';
import { createWorld, settle } from '../support/world.js';

const DAY = 24 * 3_600_000;

/** A server with accounts: `refresh` hands out the next token. */
function withAccounts(server: FakeServer, now: () => number) {
  const seen = { refreshes: 0, signOuts: 0 };
  const answer = (id: string) => ({
    token: server.token,
    user: { id, name: 'A parent', email: `${id}@example.com` },
    session: { id: 'session-id', token: server.token, expiresAt: new Date(now() + 30 * DAY).toISOString() },
  });
  server.route = ({ path, headers, body }: Request) => {
    if (path.startsWith('/api/auth/sign-in') || path.startsWith('/api/auth/sign-up')) {
      const { email, password } = body as { email: string; password: string };
      if (password === 'wrong') return errorAnswer(401, 'INVALID_EMAIL_OR_PASSWORD');
      return json(answer(email.split('@')[0] ?? ''));
    }
    if (path === '/api/auth/session/refresh') {
      seen.refreshes += 1;
      if (headers.get('authorization') === 'Bearer revoked') return errorAnswer(401, 'Unauthorized');
      server.token = `token-${seen.refreshes + 1}`;
      return json(answer('user-1'));
    }
    if (path === '/api/auth/sign-out') {
      seen.signOuts += 1;
      return json({ success: true });
    }
    return undefined;
  };
  return seen;
}

function appOn(server: FakeServer) {
  const store = createMemoryStore();
  const world: World = createWorld(server.fetch);
  const network = createManualNetwork();
  const open = () =>
    createEarshotClient({ baseUrl: 'http://stories.test', store, network, environment: world });
  return { store, world, network, open, client: open() };
}

const account = { email: 'user-1@example.com', password: 'a long enough password' };

describe('row 8: the session', () => {
  test('is kept over a restart and refreshed five minutes before its end', async () => {
    const server = createFakeServer();
    const app = appOn(server);
    const seen = withAccounts(server, app.world.now);
    await app.client.auth.signIn(account);
    const reborn = app.open();
    expect((await reborn.auth.restore()).status).toBe('signedIn');
    app.client.auth.stop();
    await app.world.pass(30 * DAY - 5 * 60_000 - 1);
    expect(seen.refreshes).toBe(0);
    await app.world.pass(2);
    expect(seen.refreshes).toBe(1);
    expect(reborn.auth.token()).toBe('token-2');
    expect(reborn.auth.state().expiresAt).toBeGreaterThan(app.world.now() + 29 * DAY);
  });

  test('is refreshed at once when its time came while the app was closed', async () => {
    const server = createFakeServer();
    const app = appOn(server);
    const seen = withAccounts(server, app.world.now);
    await app.client.auth.signIn(account);
    app.client.auth.stop();
    await app.world.pass(31 * DAY);
    const reborn = app.open();
    await reborn.auth.restore();
    await app.world.pass(1);
    expect(seen.refreshes).toBe(1);
  });

  test('is refreshed once for ten requests that are refused at the same time', async () => {
    const server = createFakeServer();
    const { client, world } = appOn(server);
    const seen = withAccounts(server, world.now);
    await client.auth.signIn(account);
    server.token = 'another';
    const asked = Array.from({ length: 10 }, () => client.http.data({ path: '/api/sync/changes' }));
    expect(await Promise.all(asked)).toHaveLength(10);
    expect(seen.refreshes).toBe(1);
  });

  test('that cannot be refreshed ends, and keeps what was not sent for its user', async () => {
    const server = createFakeServer();
    const { client, world } = appOn(server);
    server.token = 'revoked';
    withAccounts(server, world.now);
    await client.auth.signIn(account);
    await client.heroes.create(luna);
    server.token = 'other';
    expect((await client.sync.sync()).outcome).toBe('signedOut');
    expect(client.auth.state()).toMatchObject({ status: 'expired', user: { id: 'user-1' } });
    expect((await client.heroes.list({ policy: 'cacheOnly' })).items).toHaveLength(1);
    await client.auth.signIn(account);
    expect((await client.sync.sync()).pushed).toBe(1);
    expect(server.rows('hero')).toHaveLength(1);
  });

  test('survives a refresh for which there was no network', async () => {
    const server = createFakeServer();
    const { client, world } = appOn(server);
    const seen = withAccounts(server, world.now);
    await client.auth.signIn(account);
    server.fate = () => 'requestLost';
    await world.pass(30 * DAY);
    expect(client.auth.state().status).toBe('signedIn');
    server.fate = () => 'arrives';
    await world.pass(120_000);
    expect(seen.refreshes).toBeGreaterThan(0);
    expect(client.auth.state().status).toBe('signedIn');
  });
});

describe('row 9: signing out', () => {
  test('wipes token, user and data, and tells the server', async () => {
    const server = createFakeServer();
    const { client, store, world } = appOn(server);
    const seen = withAccounts(server, world.now);
    await client.auth.signIn(account);
    await client.heroes.create(luna);
    await client.sync.sync();
    await client.auth.signOut();
    expect(seen.signOuts).toBe(1);
    expect(client.auth.state()).toEqual({ status: 'signedOut', user: null, expiresAt: null });
    const left = await store.read(async (tx) => [
      ...(await tx.all('records')),
      ...(await tx.all('settings')),
    ]);
    expect(left).toEqual([]);
    expect(world.timers()).toBe(0);
  });

  test('is complete on the device although the server cannot be reached', async () => {
    const server = createFakeServer();
    const { client, store, world } = appOn(server);
    withAccounts(server, world.now);
    await client.auth.signIn(account);
    server.fate = () => 'requestLost';
    await client.auth.signOut();
    expect(client.auth.token()).toBeNull();
    expect(await store.read((tx) => tx.all('settings'))).toEqual([]);
    expect(await client.sync.sync()).toMatchObject({ outcome: 'signedOut' });
  });
});

test('row 7: signing in and up; a wrong password is said so and asks for no refresh', async () => {
  const server = createFakeServer();
  const { client, world } = appOn(server);
  const seen = withAccounts(server, world.now);
  await expect(client.auth.signIn({ ...account, password: 'wrong' })).rejects.toMatchObject({
    code: 'invalidCredentials',
  });
  expect(seen.refreshes).toBe(0);
  expect((await client.auth.signUp(account)).id).toBe('user-1');
  expect(server.requests.at(-1)?.body).toMatchObject({ name: 'user-1' });
  expect(server.requests.every(({ headers }) => headers.get('cookie') === null)).toBe(true);
});

test('another user never sees what the one before left on the device', async () => {
  const server = createFakeServer();
  const { client, world } = appOn(server);
  server.token = 'revoked';
  withAccounts(server, world.now);
  await client.auth.signIn(account);
  await client.heroes.create(luna);
  server.token = 'other';
  await client.sync.sync();
  await client.auth.signIn({ ...account, email: 'user-2@example.com' });
  expect((await client.heroes.list({ policy: 'cacheOnly' })).items).toEqual([]);
  await settle();
});

test('leaving ends the session here and on the server, and keeps what is on the device', async () => {
  const server = createFakeServer();
  const app = appOn(server);
  const seen = withAccounts(server, app.world.now);
  await app.client.auth.signIn(account);
  await app.client.heroes.create(luna);
  await app.client.auth.leave();
  expect(app.client.auth.state()).toMatchObject({ status: 'expired', user: { id: 'user-1' } });
  expect(seen.signOuts).toBe(1);
  expect((await app.client.heroes.list({ policy: 'cacheOnly' })).items).toHaveLength(1);
  await app.client.auth.leave();
  expect(seen.signOuts).toBe(1);
});

test('row 9: answers that were on their way for the user who left reach nobody', async () => {
  const server = createFakeServer();
  const app = appOn(server);
  withAccounts(server, app.world.now);
  await app.client.auth.signIn(account);
  server.put('hero', 'h1', luna);
  const { route } = server;
  let answer: () => void = () => undefined;
  const late = (response: () => Response) =>
    new Promise<Response>((resolve) => (answer = () => resolve(response())));
  server.route = (request) =>
    request.path === '/api/stories' ? late(() => json({ data: { id: 's1', heroId: 'h1' } })) : route(request);
  await app.client.sync.sync();
  const told = app.client.generation
    .story({ heroId: 'h1', language: 'English' })
    .catch((error: unknown) => error);
  await settle();
  server.put('hero', 'h2', luna);
  const synced = app.client.sync.sync();
  await app.client.auth.signOut();
  answer();
  expect(await told).toMatchObject({ code: 'aborted' });
  expect((await synced).outcome).not.toBe('completed');
  expect(await app.store.read((tx) => tx.all('records'))).toEqual([]);
});

test('row 9: an attempt that waits to be repeated is not repeated for the next user', async () => {
  const server = createFakeServer();
  const app = appOn(server);
  withAccounts(server, app.world.now);
  await app.client.auth.signIn(account);
  const { route } = server;
  server.route = (request) =>
    request.path === '/api/user/profile' ? errorAnswer(503, 'ServiceUnavailable') : route(request);
  const asked = app.client.account.updateProfile({ name: 'Mine' }).catch((error: unknown) => error);
  await settle();
  await app.client.auth.signOut();
  await app.client.auth.signIn({ ...account, email: 'user-2@example.com' });
  await app.world.pass(60_000);
  expect(await asked).toMatchObject({ code: 'aborted' });
  expect(server.requests.filter(({ path }) => path === '/api/user/profile')).toHaveLength(1);
});

describe('tabs that share a store', () => {
  test('take over a sign-in, a refresh and the end of a session from each other', async () => {
    const server = createFakeServer();
    const app = appOn(server);
    withAccounts(server, app.world.now);
    const other = app.open();
    await other.auth.restore();
    await app.client.auth.signIn(account);
    expect(await other.auth.follow(true)).toMatchObject({ status: 'signedIn', user: { id: 'user-1' } });
    await app.client.auth.refresh(app.client.auth.token() ?? '');
    await other.auth.follow(true);
    expect(other.auth.token()).toBe(app.client.auth.token());
    let told = 0;
    other.auth.subscribe(() => {
      told += 1;
    });
    await other.auth.follow(true);
    expect(told).toBe(0);
    await app.client.auth.leave();
    expect((await other.auth.follow(true)).status).toBe('expired');
    expect(await other.auth.follow(false)).toEqual({ status: 'signedOut', user: null, expiresAt: null });
  });
});

describe('other ways in and out', () => {
  test('an Apple identity is handed to the server', async () => {
    const server = createFakeServer();
    const app = appOn(server);
    withAccounts(server, app.world.now);
    const { route } = server;
    const bodies: unknown[] = [];
    server.route = (request) => {
      if (request.path !== '/api/auth/sign-in/social') return route(request);
      bodies.push(request.body);
      return json({ token: server.token, user: { id: 'user-1', name: 'A', email: 'a@example.com' } });
    };
    await app.client.auth.signInWithApple({ token: 'identity' });
    expect(bodies).toEqual([{ provider: 'apple', idToken: { token: 'identity' }, callbackURL: '/' }]);
    expect(app.client.auth.state().status).toBe('signedIn');
  });

  test('an answer without a token or a user is refused', async () => {
    const server = createFakeServer();
    const app = appOn(server);
    server.route = () => json({ session: { id: 'an id is no token' }, user: { id: 'user-1' } });
    await expect(app.client.auth.signIn(account)).rejects.toMatchObject({ code: 'invalidAnswer' });
    expect(app.client.auth.state().status).toBe('signedOut');
  });

  test('a deleted account is gone from the device; one that the server did not delete stays', async () => {
    const server = createFakeServer();
    const app = appOn(server);
    withAccounts(server, app.world.now);
    const { route } = server;
    await app.client.auth.signIn(account);
    await app.client.heroes.create(luna);
    server.route = (request) =>
      request.path === '/api/user/account' ? errorAnswer(503, 'ServiceUnavailable') : route(request);
    await expect(app.client.auth.deleteAccount()).rejects.toMatchObject({ code: 'unavailable' });
    expect(app.client.auth.state().status).toBe('signedIn');
    server.route = (request) =>
      request.path === '/api/user/account' ? json({ data: { deleted: true } }) : route(request);
    await app.client.auth.deleteAccount();
    expect(app.client.auth.state().status).toBe('signedOut');
    expect((await app.client.heroes.list({ policy: 'cacheOnly' })).items).toEqual([]);
  });
});
