import { createHash } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';
import {
  type Ground,
  layGround,
  movableClock,
  stacks,
  startServer,
  type TestServer,
} from '../../support/servers.js';
import { call, signIn, someKey } from '../../support/speech-client.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe.each(stacks)('signing in with a key, on %s', (stack) => {
  let ground: Ground;
  let upstream: FakeOpenai;
  let server: TestServer;
  const clock = movableClock();
  beforeAll(async () => {
    ground = await layGround(stack);
    upstream = await startFakeOpenAI();
    server = await startServer(ground, { OPENAI_BASE_URL: upstream.baseUrl }, { clock });
  });
  afterAll(async () => {
    await server.stop();
    await upstream.close();
    await ground.remove();
  });

  const verify = (openai_token: unknown) =>
    call(`${server.url}/auth/verify`, { method: 'POST', body: { openai_token } });

  it('answers a good key with the two fields, and the same user for the same key', async () => {
    const key = someKey();
    const first = await verify(key);
    expect(first.status).toBe(200);
    expect(Object.keys(first.json).sort()).toEqual(['session_token', 'user_id']);
    expect(first.json.user_id).toMatch(UUID);
    expect((await verify(key)).json.user_id).toBe(first.json.user_id);
    expect((await verify(someKey())).json.user_id).not.toBe(first.json.user_id);
  });

  it('makes one user of one key when ten devices sign in at once', async () => {
    const key = someKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => verify(key)));
    expect(new Set(answers.map(({ json }) => json.user_id)).size).toBe(1);
  });

  it('issues a token with exactly the documented header, payload and lifetime', async () => {
    const { json } = await verify(someKey());
    expect(decodeProtectedHeader(json.session_token)).toEqual({ alg: 'HS256', typ: 'JWT' });
    const payload = decodeJwt(json.session_token);
    expect(Object.keys(payload).sort()).toEqual(['exp', 'iat', 'userId']);
    expect(payload.userId).toBe(json.user_id);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(604_800);
  });

  it('refuses an empty key with 400 and a key that the provider refuses with 401', async () => {
    expect((await verify('')).json).toMatchObject({
      statusCode: 400,
      code: 'FST_ERR_VALIDATION',
      message: 'body/openai_token must NOT have fewer than 1 characters',
    });
    upstream.behave(() => ({ kind: 'status', status: 401 }));
    const refused = await verify(someKey());
    upstream.behave(() => ({ kind: 'ok' }));
    expect(refused.status).toBe(401);
    expect(refused.json).toMatchObject({ error: 'Unauthorized', message: 'Invalid OpenAI API token' });
  });

  it('tells a busy provider (429) and a broken one (503) from a bad key', async () => {
    upstream.behave(() => ({ kind: 'status', status: 429, retryAfter: 7 }));
    const busy = await verify(someKey());
    expect(busy.status).toBe(429);
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
    upstream.behave(() => ({ kind: 'status', status: 500 }));
    const broken = await verify(someKey());
    upstream.behave(() => ({ kind: 'ok' }));
    expect(broken.status).toBe(503);
    expect(typeof broken.json.message).toBe('string');
  });

  it('does not ask the provider again for a key that was good a moment ago', async () => {
    const key = someKey();
    await verify(key);
    const asked = upstream.requests.length;
    await verify(key);
    expect(upstream.requests.length).toBe(asked);
  });

  it('recognises the plain SHA-256 of a key that an imported database holds', async () => {
    const key = someKey();
    const imported = '7b0a4d43-9c3f-4a43-8a5c-1f6f1b0f6a11';
    const now = Date.now();
    await server.built.platform.database.transaction(async (tx) => {
      await tx.insertInto('users').values({ id: imported, created_at: now, last_seen_at: now }).execute();
      await tx
        .insertInto('identities')
        .values({
          issuer: 'openai-key-sha256',
          subject: createHash('sha256').update(key).digest('hex'),
          user_id: imported,
          created_at: now,
        })
        .execute();
    });
    expect((await verify(key)).json.user_id).toBe(imported);
    expect((await verify(key)).json.user_id).toBe(imported);
  });

  it('keeps no trace of the key but a keyed hash', async () => {
    const key = someKey();
    await verify(key);
    const subjects = await server.built.platform.database.read
      .selectFrom('identities')
      .select('subject')
      .execute();
    const plain = createHash('sha256').update(key).digest('hex');
    expect(subjects.some(({ subject }) => subject === key || subject === plain)).toBe(false);
  });

  describe('tokens', () => {
    const protectedRoutes: [string, string][] = [
      ['POST', '/auth/refresh'],
      ['POST', '/tts/generate'],
      ['GET', `/tts/status/${'a'.repeat(64)}`],
      ['GET', `/tts/${'a'.repeat(64)}/status`],
      ['GET', '/tts/files'],
      ['GET', '/tts/files/since/2026-01-01T00:00:00Z'],
      ['DELETE', '/tts/delete/x'],
      ['DELETE', '/tts/x'],
      ['GET', '/files/x'],
      ['POST', '/playback/sync'],
      ['GET', '/playback/states'],
      ['GET', '/playback/state/x'],
      ['DELETE', '/playback/state/x'],
      ['GET', '/playback/deleted-files'],
      ['GET', '/user/usage'],
    ];

    const sign = (payload: Record<string, unknown>, key: Uint8Array, expires: number, alg = 'HS256') =>
      new SignJWT(payload).setProtectedHeader({ alg, typ: 'JWT' }).setExpirationTime(expires).sign(key);

    it.each(protectedRoutes)(
      '%s %s refuses what is missing, forged, expired or cut',
      async (method, path) => {
        const { sessionTokens, secrets } = server.built.platform;
        const good = await sessionTokens.issue('7b0a4d43-9c3f-4a43-8a5c-000000000000');
        const later = Math.floor(clock.now() / 1_000) + 1_000;
        const refused: [string | undefined, string][] = [
          [undefined, 'Missing or invalid Authorization header'],
          ['Basic abc', 'Missing or invalid Authorization header'],
          ['Bearer ', 'Missing or invalid Authorization header'],
          ['Bearer not-a-token', 'Invalid or expired token'],
          [`Bearer ${good.slice(0, -4)}`, 'Invalid or expired token'],
          [`Bearer ${good}x`, 'Invalid or expired token'],
          [`Bearer ${await sign({ userId: 'u' }, new Uint8Array(32), later)}`, 'Invalid or expired token'],
          [
            `Bearer ${await sign({ userId: 'u' }, secrets.sessionKey, later - 2_000)}`,
            'Invalid or expired token',
          ],
          [
            `Bearer ${await sign({ userId: 'u' }, new Uint8Array([...secrets.sessionKey, ...secrets.sessionKey]), later, 'HS512')}`,
            'Invalid or expired token',
          ],
          [`Bearer ${await sign({ sub: 'u' }, secrets.sessionKey, later)}`, 'Invalid token payload'],
          [`Bearer ${good}`, 'User not found or token expired'],
        ];
        for (const [authorization, message] of refused) {
          const answer = await call(`${server.url}${path}`, {
            method,
            headers: authorization === undefined ? {} : { authorization },
          });
          expect([answer.status, answer.json.error, answer.json.message]).toEqual([
            401,
            'Unauthorized',
            message,
          ]);
        }
      },
    );

    it('takes the scheme in any case but no token from the query', async () => {
      const device = await signIn(server.url);
      const lower = await call(`${server.url}/tts/files`, {
        headers: { authorization: `bearer ${device.token}` },
      });
      expect(lower.status).toBe(200);
      expect((await call(`${server.url}/tts/files?token=${device.token}`)).status).toBe(401);
    });

    it('refreshes for seven more days, with no body or an empty JSON one', async () => {
      const device = await signIn(server.url);
      clock.advance(60_000);
      for (const options of [{}, { headers: { 'content-type': 'application/json' }, raw: '' }]) {
        const answer = await device.call('/auth/refresh', { method: 'POST', ...options });
        expect(answer.status).toBe(200);
        expect(answer.json.user_id).toBe(device.userId);
        expect(decodeJwt(answer.json.session_token).exp).toBeGreaterThan(decodeJwt(device.token).exp ?? 0);
      }
    });

    it('expire after seven days', async () => {
      const device = await signIn(server.url);
      expect((await device.call('/tts/files')).status).toBe(200);
      clock.advance(604_801_000);
      expect((await device.call('/tts/files')).json.message).toBe('Invalid or expired token');
    });

    it('stop working at once when their user is removed', async () => {
      const device = await signIn(server.url);
      expect((await device.call('/tts/files')).status).toBe(200);
      await server.built.platform.users.remove(device.userId);
      expect((await device.call('/tts/files')).json.message).toBe('User not found or token expired');
    });
  });
});

describe('signing in without an upstream', () => {
  let ground: Ground;
  let server: TestServer;
  beforeAll(async () => {
    ground = await layGround('SQLite and files');
    server = await startServer(ground, { AUTH_FAILURES_PER_MINUTE: '3' });
  });
  afterAll(async () => {
    await server.stop();
    await ground.remove();
  });

  it('takes any well-formed key as an identity of its own', async () => {
    const answer = await call(`${server.url}/auth/verify`, {
      method: 'POST',
      body: { openai_token: `sk-${'a'.repeat(20)}` },
    });
    expect(answer.status).toBe(200);
  });

  it('refuses others, and after several failures asks the address to wait', async () => {
    const attempt = () =>
      call(`${server.url}/auth/verify`, { method: 'POST', body: { openai_token: 'hunter2' } });
    for (let failures = 0; failures < 3; failures += 1) expect((await attempt()).status).toBe(401);
    const stopped = await attempt();
    expect(stopped.status).toBe(429);
    expect(stopped.json.error).toBe('Too Many Requests');
    expect(Number(stopped.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
