import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, call, PASSWORD, signedUp, signUp } from '../../support/accounts.js';
import {
  type Claims,
  type KeyServer,
  providerKey,
  rs256,
  startKeyServer,
  unsigned,
} from '../../support/identity-providers.js';
import { type Ground, layGround, stacks, startServer, type TestServer } from '../../support/servers.js';

const BUNDLE = 'com.example.stories';
const apple = providerKey('apple-1');

describe.each(stacks)('sign-in with Apple, on %s', (stack) => {
  let ground: Ground;
  let keys: KeyServer;
  let server: TestServer;
  const claims = (changes: Claims = {}) => {
    const now = Math.floor(Date.now() / 1_000);
    return {
      iss: 'https://appleid.apple.com',
      aud: BUNDLE,
      sub: '001.ann',
      iat: now,
      exp: now + 600,
      email: 'ann@example.com',
      email_verified: 'true',
      ...changes,
    };
  };
  const signIn = (token: string, more: object = {}) =>
    call(server, 'POST', '/api/auth/sign-in/social', {
      body: { provider: 'apple', idToken: { token, ...more }, callbackURL: 'infinitestories://auth' },
      headers: { origin: server.url },
    });

  beforeAll(async () => {
    ground = await layGround(stack);
    keys = await startKeyServer({ keys: [apple.jwk] });
    server = await startServer(ground, { APPLE_BUNDLE_ID: BUNDLE, APPLE_KEYS_URL: keys.url });
  });
  afterAll(async () => {
    await server.stop();
    await keys.stop();
    await ground.remove();
  });

  it('makes an account once, and comes back to it, also when Apple leaves the e-mail out', async () => {
    const first = await signIn(await rs256(apple, claims()), { name: { firstName: 'Ann', lastName: 'Lee' } });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      token: expect.any(String),
      user: { email: 'ann@example.com', name: 'Ann Lee', emailVerified: true },
      session: { expiresAt: expect.any(String) },
    });
    expect(first.headers.get('set-auth-token')).toBeTruthy();
    const again = await signIn(await rs256(apple, claims({ email: undefined })));
    expect(signedUp(again).userId).toBe(signedUp(first).userId);
    const { read } = server.built.platform.database;
    const identities = await read
      .selectFrom('identities')
      .select(['issuer', 'subject'])
      .where('user_id', '=', signedUp(first).userId)
      .orderBy('issuer')
      .execute();
    expect(identities).toEqual([
      { issuer: 'email', subject: 'ann@example.com' },
      { issuer: 'https://appleid.apple.com', subject: '001.ann' },
    ]);
    const rows = JSON.stringify(await read.selectFrom('account_logins').selectAll().execute());
    expect(rows).not.toContain('eyJ');
  });

  it('links to the account of that e-mail, and what a stranger left there ends', async () => {
    const before = await signUp(server, 'bob@example.com');
    const bob = claims({ sub: '002.bob', email: 'bob@example.com' });
    const answer = await signIn(await rs256(apple, bob));
    expect(signedUp(answer).userId).toBe(before.userId);
    const list = (token: string) => call(server, 'GET', '/tts/files', { headers: bearer(token) });
    expect((await list(signedUp(answer).token)).status).toBe(200);
    // Whoever signed up never showed that the address is theirs; its owner has.
    expect((await list(before.token)).status).toBe(401);
    const byPassword = await call(server, 'POST', '/api/auth/sign-in', {
      body: { email: 'bob@example.com', password: PASSWORD },
    });
    expect(byPassword.status).toBe(401);
  });

  it('links to nobody by an e-mail that Apple did not verify', async () => {
    await signUp(server, 'eve@example.com');
    const eve = claims({ sub: '003.eve', email: 'eve@example.com', email_verified: 'false' });
    expect((await signIn(await rs256(apple, eve))).status).toBe(401);
  });

  it('refuses tokens that are forged, expired, for another app, or of another nonce', async () => {
    const stranger = providerKey('apple-1');
    const nonce = 'a nonce';
    const hashed = createHash('sha256').update(nonce).digest('hex');
    for (const [token, more] of [
      [await rs256(stranger, claims()), {}],
      [await rs256(apple, claims({ aud: 'com.example.other' })), {}],
      [await rs256(apple, claims({ iss: 'https://example.com' })), {}],
      [await rs256(apple, claims({ exp: 5 })), {}],
      [await rs256(apple, claims({ nonce: 'another' })), { nonce }],
      [await rs256(apple, claims({ sub: '009.new', email: undefined })), {}],
      [unsigned(claims()), {}],
      ['nonsense', {}],
    ] as const) {
      expect((await signIn(token, more)).status).toBe(401);
    }
    for (const right of [nonce, hashed]) {
      expect((await signIn(await rs256(apple, claims({ nonce: right })), { nonce })).status).toBe(200);
    }
  });

  it('knows no other provider, and needs a token', async () => {
    const google = { provider: 'google', idToken: { token: 'x' } };
    expect(await call(server, 'POST', '/api/auth/sign-in/social', { body: google })).toMatchObject({
      status: 404,
      body: { code: 'PROVIDER_NOT_FOUND' },
    });
    expect(
      await call(server, 'POST', '/api/auth/sign-in/social', { body: { provider: 'apple' } }),
    ).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
  });
});
