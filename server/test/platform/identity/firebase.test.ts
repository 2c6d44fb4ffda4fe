import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, call } from '../../support/accounts.js';
import {
  firebaseClaims,
  hs256,
  type KeyServer,
  PROJECT,
  type ProviderKey,
  providerKey,
  rs256,
  startKeyServer,
  unsigned,
} from '../../support/identity-providers.js';
import {
  type Ground,
  layGround,
  movableClock,
  stacks,
  startServer,
  type TestServer,
} from '../../support/servers.js';

const hasOpenSsl = spawnSync('openssl', ['version']).status === 0;

/** A self-signed certificate over the key, in PEM. */
function certificate({ privateKey }: ProviderKey, folder: string): string {
  const file = join(folder, 'provider-key.pem');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const request = ['req', '-x509', '-new', '-key', file, '-days', '2', '-subj', '/CN=provider'];
  const pem = execFileSync('openssl', request, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  rmSync(file);
  return pem;
}

const PROTECTED = '/tts/files';
const google = providerKey('google-1');
const next = providerKey('google-2');
const stranger = providerKey('google-1');

describe.each(stacks)('Firebase users, on %s', (stack) => {
  const clock = movableClock();
  let ground: Ground;
  let keys: KeyServer;
  let server: TestServer;
  const status = async (token: string, to = server) =>
    (await call(to, 'GET', PROTECTED, { headers: bearer(token) })).status;
  const claims = (changes: object = {}) => firebaseClaims(clock.now(), { ...changes });

  beforeAll(async () => {
    ground = await layGround(stack);
    keys = await startKeyServer({ [google.kid]: google.publicPem });
    server = await startServer(
      ground,
      { FIREBASE_PROJECT_ID: PROJECT, FIREBASE_KEYS_URL: keys.url },
      { clock },
    );
  });
  afterAll(async () => {
    await server.stop();
    await keys.stop();
    await ground.remove();
  });

  it('become users with their first valid token, and stay the same', async () => {
    const token = await rs256(google, claims());
    const caller = await server.built.platform.callers.verify(bearer(token));
    expect(caller).toMatchObject({
      via: 'firebase',
      firebase: {
        uid: 'uid-of-somebody',
        email: 'somebody@example.com',
        emailVerified: true,
        name: 'Some Body',
        picture: null,
        signInProvider: 'google.com',
      },
    });
    expect(await status(token)).toBe(200);
    const again = await server.built.platform.callers.verify(bearer(await rs256(google, claims({ iat: 1 }))));
    expect(again.userId).toBe(caller.userId);
    const rows = await server.built.platform.database.read
      .selectFrom('identities')
      .select(['issuer', 'subject'])
      .where('user_id', '=', caller.userId)
      .execute();
    expect(rows).toEqual([
      { issuer: `https://securetoken.google.com/${PROJECT}`, subject: 'uid-of-somebody' },
    ]);
  });

  it.each([
    ['another project', { aud: 'another-project' }],
    ["another project's issuer", { iss: 'https://securetoken.google.com/another-project' }],
    ['another issuer', { iss: 'https://accounts.google.com' }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject that is no text', { sub: 5 }],
    ['no expiry', { exp: undefined }],
    ['issued in the future', { iat: Math.floor(Date.now() / 1_000) + 100_000 }],
    ['signed in in the future', { auth_time: Math.floor(Date.now() / 1_000) + 100_000 }],
    ['an expiry of the past', { exp: Math.floor(Date.now() / 1_000) - 3_600 }],
  ])('are refused: %s', async (_what, changes) => {
    expect(await status(await rs256(google, claims(changes)))).toBe(401);
  });

  it('are refused: signed by somebody else, by nobody, with the public key, altered, or cut short', async () => {
    const token = await rs256(google, claims());
    const [header, , signature] = token.split('.');
    const payload = Buffer.from(JSON.stringify(claims({ sub: 'another' }))).toString('base64url');
    for (const forged of [
      await rs256(stranger, claims()),
      await rs256(google, claims(), { kid: 'unknown' }),
      await rs256(google, claims(), { kid: undefined }),
      await rs256(google, claims(), { alg: 'RS384' }).catch(() => 'a.b.c'),
      unsigned(claims()),
      await hs256(google, claims()),
      `${header}.${payload}.${signature}`,
      `${header}.${payload}.`,
      token.slice(0, -10),
      `${token}.more`,
      'eyJhbGciOiJSUzI1NiJ9.e30.AAAA',
    ]) {
      expect(await status(forged)).toBe(401);
    }
  });

  it('are refused once the token has expired, also when it was believed before', async () => {
    const token = await rs256(google, claims());
    expect(await status(token)).toBe(200);
    clock.advance(3_600_000 + 120_000);
    expect(await status(token)).toBe(401);
  });

  it('pass through a rotation of the keys, and the old key ends with it', async () => {
    const before = await rs256(google, claims());
    expect(await status(await rs256(next, claims()))).toBe(401);
    keys.answer = { ...keys.answer, body: { keys: [next.jwk] } };
    clock.advance(60_000);
    expect(await status(await rs256(next, claims()))).toBe(200);
    expect(await status(before)).toBe(401);
  });

  it('are not asked about at Google for every unknown key id', async () => {
    const asked = keys.requests();
    for (let count = 0; count < 20; count++) {
      await status(await rs256(stranger, claims(), { kid: `unknown-${count}` }));
    }
    expect(keys.requests() - asked).toBeLessThanOrEqual(1);
  });

  it('go on with the last good keys while Google cannot be reached', async () => {
    keys.answer = { status: 500, body: {}, maxAge: 0 };
    clock.advance(3 * 3_600_000);
    expect(await status(await rs256(next, claims()))).toBe(200);
    keys.answer = { status: 200, body: 'nonsense', maxAge: 0 };
    clock.advance(3 * 3_600_000);
    expect(await status(await rs256(next, claims()))).toBe(200);
  });

  it('are told by 503 that there are no keys at all, and 401 without a project', async () => {
    keys.answer = { status: 500, body: {}, maxAge: 0 };
    const fresh = await startServer(ground, {
      FIREBASE_PROJECT_ID: PROJECT,
      FIREBASE_KEYS_URL: keys.url,
    });
    expect(await status(await rs256(next, firebaseClaims(Date.now())), fresh)).toBe(503);
    await fresh.stop();
    const without = await startServer(ground);
    expect(await status(await rs256(next, firebaseClaims(Date.now())), without)).toBe(401);
    await without.stop();
  });

  it('are known by a file of keys, without any network', async () => {
    const file = join(ground.dataDirectory, 'keys.json');
    for (const body of [{ keys: [google.jwk] }, { [google.kid]: google.publicPem }]) {
      writeFileSync(file, JSON.stringify(body));
      const offline = await startServer(ground, {
        FIREBASE_PROJECT_ID: PROJECT,
        FIREBASE_KEYS_URL: 'http://127.0.0.1:9/none',
        FIREBASE_JWKS_FILE: file,
      });
      expect(await status(await rs256(google, firebaseClaims(Date.now())), offline)).toBe(200);
      expect(await status(await rs256(stranger, firebaseClaims(Date.now())), offline)).toBe(401);
      await offline.stop();
    }
    rmSync(file);
  });

  it.skipIf(!hasOpenSsl)('are known by certificates, as Google publishes its keys', async () => {
    keys.answer = {
      status: 200,
      body: { [google.kid]: certificate(google, ground.dataDirectory) },
      maxAge: 60,
    };
    const fresh = await startServer(ground, { FIREBASE_PROJECT_ID: PROJECT, FIREBASE_KEYS_URL: keys.url });
    expect(await status(await rs256(google, firebaseClaims(Date.now())), fresh)).toBe(200);
    expect(await status(await rs256(stranger, firebaseClaims(Date.now())), fresh)).toBe(401);
    await fresh.stop();
  });

  it("may come from the emulator only by the operator's word, with all else right", async () => {
    const open = await startServer(ground, { FIREBASE_PROJECT_ID: PROJECT, FIREBASE_EMULATOR: 'true' });
    const now = Date.now();
    expect(await status(unsigned(firebaseClaims(now, { sub: 'emulated' })), open)).toBe(200);
    expect(await status(unsigned(firebaseClaims(now, { aud: 'another' })), open)).toBe(401);
    expect(await status(unsigned(firebaseClaims(now, { exp: 5 })), open)).toBe(401);
    expect(await status(unsigned(firebaseClaims(now, { sub: '' })), open)).toBe(401);
    await open.stop();
  });

  it('are not confused with an e-mail account of the same address', async () => {
    const { accounts, callers } = server.built.platform;
    const { user } = await accounts.signUp(
      { email: 'somebody@example.com', password: 'a good password' },
      { address: '127.0.0.1' },
    );
    const { userId } = await callers.verify(bearer(await rs256(next, claims())));
    expect(userId).not.toBe(user.id);
  });
});
