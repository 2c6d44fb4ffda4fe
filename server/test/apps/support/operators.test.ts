import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SupportTables } from '../../../src/apps/support/tables.js';
import { withTables } from '../../../src/platform/database/database.js';
import {
  freshEmail,
  type OperatorApp,
  type OwnedApp,
  PASSWORD,
  startOperatorApp,
} from '../../support/operator-app.js';
import { movableClock, stacks } from '../../support/servers.js';

const JWT_SECRET = 'a-jwt-secret-of-the-tests-that-is-long-enough';
const MINUTE = 60_000;

describe.each(stacks)('Operators (§10.1), on %s', (stack) => {
  const clock = movableClock();
  let node: OperatorApp;
  let app: OwnedApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, {
      clock,
      environment: { JWT_SECRET },
      allowance: { perAccountAndAddress: 5 },
    });
    app = await node.signUp();
  });
  afterAll(() => node.stop());

  const login = (email: string, password = PASSWORD) =>
    node.call<Record<string, string> & { user: Record<string, string> }>('POST', '/admin/auth/login', {
      body: { email, password },
    });
  const refresh = (refreshToken: string) =>
    node.call<Record<string, string>>('POST', '/admin/auth/refresh', {
      body: { refresh_token: refreshToken },
    });
  const me = (token: string) => node.call('GET', '/admin/auth/me', { as: token });

  it('sign up with an app, its key and its owner', async () => {
    const email = freshEmail();
    const { status, body } = await node.call('POST', '/admin/auth/signup', {
      body: { email: `  ${email.toUpperCase()} `, password: PASSWORD, appName: 'Shop' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 900,
      app: { id: expect.any(String), name: 'Shop', api_key: expect.stringMatching(/^rhq_/) },
      user: { id: expect.any(String), email, role: 'OWNER', app_id: expect.any(String) },
    });
  });

  it('are told what is missing, weak or taken, and then nothing is made', async () => {
    const signup = (body: unknown) => node.call('POST', '/admin/auth/signup', { body });
    const email = freshEmail();
    expect(await signup({ email })).toMatchObject({ status: 400, body: { code: 'MISSING_FIELDS' } });
    expect(await signup({ email: null, password: null })).toMatchObject({ body: { code: 'MISSING_FIELDS' } });
    expect(await node.call('POST', '/admin/auth/signup')).toMatchObject({ body: { code: 'MISSING_FIELDS' } });
    expect(await signup({ email, password: 'seven77' })).toMatchObject({
      status: 400,
      body: { code: 'WEAK_PASSWORD' },
    });
    expect(await signup({ email: 5, password: PASSWORD })).toMatchObject({
      body: { code: 'VALIDATION_ERROR' },
    });
    expect(await signup({ email: 'nobody', password: PASSWORD })).toMatchObject({
      body: { code: 'VALIDATION_ERROR' },
    });
    const apps = () =>
      withTables<SupportTables>(node.platform.database.read)
        .selectFrom('support_apps')
        .select('id')
        .execute();
    const before = (await apps()).length;
    expect(await signup({ email: app.owner.email.toUpperCase(), password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'USER_EXISTS', request_id: expect.any(String) },
    });
    expect(await apps()).toHaveLength(before);
  });

  it('cannot sign up twice at the same moment', async () => {
    const email = freshEmail();
    const answers = await Promise.all(
      [1, 2, 3].map(() => node.call('POST', '/admin/auth/signup', { body: { email, password: PASSWORD } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('get an access token with the claims that pages read, signed with JWT_SECRET', async () => {
    const { payload, protectedHeader } = await jwtVerify(
      app.owner.accessToken,
      new TextEncoder().encode(JWT_SECRET),
      { issuer: 'replyhq-api', audience: 'replyhq-admin', currentDate: new Date(clock.now()) },
    );
    expect(protectedHeader.alg).toBe('HS256');
    const { userId, appId, role, email, exp = 0, iat = 0 } = payload;
    expect({ userId, appId, role, email }).toEqual({
      userId: app.owner.id,
      appId: app.appId,
      role: 'OWNER',
      email: app.owner.email,
    });
    expect(exp - iat).toBe(900);
  });

  it('sign in whatever the case of their address', async () => {
    const answer = await login(app.owner.email.toUpperCase());
    expect(answer.status).toBe(200);
    expect(answer.body.user).toEqual({
      id: app.owner.id,
      email: app.owner.email,
      role: 'OWNER',
      app_id: app.appId,
    });
    expect(answer.body).not.toHaveProperty('app');
    expect((await me(answer.body.access_token ?? '')).body).toMatchObject({
      user: { id: app.owner.id },
      app: { id: app.appId, name: 'Test app' },
      permissions: expect.arrayContaining(['delete:users']),
    });
  });

  it('are told the same for an unknown account and for a wrong password', async () => {
    const { owner } = await node.signUp();
    const wrong = await login(owner.email, 'wrong');
    const unknown = await login(freshEmail(), 'wrong');
    expect(wrong).toMatchObject({ status: 401, body: { code: 'INVALID_CREDENTIALS' } });
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
    expect(await node.call('POST', '/admin/auth/login', { body: { email: owner.email } })).toMatchObject({
      status: 400,
      body: { code: 'MISSING_CREDENTIALS' },
    });
  });

  it('D13: wait after too many failures of theirs, and nobody else does', async () => {
    const { owner } = await node.signUp();
    const failures = await Promise.all([1, 2, 3, 4, 5, 6].map(() => login(owner.email, 'wrong')));
    expect(failures.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429]);
    const limited = await login(owner.email);
    expect(limited).toMatchObject({
      status: 429,
      body: { code: 'RATE_LIMIT_EXCEEDED', retry_after: expect.any(Number) },
    });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login(app.owner.email)).status).toBe(200);
    expect((await refresh(owner.refreshToken)).status).toBe(200);
    expect((await me(owner.accessToken)).status).toBe(200);
  });

  it('sign in any number of times without being limited', async () => {
    for (let round = 0; round < 12; round += 1) expect((await login(app.owner.email)).status).toBe(200);
  });

  it('are refused with the code that says why', async () => {
    const authorised = (authorization: string) =>
      node.call('GET', '/admin/auth/me', { headers: { authorization } });
    expect(await node.call('GET', '/admin/auth/me')).toMatchObject({
      status: 401,
      body: { code: 'MISSING_AUTH_HEADER' },
    });
    expect(await authorised('Basic abc')).toMatchObject({
      status: 401,
      body: { code: 'INVALID_AUTH_FORMAT' },
    });
    expect(await authorised('Bearer a.b.c')).toMatchObject({ status: 401, body: { code: 'INVALID_TOKEN' } });
    expect(await authorised(`Bearer ${app.apiKey}`)).toMatchObject({ body: { code: 'INVALID_TOKEN' } });
    const foreign = await node.platform.sessionTokens.issue(app.owner.id);
    expect(await authorised(`Bearer ${foreign}`)).toMatchObject({
      status: 401,
      body: { code: 'INVALID_TOKEN' },
    });
    const { owner } = await node.signUp();
    clock.advance(15 * MINUTE + 1_000);
    expect(await me(owner.accessToken)).toMatchObject({ status: 401, body: { code: 'TOKEN_EXPIRED' } });
    app = {
      ...app,
      owner: { ...app.owner, accessToken: (await login(app.owner.email)).body.access_token ?? '' },
    };
  });

  it('D27: keep refresh tokens as hashes only', async () => {
    const rows = await withTables<SupportTables>(node.platform.database.read)
      .selectFrom('support_refresh_tokens')
      .selectAll()
      .execute();
    expect(JSON.stringify(rows)).not.toContain(app.owner.refreshToken);
    expect(rows.every(({ token_hash }) => /^[0-9a-f]{64}$/.test(token_hash))).toBe(true);
    const [operator] = await withTables<SupportTables>(node.platform.database.read)
      .selectFrom('support_operators')
      .selectAll()
      .execute();
    expect(operator?.password_hash).toMatch(/^\$scrypt\$/);
  });

  it('D27: renew with a token that is replaced each time', async () => {
    const { owner } = await node.signUp();
    const first = await refresh(owner.refreshToken);
    expect(first).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 900 } });
    expect(first.body.refresh_token).not.toBe(owner.refreshToken);
    expect((await me(first.body.access_token ?? '')).status).toBe(200);
    expect((await refresh(first.body.refresh_token ?? '')).status).toBe(200);
  });

  it('keep a page signed in that reads the access token only and sends one refresh token for a week', async () => {
    const { owner } = await node.signUp();
    for (let hour = 0; hour < 24 * 7 - 1; hour += 12) {
      expect((await refresh(owner.refreshToken)).status).toBe(200);
      clock.advance(12 * 60 * MINUTE);
    }
    clock.advance(24 * 60 * MINUTE);
    expect(await refresh(owner.refreshToken)).toMatchObject({ status: 401, body: { code: 'TOKEN_EXPIRED' } });
  });

  it('end a sign-in whose token was copied, the thief out with it', async () => {
    const { owner } = await node.signUp();
    clock.advance(MINUTE);
    const second = (await refresh(owner.refreshToken)).body.refresh_token ?? '';
    clock.advance(MINUTE);
    const third = (await refresh(second)).body.refresh_token ?? '';
    // Within the grace: another tab was still sending the former token.
    expect((await refresh(owner.refreshToken)).status).toBe(200);
    clock.advance(2 * MINUTE);
    expect(await refresh(owner.refreshToken)).toMatchObject({ status: 401, body: { code: 'TOKEN_REVOKED' } });
    expect(await refresh(third)).toMatchObject({ status: 401, body: { code: 'TOKEN_REVOKED' } });
  });

  it('are told when a refresh token is missing or unknown', async () => {
    expect(await node.call('POST', '/admin/auth/refresh', { body: {} })).toMatchObject({
      status: 400,
      body: { code: 'MISSING_REFRESH_TOKEN' },
    });
    expect(await refresh('unknown')).toMatchObject({ status: 401, body: { code: 'INVALID_REFRESH_TOKEN' } });
  });

  it('sign out, with whatever token', async () => {
    const { owner } = await node.signUp();
    const logout = (body?: unknown) => node.call('POST', '/admin/auth/logout', { body });
    expect(await logout({ refresh_token: owner.refreshToken })).toMatchObject({
      status: 200,
      body: { message: expect.any(String) },
    });
    expect(await refresh(owner.refreshToken)).toMatchObject({ status: 401, body: { code: 'TOKEN_REVOKED' } });
    expect((await logout({ refresh_token: 'unknown' })).status).toBe(200);
    expect((await logout()).status).toBe(200);
  });

  it('change their password, which ends every other sign-in', async () => {
    const { owner } = await node.signUp();
    clock.advance(2_000);
    const change = (body: unknown) =>
      node.call<Record<string, string>>('POST', '/admin/auth/password', { as: owner, body });
    expect(await change({ current_password: PASSWORD })).toMatchObject({ body: { code: 'MISSING_FIELDS' } });
    expect(await change({ current_password: PASSWORD, new_password: 'short' })).toMatchObject({
      body: { code: 'WEAK_PASSWORD' },
    });
    expect(await change({ current_password: 'wrong', new_password: 'another password' })).toMatchObject({
      status: 403,
      body: { code: 'INVALID_PASSWORD' },
    });
    const changed = await change({ current_password: PASSWORD, new_password: 'another password' });
    expect(changed.status).toBe(200);
    expect((await me(changed.body.access_token ?? '')).status).toBe(200);
    expect(await me(owner.accessToken)).toMatchObject({ status: 401, body: { code: 'INVALID_TOKEN' } });
    expect(await refresh(owner.refreshToken)).toMatchObject({ body: { code: 'TOKEN_REVOKED' } });
    expect((await login(owner.email)).status).toBe(401);
    expect((await login(owner.email, 'another password')).status).toBe(200);
    expect(node.told).toContainEqual({ type: 'operator-changed', appId: owner.appId, operatorId: owner.id });
  });

  it('D17: get a 4xx for broken, oversized and nonsensical bodies', async () => {
    expect(await node.call('POST', '/admin/auth/login', { body: '{"email"' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_JSON' },
    });
    expect(
      await node.call('POST', '/admin/auth/login', { body: { email: 'x'.repeat(110_000), password: 'x' } }),
    ).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
    expect(await node.call('POST', '/admin/auth/login', { body: [] })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR' },
    });
  });

  it('D28: leave no password and no token in the log', () => {
    const lines = node.logged.join('\n');
    for (const secret of [PASSWORD, app.owner.accessToken, app.owner.refreshToken, app.apiKey]) {
      expect(lines).not.toContain(secret);
    }
  });
});

it('SUPPORT_SIGNUP=closed leaves accounts to invitations', async () => {
  const node = await startOperatorApp('SQLite and files', { environment: { SUPPORT_SIGNUP: 'closed' } });
  const body = { email: freshEmail(), password: PASSWORD };
  expect(await node.call('POST', '/admin/auth/signup', { body })).toMatchObject({
    status: 403,
    body: { code: 'SIGNUP_CLOSED' },
  });
  await node.stop();
});

it('no address makes accounts without end', async () => {
  const node = await startOperatorApp('SQLite and files', { allowance: { signUpsPerHour: 2 } });
  const signUp = () =>
    node.call('POST', '/admin/auth/signup', { body: { email: freshEmail(), password: PASSWORD } });
  const statuses = [(await signUp()).status, (await signUp()).status];
  expect(statuses).toEqual([200, 200]);
  expect(await signUp()).toMatchObject({ status: 429, body: { retry_after: expect.any(Number) } });
  await node.stop();
});
