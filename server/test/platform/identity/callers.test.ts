import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConfigError, loadConfig } from '../../../src/config.js';
import { callerOf } from '../../../src/platform/identity/caller.js';
import { requireCaller, verifyCaller } from '../../../src/platform/identity/require-caller.js';
import { bearer, call, signUp } from '../../support/accounts.js';
import {
  firebaseClaims,
  PROJECT,
  providerKey,
  rs256,
  startKeyServer,
} from '../../support/identity-providers.js';
import {
  eventually,
  type Ground,
  layGround,
  stacks,
  startServer,
  type TestServer,
} from '../../support/servers.js';

const PROTECTED = '/tts/files';

describe.each(stacks)('who is calling, on %s', (stack) => {
  let ground: Ground;
  let server: TestServer;
  let number = 0;
  const newEmail = () => `caller-${++number}@example.com`;
  const status = async (to: TestServer, headers: Record<string, string>) =>
    (await call(to, 'GET', PROTECTED, { headers })).status;

  beforeAll(async () => {
    ground = await layGround(stack);
    server = await startServer(ground);
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
  });

  describe('a session', () => {
    it.runIf(stack !== 'SQLite and files')('ends on all nodes at once', async () => {
      const other = await startServer(ground);
      const ways: [string, (token: string, userId: string) => Promise<unknown>][] = [
        ['sign-out', (token) => call(server, 'POST', '/api/auth/sign-out', { headers: bearer(token) })],
        ['removal', (_token, userId) => server.built.platform.accounts.remove(userId)],
      ];
      for (const [, end] of ways) {
        const { token, userId } = await signUp(server, newEmail());
        const caller = await verifyCaller(other.built.platform, bearer(token));
        const ended = vi.fn();
        other.built.platform.callers.onRevoked(caller, ended);
        expect(await status(other, bearer(token))).toBe(200);
        await end(token, userId);
        await eventually(
          async () => ended.mock.calls.length,
          (times) => times === 1,
          2_000,
          5,
        );
        expect(await status(other, bearer(token))).toBe(401);
      }
      await other.stop();
    });

    it('ends its sockets, and no others', async () => {
      const { callers, accounts } = server.built.platform;
      const email = newEmail();
      const { token, userId } = await signUp(server, email);
      const mine = await callers.verify(bearer(token));
      const another = await accounts.signIn({ email, password: 'correct horse' }, { address: '127.0.0.1' });
      const other = await callers.verify(bearer(another.token));
      const [ended, otherEnded, stopped] = [vi.fn(), vi.fn(), vi.fn()];
      callers.onRevoked(mine, ended);
      callers.onRevoked(other, otherEnded);
      callers.onRevoked(mine, stopped)();
      await accounts.signOut(token);
      expect([ended.mock.calls.length, otherEnded.mock.calls.length, stopped.mock.calls.length]).toEqual([
        1, 0, 0,
      ]);
      await accounts.remove(userId);
      expect([ended.mock.calls.length, otherEnded.mock.calls.length]).toEqual([1, 1]);
    });

    it('is asked of the database once in a while only', async () => {
      const { token } = await signUp(server, newEmail());
      const { callers, accountSessions } = server.built.platform;
      const find = vi.spyOn(accountSessions, 'find');
      for (let count = 0; count < 100; count++) await callers.verify(bearer(token));
      expect(find.mock.calls.length).toBeLessThanOrEqual(1);
      find.mockRestore();
    });

    it('opens a socket by its headers; a cookie only from a trusted page', async () => {
      const { token, cookie, userId } = await signUp(server, newEmail());
      const { platform } = server.built;
      const host = new URL(server.url).host;
      expect(await verifyCaller(platform, bearer(token))).toMatchObject({ userId, via: 'account-session' });
      expect(await verifyCaller(platform, { cookie, host, origin: server.url })).toMatchObject({ userId });
      await expect(
        verifyCaller(platform, { cookie, host, origin: 'https://evil.example.com' }),
      ).rejects.toMatchObject({ statusCode: 403, code: 'INVALID_ORIGIN' });
      await expect(verifyCaller(platform, {})).rejects.toMatchObject({ statusCode: 401 });
    });
  });

  describe('an API key', () => {
    it('is shown once, kept as a hash, and opens only what takes its kind', async () => {
      const { userId } = await signUp(server, newEmail());
      const { apiKeys, callers, database } = server.built.platform;
      const { key, record } = await apiKeys.create({
        userId,
        kind: 'mcp',
        name: 'Desk',
        prefix: 'omi_mcp_',
        scopes: ['read'],
      });
      expect(key).toMatch(/^omi_mcp_[\w-]{43}$/);
      expect(record).toMatchObject({ kind: 'mcp', name: 'Desk', scopes: ['read'], lastUsedAt: null });
      expect(key.startsWith(record.prefix)).toBe(true);
      expect(record.prefix.length).toBeLessThan(16);
      expect(await apiKeys.list(userId)).toEqual([record]);
      expect(await apiKeys.list(userId, 'developer')).toEqual([]);
      const rows = JSON.stringify(await database.read.selectFrom('api_keys').selectAll().execute());
      expect(rows).not.toContain(key);

      const caller = await callers.verify(bearer(key), { apiKeys: ['developer', 'mcp'] });
      expect(caller).toEqual({
        userId,
        via: 'api-key',
        apiKey: { id: record.id, kind: 'mcp', scopes: ['read'] },
      });
      for (const apiKeys of [[], ['developer'], undefined]) {
        await expect(callers.verify(bearer(key), apiKeys ? { apiKeys } : {})).rejects.toMatchObject({
          statusCode: 401,
        });
      }
      expect(await status(server, bearer(key))).toBe(401);
      for (const wrong of [`${key}x`, key.slice(0, -1), key.replace('omi_mcp_', '')]) {
        await expect(callers.verify(bearer(wrong), { apiKeys: ['mcp'] })).rejects.toMatchObject({
          statusCode: 401,
        });
      }
    });

    it('stops at once when its owner revokes it, and nobody else can', async () => {
      const { userId } = await signUp(server, newEmail());
      const stranger = await signUp(server, newEmail());
      const { apiKeys, callers } = server.built.platform;
      const { key, record } = await apiKeys.create({ userId, kind: 'mcp', name: 'Desk', prefix: 'k_' });
      const caller = await callers.verify(bearer(key), { apiKeys: ['mcp'] });
      const ended = vi.fn();
      callers.onRevoked(caller, ended);
      expect(await apiKeys.revoke(stranger.userId, record.id)).toBe(false);
      expect(await apiKeys.revoke(userId, record.id, 'developer')).toBe(false);
      expect(await apiKeys.revoke(userId, record.id, 'mcp')).toBe(true);
      expect(ended).toHaveBeenCalledOnce();
      await expect(callers.verify(bearer(key), { apiKeys: ['mcp'] })).rejects.toMatchObject({
        statusCode: 401,
      });
    });

    it('notes its last use', async () => {
      const { userId } = await signUp(server, newEmail());
      const { apiKeys, callers } = server.built.platform;
      const { key } = await apiKeys.create({ userId, kind: 'mcp', name: 'Desk', prefix: 'k_' });
      await callers.verify(bearer(key), { apiKeys: ['mcp'] });
      await eventually(
        async () => (await apiKeys.list(userId))[0]?.lastUsedAt ?? null,
        (at) => at !== null,
      );
    });
  });

  describe('a hook of an app', () => {
    it('may take keys, make its own errors and limits', async () => {
      const { built } = server;
      const { platform } = built;
      const { userId, token } = await signUp(server, newEmail());
      const { key } = await platform.apiKeys.create({ userId, kind: 'voice', name: 'Pad', prefix: 'k_' });
      const hook = requireCaller(platform, {
        apiKeys: ['voice'],
        limit: { name: `test-${stack}`, points: 2, seconds: 60 },
        refusal: (error) => Object.assign(new Error('mine'), { statusCode: error.statusCode + 100 }),
      });
      const request = (credential: string) =>
        ({ method: 'POST', headers: bearer(credential), caller: null }) as never;
      const first = request(key);
      await hook(first);
      expect(callerOf(first)).toMatchObject({ userId, via: 'api-key' });
      await hook(request(token));
      await expect(hook(request(token))).rejects.toMatchObject({ message: 'mine', statusCode: 529 });
      await expect(hook(request('nonsense'))).rejects.toMatchObject({ statusCode: 501 });
    });
  });

  describe('the logins of developers', () => {
    const ADMIN = 'a-key-that-nobody-has-published';

    it('are off unless the operator switches them on, and where a route does not take them', async () => {
      for (const authorization of [
        `${ADMIN}123`,
        'test-admin-key-local-dev-only123',
        'Bearer test-admin-key-local-dev-only',
        'Bearer dev_testing_key_12345abc',
        'Bearer nonsense',
      ]) {
        await expect(
          server.built.platform.callers.verify({ authorization }, { developmentLogins: true }),
        ).rejects.toMatchObject({ statusCode: 401 });
      }
      const on = await startServer(ground, { ADMIN_KEY: ADMIN, LOCAL_DEVELOPMENT: 'true' });
      expect(await status(on, { authorization: `${ADMIN}123` })).toBe(401);
      expect(await status(on, bearer('nonsense'))).toBe(401);
      await on.stop();
    });

    it('act for the user whom the admin key names: of Firebase, or of this server', async () => {
      const google = providerKey('google');
      const keys = await startKeyServer({ keys: [google.jwk] });
      const on = await startServer(ground, {
        ADMIN_KEY: ADMIN,
        FIREBASE_PROJECT_ID: PROJECT,
        FIREBASE_KEYS_URL: keys.url,
      });
      const { callers } = on.built.platform;
      const as = (authorization: string) => callers.verify({ authorization }, { developmentLogins: true });
      const token = await rs256(google, firebaseClaims(Date.now(), { sub: 'fire-1' }));
      const byToken = await as(`Bearer ${token}`);
      expect(await as(`${ADMIN}fire-1`)).toEqual({ userId: byToken.userId, via: 'admin-key' });
      expect(await as(`Bearer ${ADMIN}fire-1`)).toEqual({ userId: byToken.userId, via: 'admin-key' });
      const { userId } = await signUp(on, newEmail());
      expect((await as(ADMIN + userId)).userId).toBe(userId);
      for (const wrong of [ADMIN, `${ADMIN.slice(1)}fire-1`, `x${ADMIN}fire-1`]) {
        await expect(as(wrong)).rejects.toMatchObject({ statusCode: 401 });
      }
      await on.stop();
      await keys.stop();
    });

    it('take an invalid token for user 123 in local development', async () => {
      const on = await startServer(ground, { LOCAL_DEVELOPMENT: 'true' });
      const { callers } = on.built.platform;
      const options = { developmentLogins: true };
      const developer = await callers.verify(bearer('nonsense'), options);
      expect(developer.via).toBe('local-development');
      expect(await callers.verify(bearer('other nonsense'), options)).toEqual(developer);
      const { token, userId } = await signUp(on, newEmail());
      expect((await callers.verify(bearer(token), options)).userId).toBe(userId);
      await expect(callers.verify({}, options)).rejects.toMatchObject({ statusCode: 401 });
      await on.stop();
    });
  });
});

describe('a configuration that would let anybody in', () => {
  it.each([
    { ADMIN_KEY: 'test-admin-key-local-dev-only' },
    { ADMIN_KEY: 'dev_testing_key_12345' },
    { ADMIN_KEY: 'short' },
    { NODE_ENV: 'production', ADMIN_KEY: 'twenty-characters-xx' },
    { NODE_ENV: 'production', LOCAL_DEVELOPMENT: 'true' },
    { NODE_ENV: 'production', FIREBASE_PROJECT_ID: 'p', FIREBASE_EMULATOR: 'true' },
  ])('is refused: %j', (environment) => {
    expect(() => loadConfig(environment)).toThrow(ConfigError);
  });
});
