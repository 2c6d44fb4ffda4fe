import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, bearer, call, cookieOf, PASSWORD, signedUp, signUp } from '../../support/accounts.js';
import {
  type Ground,
  layGround,
  movableClock,
  stacks,
  startServer,
  type TestServer,
} from '../../support/servers.js';

const DAY_MS = 24 * 3_600_000;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** A protected route of the speech app, which knows nothing of accounts. */
const PROTECTED = '/tts/files';

describe.each(stacks)('accounts over HTTP, on %s', (stack) => {
  const clock = movableClock();
  let ground: Ground;
  let server: TestServer;
  const post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    call(server, 'POST', `/api/auth${path}`, { body, headers });
  const get = (path: string, headers: Record<string, string> = {}) => call(server, 'GET', path, { headers });
  let number = 0;
  const newEmail = () => `user-${++number}@example.com`;

  beforeAll(async () => {
    ground = await layGround(stack);
    server = await startServer(
      ground,
      { AUTH_FAILURES_PER_MINUTE: '1000', ALLOWED_ORIGINS: 'https://app.example.com' },
      { clock },
    );
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
  });

  const expectSignIn = (answer: Answer, email: string) => {
    expect(answer.status).toBe(200);
    const body = answer.body as Record<string, Record<string, unknown>>;
    const user = {
      id: expect.any(String),
      name: expect.any(String),
      email,
      emailVerified: false,
      image: null,
      createdAt: expect.stringMatching(INSTANT),
      updatedAt: expect.stringMatching(INSTANT),
    };
    const session = {
      id: expect.any(String),
      token: body.token,
      expiresAt: expect.stringMatching(INSTANT),
      createdAt: expect.stringMatching(INSTANT),
      updatedAt: expect.stringMatching(INSTANT),
      userId: body.user?.id,
    };
    expect(body).toMatchObject({ token: expect.stringMatching(/^\w{32}$/), redirect: false, user, session });
    expect(body.data).toEqual({ user: body.user, session: body.session });
  };

  describe.each(['/sign-up/email', '/sign-up'])('POST %s', (path) => {
    it('makes an account that can be used at once', async () => {
      const email = newEmail();
      const answer = await post(path, { email: email.toUpperCase(), password: PASSWORD, name: 'Ann' });
      expectSignIn(answer, email);
      expect(answer.headers.get('set-auth-token')).toMatch(/^\w{32}\.[\w%]+$/);
      const [first, second] = answer.headers.getSetCookie();
      expect(first).toMatch(
        /^infinite-stories\.session_token=\w{32}\.[\w%]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      expect(second).toMatch(
        /^infinite-stories\.session_data=\S+; Max-Age=300; Path=\/; HttpOnly; SameSite=Lax$/,
      );
      const { token } = signedUp(answer);
      expect((await get(PROTECTED, bearer(token))).status).toBe(200);
    });
    it('refuses an e-mail that is taken, in any spelling, without making anything', async () => {
      const email = newEmail();
      await signUp(server, email);
      const again = await post(path, { email: email.toUpperCase(), password: PASSWORD, name: 'Ann' });
      expect(again.status).toBe(422);
      expect(again.body).toMatchObject({
        code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
        message: expect.any(String),
        error: expect.any(String),
      });
    });
    it.each([
      ['PASSWORD_TOO_SHORT', '1234567'],
      ['PASSWORD_TOO_LONG', 'x'.repeat(129)],
    ])('refuses a password: %s', async (code, password) => {
      const answer = await post(path, { email: newEmail(), password, name: 'Ann' });
      expect(answer).toMatchObject({ status: 400, body: { code } });
    });
    it.each([
      ['email', { password: PASSWORD, name: 'Ann' }],
      ['email', { email: 'nobody', password: PASSWORD, name: 'Ann' }],
      ['email', { email: 5, password: PASSWORD, name: 'Ann' }],
      ['password', { email: 'a@example.com', name: 'Ann' }],
    ])('names the field that is wrong: %s', async (field, body) => {
      const answer = await post(path, body);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({
        code: 'VALIDATION_ERROR',
        message: expect.stringMatching(`^\\[body\\.${field}\\]`),
      });
    });
    it('makes one account of several simultaneous requests', async () => {
      const email = newEmail();
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => post(path, { email, password: PASSWORD, name: 'Ann' })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
    });
  });

  it('asks for a name on the long address and does without on the short one', async () => {
    const email = newEmail();
    const body = { email, password: PASSWORD };
    expect(await post('/sign-up/email', body)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR', message: '[body.name] is required' },
    });
    expect(await post('/sign-up', { ...body, name: null })).toMatchObject({
      status: 200,
      body: { user: { name: email.split('@')[0] } },
    });
  });

  describe.each(['/sign-in/email', '/sign-in'])('POST %s', (path) => {
    it('opens a session, as the app sends it', async () => {
      const email = newEmail();
      const { token, userId } = await signUp(server, email);
      const headers = { origin: server.url, 'user-agent': 'InfiniteStories/1.0' };
      const answer = await post(path, { email: email.toUpperCase(), password: PASSWORD }, headers);
      expectSignIn(answer, email);
      expect(answer.body).toMatchObject({
        user: { id: userId },
        session: { userAgent: 'InfiniteStories/1.0', ipAddress: '127.0.0.1' },
      });
      expect(signedUp(answer).token).not.toBe(token);
    });
    it('tells nobody whether the e-mail or the password was wrong', async () => {
      const email = newEmail();
      await signUp(server, email);
      const wrongPassword = await post(path, { email, password: 'wrong password' });
      const wrongEmail = await post(path, { email: newEmail(), password: PASSWORD });
      expect(wrongPassword).toMatchObject({ status: 401, body: { code: 'INVALID_EMAIL_OR_PASSWORD' } });
      expect(wrongEmail.body).toEqual(wrongPassword.body);
      expect(wrongEmail.status).toBe(401);
    });
    it('names the field that is wrong', async () => {
      for (const body of [{ email: 'nobody', password: PASSWORD }, { password: PASSWORD }, [], 5]) {
        expect(await post(path, body)).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
      }
    });
    it('is lenient about the content type, not about the content', async () => {
      const email = newEmail();
      await signUp(server, email);
      const body = JSON.stringify({ email, password: PASSWORD });
      expect((await post(path, body, { 'content-type': 'text/plain' })).status).toBe(200);
      expect((await post(path, body, { 'content-type': 'application/octet-stream' })).status).toBe(200);
      expect(await post(path, '{"email":', { 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
      expect(await post(path, '{"email":')).toMatchObject({ status: 400, body: { code: 'INVALID_JSON' } });
      const nul = JSON.stringify({ email: 'a\0@example.com', password: PASSWORD });
      expect((await post(path, nul, { 'content-type': 'text/plain' })).status).toBe(400);
    });
  });

  describe('the current session', () => {
    it('is told to whoever is signed in, by every form of the token', async () => {
      const email = newEmail();
      const { token, signedToken, cookie, userId } = await signUp(server, email);
      for (const headers of [
        bearer(token),
        bearer(signedToken),
        bearer(decodeURIComponent(signedToken)),
        { authorization: `bearer ${token}` },
        { cookie },
        { cookie: `other=1; ${cookie.split('; ')[0]}` },
      ]) {
        const answer = await get('/api/auth/get-session', headers);
        expect(answer.status).toBe(200);
        expect(answer.body).toEqual({
          session: {
            id: expect.any(String),
            token,
            userId,
            expiresAt: expect.stringMatching(INSTANT),
            createdAt: expect.stringMatching(INSTANT),
            updatedAt: expect.stringMatching(INSTANT),
            ipAddress: '127.0.0.1',
            userAgent: expect.any(String),
          },
          user: expect.objectContaining({ id: userId, email }),
        });
        expectSignIn(await get('/api/auth/session', headers), email);
        expect((await get(PROTECTED, headers)).status).toBe(200);
      }
    });
    it('is null for everybody else, and 401 on the alias', async () => {
      const { signedToken, cookie } = await signUp(server, newEmail());
      const forged = `${'x'.repeat(32)}.${decodeURIComponent(signedToken).split('.')[1]}`;
      for (const headers of [
        {},
        bearer('x'.repeat(32)),
        bearer(forged),
        bearer('a.b.c'),
        bearer('%E0%A4%A.x'),
        { cookie: cookie.replace(/session_token=\w{4}/, 'session_token=aaaa') },
        { cookie: 'infinite-stories.session_token=' },
        { cookie: cookie.split('; ')[1] ?? '' },
      ] as Record<string, string>[]) {
        const current = await get('/api/auth/get-session', headers);
        expect(current).toMatchObject({ status: 200, body: null });
        expect(current.headers.get('content-type')).toContain('application/json');
        expect(await get('/api/auth/session', headers)).toMatchObject({
          status: 401,
          body: { code: 'UNAUTHORIZED' },
        });
        expect((await get(PROTECTED, headers)).status).toBe(401);
      }
    });
    it('is never taken from an address or a body', async () => {
      const { token } = await signUp(server, newEmail());
      expect((await get(`${PROTECTED}?token=${token}&access_token=${token}`)).status).toBe(401);
      expect((await post('/session/refresh', { token, userId: 'x' })).status).toBe(401);
    });
  });

  describe('its life', () => {
    it('is thirty days, pushed forward by use once it is a day old', async () => {
      const { token } = await signUp(server, newEmail());
      const expiry = async () => {
        const { body } = await get('/api/auth/get-session', bearer(token));
        return Date.parse((body as { session: { expiresAt: string } }).session.expiresAt);
      };
      const first = await expiry();
      expect(first - clock.now()).toBeGreaterThan(30 * DAY_MS - 10_000);
      clock.advance(DAY_MS - 60_000);
      expect(await expiry()).toBe(first);
      clock.advance(120_000);
      expect((await get(PROTECTED, bearer(token))).status).toBe(200);
      expect(await expiry()).toBeGreaterThan(first + DAY_MS);
      clock.advance(30 * DAY_MS + 60_000);
      expect((await get(PROTECTED, bearer(token))).status).toBe(401);
      expect((await get('/api/auth/get-session', bearer(token))).body).toBeNull();
      expect((await post('/session/refresh', undefined, bearer(token))).status).toBe(401);
    });
    it('starts anew by a refresh without a body, for the same token', async () => {
      const email = newEmail();
      const { token } = await signUp(server, email);
      clock.advance(10 * DAY_MS);
      const answer = await post('/session/refresh', undefined, bearer(token));
      expectSignIn(answer, email);
      const { session } = answer.body as { session: { expiresAt: string; token: string } };
      expect(session.token).toBe(token);
      expect(Date.parse(session.expiresAt) - clock.now()).toBe(30 * DAY_MS);
      expect(answer.headers.getSetCookie()[0]).toMatch(/session_token=.*Max-Age=2592000/);
      expect((await get(PROTECTED, { cookie: cookieOf(answer.headers) })).status).toBe(200);
    });
    it('ends with a sign-out without a body', async () => {
      for (const how of ['bearer', 'cookie'] as const) {
        const { token, cookie } = await signUp(server, newEmail());
        expect((await get(PROTECTED, bearer(token))).status).toBe(200);
        const answer = await post('/sign-out', undefined, how === 'bearer' ? bearer(token) : { cookie });
        expect(answer).toMatchObject({ status: 200, body: { success: true } });
        expect(answer.headers.getSetCookie()[0]).toMatch(/session_token=; Max-Age=0/);
        expect((await get(PROTECTED, bearer(token))).status).toBe(401);
        expect((await get(PROTECTED, { cookie })).status).toBe(401);
        expect((await get('/api/auth/get-session', { cookie })).body).toBeNull();
      }
      expect(await post('/sign-out')).toMatchObject({ status: 200, body: { success: true } });
    });
    it('is swept away when it is over', async () => {
      await signUp(server, newEmail());
      clock.advance(31 * DAY_MS);
      const { accountSessions, database } = server.built.platform;
      expect(await accountSessions.sweep()).toBeGreaterThan(0);
      expect(await database.read.selectFrom('account_sessions').select('id').execute()).toEqual([]);
    });
  });

  describe('cookies', () => {
    it.each([
      ['a foreign page', { origin: 'https://evil.example.com' }, 403],
      ['a page without an origin', { origin: 'null' }, 403],
      ['another site, by fetch metadata', { 'sec-fetch-site': 'cross-site' }, 403],
      ['an allowed page', { origin: 'https://app.example.com' }, 200],
      ['a native app', {}, 200],
    ])('%s', async (_who, headers, status) => {
      const { cookie } = await signUp(server, newEmail());
      const answer = await post('/session/refresh', undefined, { cookie, ...headers } as Record<
        string,
        string
      >);
      expect(answer.status).toBe(status);
      if (status === 403) expect(answer.body).toMatchObject({ code: 'INVALID_ORIGIN' });
      const other = await call(server, 'POST', '/playback/sync', {
        body: {},
        headers: { cookie, ...headers } as Record<string, string>,
      });
      expect(other.status === 403).toBe(status === 403);
      expect((await get(PROTECTED, { cookie, ...headers } as Record<string, string>)).status).toBe(200);
    });
    it('do not matter where a token is sent beside them', async () => {
      const { cookie, token } = await signUp(server, newEmail());
      const headers = { cookie, ...bearer(token), origin: 'https://evil.example.com' };
      const answer = await call(server, 'POST', '/auth/refresh', { headers });
      expect(answer.status).toBe(200);
    });
    it('let a sign-in with a foreign origin through only without a cookie', async () => {
      const email = newEmail();
      await signUp(server, email);
      const body = { email, password: PASSWORD };
      const origin = 'https://evil.example.com';
      expect((await post('/sign-in/email', body, { origin })).status).toBe(200);
      expect(await post('/sign-in/email', body, { origin, cookie: 'a=b' })).toMatchObject({
        status: 403,
        body: { code: 'INVALID_ORIGIN', message: expect.any(String) },
      });
    });
    it('come with the exposed header that carries the token', async () => {
      const answer = await post('/sign-in', {}, { origin: 'https://app.example.com' });
      expect(answer.headers.get('access-control-expose-headers')).toContain('set-auth-token');
    });
  });

  describe('the password', () => {
    it('is changed by who knows it, and other sessions end when asked', async () => {
      const email = newEmail();
      const { token } = await signUp(server, email);
      const other = signedUp(await post('/sign-in', { email, password: PASSWORD }));
      const change = (body: object) => post('/change-password', body, bearer(token));
      expect(await change({ currentPassword: 'wrong password', newPassword: 'new password' })).toMatchObject({
        status: 400,
        body: { code: 'INVALID_PASSWORD' },
      });
      expect(await change({ currentPassword: PASSWORD, newPassword: 'short' })).toMatchObject({
        status: 400,
        body: { code: 'PASSWORD_TOO_SHORT' },
      });
      expectSignIn(
        await change({ currentPassword: PASSWORD, newPassword: 'new password', revokeOtherSessions: true }),
        email,
      );
      expect((await get(PROTECTED, bearer(token))).status).toBe(200);
      expect((await get(PROTECTED, bearer(other.token))).status).toBe(401);
      expect((await post('/sign-in', { email, password: PASSWORD })).status).toBe(401);
      expect((await post('/sign-in', { email, password: 'new password' })).status).toBe(200);
      expect((await post('/change-password', { currentPassword: 'a', newPassword: 'b' })).status).toBe(401);
    });
  });

  describe('sessions of one user', () => {
    it('are listed without their tokens, and end one by one', async () => {
      const email = newEmail();
      const mine = await signUp(server, email);
      clock.advance(1_000);
      const other = signedUp(await post('/sign-in', { email, password: PASSWORD }));
      const stranger = await signUp(server, newEmail());
      const list = await get('/api/auth/list-sessions', bearer(mine.token));
      const sessions = list.body as { id: string; current: boolean }[];
      expect(sessions.map(({ current }) => current)).toEqual([false, true]);
      expect(JSON.stringify(sessions)).not.toContain(other.token);
      const id = sessions[0]?.id;
      expect((await post('/revoke-session', { id }, bearer(stranger.token))).body).toEqual({ status: false });
      expect((await get(PROTECTED, bearer(other.token))).status).toBe(200);
      expect((await post('/revoke-session', { id }, bearer(mine.token))).body).toEqual({ status: true });
      expect((await get(PROTECTED, bearer(other.token))).status).toBe(401);
      const third = signedUp(await post('/sign-in', { email, password: PASSWORD }));
      await post('/revoke-other-sessions', undefined, bearer(third.token));
      expect((await get(PROTECTED, bearer(mine.token))).status).toBe(401);
      await post('/revoke-sessions', undefined, bearer(third.token));
      expect((await get(PROTECTED, bearer(third.token))).status).toBe(401);
    });
    it('see the new name of the user', async () => {
      const { token } = await signUp(server, newEmail());
      expect((await post('/update-user', { name: 'Another' }, bearer(token))).body).toEqual({ status: true });
      const { body } = await get('/api/auth/get-session', bearer(token));
      expect(body).toMatchObject({ user: { name: 'Another' } });
    });
  });

  it('keeps tokens as hashes only, and no password', async () => {
    const { token, signedToken } = await signUp(server, newEmail());
    const { read } = server.built.platform.database;
    const rows = JSON.stringify([
      await read.selectFrom('account_sessions').selectAll().execute(),
      await read.selectFrom('account_logins').selectAll().execute(),
      await read.selectFrom('account_profiles').selectAll().execute(),
    ]);
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(PASSWORD);
    const log = server.logged.join('');
    expect(log).not.toContain(token);
    expect(log).not.toContain(signedToken);
    expect(log).not.toContain('@example.com');
  });
  it('does not take a stored hash for a token', async () => {
    await signUp(server, newEmail());
    const { read } = server.built.platform.database;
    const row = await read.selectFrom('account_sessions').select('token_hash').executeTakeFirst();
    expect((await get(PROTECTED, bearer(row?.token_hash ?? ''))).status).toBe(401);
    expect((await get('/api/auth/get-session', bearer(row?.token_hash ?? ''))).body).toBeNull();
  });
  it('adds what apps know about the user', async () => {
    server.built.platform.accounts.addUserFields(async () => ({ totalStoriesGenerated: 0 }));
    const { body } = await signUp(server, newEmail());
    expect(body).toMatchObject({
      user: { totalStoriesGenerated: 0 },
      data: { user: { totalStoriesGenerated: 0 } },
    });
  });
  it('knows no provider that is not set up', async () => {
    for (const provider of ['apple', 'google', 'nonsense']) {
      expect(
        await post('/sign-in/social', { provider, idToken: { token: 'x' }, callbackURL: '/' }),
      ).toMatchObject({
        status: 404,
        body: { code: 'PROVIDER_NOT_FOUND' },
      });
    }
  });
});
