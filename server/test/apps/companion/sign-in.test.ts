import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompanionApp, companionUser, startCompanionApp } from '../../support/companion-app.js';
import {
  firebaseClaims,
  hs256,
  PROJECT,
  providerKey,
  rs256,
  unsigned,
} from '../../support/identity-providers.js';
import { type Ground, layGround, stacks } from '../../support/servers.js';
import { type Answer, call } from '../../support/speech-client.js';
import { readAnswer } from './strict-model.js';

const ADMIN_KEY = 'an-operators-own-key-of-this-test';
const google = providerKey('google-1');
const stranger = providerKey('google-1');

describe.each(stacks)('§2 sign-in, on %s', (stack) => {
  let ground: Ground;
  let app: CompanionApp;
  beforeAll(async () => {
    ground = await layGround(stack);
    const keys = join(ground.dataDirectory, 'firebase-keys.json');
    writeFileSync(keys, JSON.stringify({ keys: [google.jwk] }));
    app = await startCompanionApp(stack, {
      ground,
      environment: { FIREBASE_PROJECT_ID: PROJECT, FIREBASE_JWKS_FILE: keys },
    });
  });
  afterAll(async () => {
    await app.stop();
    await ground.remove();
  });

  const send = async (path: string, body: unknown): Promise<Answer> => {
    const answer = await call(`${app.url}/${path}`, { method: 'POST', body });
    readAnswer('POST', path, answer);
    return answer;
  };
  const profile = (authorization: string, at = app) =>
    call(`${at.url}/v1/users/profile`, { headers: { authorization } });
  const token = (changes: object = {}) => rs256(google, firebaseClaims(Date.now(), { ...changes }));

  it('§2.2 lets in whom Firebase vouches for, known or not, by keys from a file', async () => {
    const idToken = await token();
    const first = await profile(`Bearer ${idToken}`);
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject({ email: 'somebody@example.com', name: 'Some Body', language: null });
    const user = companionUser(app.url, first.json.uid, idToken);
    await user.post('v3/memories', { content: 'I like tea.' });
    expect((await user.get('v1/users/uid-of-somebody')).json.uid).toBe(first.json.uid);
    const later = await token({ auth_time: Math.floor(Date.now() / 1_000) - 1 });
    expect((await profile(`Bearer ${later}`)).json.uid).toBe(first.json.uid);
    const another = await token({ sub: 'another', user_id: 'another' });
    expect((await profile(`Bearer ${another}`)).json.uid).not.toBe(first.json.uid);
  });

  it('§2.2 refuses what Firebase never signed for this project, with 401', async () => {
    const claims = firebaseClaims(Date.now());
    const forged = [
      await rs256(stranger, claims),
      await hs256(google, claims),
      unsigned(claims),
      await token({ aud: 'another-project' }),
      await token({ iss: 'https://securetoken.google.com/another-project' }),
      await token({ exp: Math.floor(Date.now() / 1_000) - 600 }),
      await token({ sub: '' }),
    ];
    for (const idToken of forged) expect((await profile(`Bearer ${idToken}`)).status).toBe(401);
  });

  it('§2.6 POST v1/auth/login gives a bearer token for a Firebase token', async () => {
    const { json } = await send('v1/auth/login', { token: await token() });
    expect(json).toMatchObject({ token_type: 'Bearer', access_token: json.token });
    expect(json.user.email).toBe('somebody@example.com');
    expect((await profile(`Bearer ${json.token}`)).json.uid).toBe(json.user.id);
    expect((await send('v1/auth/login', { token: 'forged' })).status).toBe(401);
    expect((await send('v1/auth/login', {})).status).toBe(400);
    expect((await send('v1/auth/login', { email: 'a@example.com' })).status).toBe(400);
  });

  it('§2.4 POST v1/signup and v1/signin know accounts of this server', async () => {
    const form = { email: 'ada@example.com', password: 'a long enough password', name: 'Ada' };
    const { json: account } = await send('v1/signup', form);
    expect((await send('v1/signup', form)).status).toBe(400);
    expect((await send('v1/signup', { email: 'bob@example.com', password: 'x' })).status).toBe(400);
    const { json } = await send('v1/signin', { email: form.email, password: form.password });
    expect(json).toMatchObject({ status: 'ok', uid: account.uid, name: 'Ada' });
    expect(json.exp).toBeGreaterThan(json.auth_time);
    expect((await profile(`Bearer ${json.token}`)).json.uid).toBe(account.uid);
    const wrong = await send('v1/signin', { email: form.email, password: 'another password' });
    expect(wrong.status).toBe(401);
    const login = await send('v1/auth/login', { email: form.email, password: form.password });
    expect(login.json.user).toEqual({ id: account.uid, email: form.email, name: 'Ada' });
    expect((await profile(`Bearer ${login.json.token}`)).status).toBe(200);
  });

  it('§2.5 never takes one issuer’s name for another’s', async () => {
    const { json: account } = await send('v1/signup', {
      email: 'eve@example.com',
      password: 'a long enough password',
    });
    const idToken = await token({ sub: account.uid, user_id: account.uid, email: 'eve@example.com' });
    expect((await profile(`Bearer ${idToken}`)).json.uid).not.toBe(account.uid);
  });

  it('§11 has no use for the published test keys, nor for any admin key unless one is configured', async () => {
    for (const authorization of [
      'test-admin-key-local-dev-only123',
      'Bearer test-admin-key-local-dev-only',
      'Bearer test-admin-key-local-dev-only123',
      'Bearer dev_testing_key_12345123',
      `${ADMIN_KEY}somebody`,
      '',
    ]) {
      expect((await profile(authorization)).status, authorization).toBe(401);
    }
    await expect(
      startCompanionApp(stack, { environment: { ADMIN_KEY: 'test-admin-key-local-dev-only' } }),
    ).rejects.toThrow(/ADMIN_KEY/);
  });

  it('§2.4 lets the operator act for a user by the admin key, and a developer be the user 123', async () => {
    const user = await app.signUp();
    const trusting = await startCompanionApp(stack, {
      ground,
      environment: { ADMIN_KEY, LOCAL_DEVELOPMENT: 'true' },
    });
    expect((await profile(`${ADMIN_KEY}${user.userId}`, trusting)).json.uid).toBe(user.userId);
    expect((await profile(`Bearer ${ADMIN_KEY}${user.userId}`, trusting)).json.uid).toBe(user.userId);
    const developer = (await profile('Bearer nonsense', trusting)).json.uid;
    expect((await profile('Bearer other nonsense', trusting)).json.uid).toBe(developer);
    expect((await profile(`${ADMIN_KEY}`, trusting)).json.uid).toBe(developer);
    expect((await call(`${trusting.url}/v1/users/profile`)).status).toBe(401);
    await trusting.stop();
  });
});
