import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, call, signUp } from '../support/accounts.js';
import {
  firebaseClaims,
  type KeyServer,
  PROJECT,
  providerKey,
  rs256,
  startKeyServer,
} from '../support/identity-providers.js';
import {
  eventually,
  type Ground,
  layGround,
  stacks,
  startServer,
  type TestServer,
} from '../support/servers.js';
import { signIn, someKey } from '../support/speech-client.js';

const google = providerKey('google-1');
const VOICE = { voice: 'alloy', model: 'tts-1', format: 'mp3', speed: 1 };

interface Identity {
  readonly id: string;
  readonly kind: string;
  readonly can_unlink: boolean;
}

describe.each(stacks)('one account over all apps, on %s', (stack) => {
  let ground: Ground;
  let keys: KeyServer;
  let server: TestServer;
  let number = 0;
  const newAccount = () => signUp(server, `console-${++number}@example.com`);
  const identitiesOf = async (token: string): Promise<readonly Identity[]> =>
    (
      (await call(server, 'GET', '/api/account/identities', { headers: bearer(token) })).body as {
        identities: Identity[];
      }
    ).identities;
  const link = (token: string, proof: string) =>
    call(server, 'POST', '/api/account/identities', { headers: bearer(token), body: { token: proof } });
  const firebaseToken = (uid: string) =>
    rs256(google, firebaseClaims(Date.now(), { sub: uid, user_id: uid, email: `${uid}@example.com` }));

  beforeAll(async () => {
    ground = await layGround(stack);
    keys = await startKeyServer({ [google.kid]: google.publicPem });
    server = await startServer(ground, { FIREBASE_PROJECT_ID: PROJECT, FIREBASE_KEYS_URL: keys.url });
  });
  afterAll(async () => {
    await server.stop();
    await keys.stop();
    await ground.remove();
  });

  it('opens speech, stories, companion and voice with one sign-in, by bearer token or cookie', async () => {
    const { token, cookie, userId } = await newAccount();
    const origin = server.url;
    for (const headers of [bearer(token), { cookie, origin }]) {
      for (const path of [
        '/tts/files',
        '/user/usage',
        '/api/heroes',
        '/v1/conversations',
        '/api/voice/keys',
      ]) {
        expect((await call(server, 'GET', path, { headers })).status, path).toBe(200);
      }
      const spoken = await call(server, 'POST', '/tts/generate', {
        headers,
        body: { ...VOICE, text: `Hello from ${JSON.stringify(headers).length}.` },
      });
      expect(spoken.status).toBeLessThan(300);
      const question = { message: 'What time is it?' };
      expect((await call(server, 'POST', '/api/conversation', { headers, body: question })).status).toBe(200);
      expect((await call(server, 'GET', '/api/account', { headers })).body).toMatchObject({
        id: userId,
        is_operator: false,
      });
    }
  });

  it('opens nothing of the console to nobody, and nothing by a cookie that a foreign page sends', async () => {
    const { cookie } = await newAccount();
    for (const path of [
      '/api/account',
      '/api/account/usage',
      '/api/account/keys',
      '/api/account/identities',
    ]) {
      expect((await call(server, 'GET', path)).status, path).toBe(401);
    }
    const foreign = { cookie, origin: 'https://elsewhere.example' };
    const body = { token: 'eyJ' };
    expect((await call(server, 'POST', '/api/account/identities', { headers: foreign, body })).status).toBe(
      403,
    );
  });

  it('counts by day what was used of each app', async () => {
    const { token } = await newAccount();
    const headers = bearer(token);
    const text = 'Twenty-two characters.';
    await call(server, 'POST', '/tts/generate', { headers, body: { ...VOICE, text } });
    await call(server, 'POST', '/api/conversation', { headers, body: { message: 'Hello?' } });
    const { body, status } = await call(server, 'GET', '/api/account/usage?days=7', { headers });
    expect(status).toBe(200);
    const { days, apps } = body as {
      days: string[];
      apps: {
        app: string;
        stored_bytes: number | null;
        series: { unit: string; total: number; counts: number[] }[];
      }[];
    };
    expect(days).toHaveLength(7);
    expect(days.at(-1)).toBe(new Date().toISOString().slice(0, 10));
    const of = (name: string) => apps.find(({ app }) => app === name)?.series;
    const speech = of('speech')?.[0];
    expect(speech).toMatchObject({ unit: 'characters spoken', total: text.length });
    expect(speech?.counts.reduce((sum, count) => sum + count, 0)).toBe(text.length);
    expect(of('voice')?.[0]).toMatchObject({ unit: 'answers', total: 1 });
    expect(of('stories')?.[0]).toMatchObject({ unit: 'stories', total: 0 });
    expect(of('companion')?.map(({ unit }) => unit)).toEqual(['conversations', 'minutes listened to']);
    expect((await call(server, 'GET', '/api/account/usage?days=32', { headers })).status).toBe(400);
  });

  it('lists the keys of all apps, without the keys', async () => {
    const { token } = await newAccount();
    const headers = bearer(token);
    const made = await call(server, 'POST', '/api/voice/keys', { headers, body: { name: 'laptop' } });
    const { key } = made.body as { key: string };
    const listed = await call(server, 'GET', '/api/account/keys', { headers });
    expect(listed.body).toMatchObject({ keys: [{ kind: 'voice', name: 'laptop', last_used_at: null }] });
    expect(JSON.stringify(listed.body)).not.toContain(key);
    // The key opens the voice app, and nothing of the console.
    expect((await call(server, 'GET', '/api/account', { headers: bearer(key) })).status).toBe(401);
  });

  describe('linking', () => {
    it('brings a speech library into the account, and the key leads there from then on', async () => {
      const { token, userId } = await newAccount();
      const device = await signIn(server.url);
      const { ordered } = await device.speak('A library of its own.');
      const answer = await link(token, device.token);
      expect(answer.status).toBe(200);
      expect((await identitiesOf(token)).map(({ kind }) => kind)).toEqual(['email', 'speech-key']);

      const files = await call(server, 'GET', '/tts/files', { headers: bearer(token) });
      expect(files.body).toMatchObject([{ id: ordered.json.file_id, text_content: 'A library of its own.' }]);
      const audio = await fetch(`${server.url}/files/${ordered.json.file_id}`, { headers: bearer(token) });
      expect(audio.status).toBe(200);
      await audio.arrayBuffer();
      // The user of before is gone, with the token that named them; the key names the account.
      expect((await device.call('/tts/files')).status).toBe(401);
      expect((await signIn(server.url, device.key)).userId).toBe(userId);
      const { apps } = (await call(server, 'GET', '/api/account/usage', { headers: bearer(token) })).body as {
        apps: { app: string; series: { total: number }[] }[];
      };
      expect(apps.find(({ app }) => app === 'speech')?.series[0]?.total).toBe('A library of its own.'.length);
    });

    it('links a Firebase sign-in, which then opens the account', async () => {
      const { token, userId } = await newAccount();
      const proof = await firebaseToken('linked-uid');
      expect((await link(token, proof)).status).toBe(200);
      expect((await identitiesOf(token)).map(({ kind }) => kind)).toContain('firebase');
      const again = await call(server, 'GET', '/api/account', { headers: bearer(proof) });
      expect(again.body).toMatchObject({ id: userId });
      // The same once more changes nothing.
      expect((await link(token, proof)).status).toBe(200);
      expect(await identitiesOf(token)).toHaveLength(2);
    });

    it('refuses another account, what does not verify, and whoever has no account', async () => {
      const { token } = await newAccount();
      const other = await newAccount();
      expect((await link(token, other.token)).status).toBe(400);
      // A session token of the speech app that stands for another account: that account is not emptied.
      const refreshed = await call(server, 'POST', '/auth/refresh', { headers: bearer(other.token) });
      const { session_token } = refreshed.body as { session_token: string };
      expect((await link(token, session_token)).status).toBe(409);
      expect((await identitiesOf(other.token)).map(({ kind }) => kind)).toEqual(['email']);
      expect((await link(token, 'nonsense')).status).toBe(400);
      const device = await signIn(server.url);
      expect((await link(device.token, session_token)).status).toBe(403);
    });

    it('takes a linked sign-in off again, but never the account itself', async () => {
      const { token, userId } = await newAccount();
      const key = someKey();
      const device = await signIn(server.url, key);
      await link(token, device.token);
      const [email, speech] = await identitiesOf(token);
      const unlink = (id: string | undefined) =>
        call(server, 'DELETE', `/api/account/identities/${id}`, { headers: bearer(token) });
      expect((await unlink(email?.id)).status).toBe(409);
      expect((await unlink('nonsense')).status).toBe(404);
      const stranger = await newAccount();
      expect(
        (
          await call(server, 'DELETE', `/api/account/identities/${speech?.id}`, {
            headers: bearer(stranger.token),
          })
        ).status,
      ).toBe(404);
      expect((await unlink(speech?.id)).status).toBe(204);
      expect(await identitiesOf(token)).toHaveLength(1);
      expect((await signIn(server.url, key)).userId).not.toBe(userId);
    });
  });

  it('ends one session or all of them at once, on every app', async () => {
    const { token } = await newAccount();
    const email = `console-${number}@example.com`;
    const { platform } = server.built;
    const phone = await platform.accounts.signIn(
      { email, password: 'correct horse' },
      { address: '127.0.0.1' },
    );
    const open = async (one: string) =>
      (await call(server, 'GET', '/tts/files', { headers: bearer(one) })).status;
    expect(await open(phone.token)).toBe(200);
    const headers = bearer(token);
    const listed = (await call(server, 'GET', '/api/auth/list-sessions', { headers })).body as {
      id: string;
      current: boolean;
    }[];
    const other = listed.find(({ current }) => !current);
    await call(server, 'POST', '/api/auth/revoke-session', { headers, body: { id: other?.id } });
    expect(
      await eventually(
        () => open(phone.token),
        (status) => status === 401,
      ),
    ).toBe(401);
    expect(await open(token)).toBe(200);
    await call(server, 'POST', '/api/auth/revoke-sessions', { headers });
    expect(
      await eventually(
        () => open(token),
        (status) => status === 401,
      ),
    ).toBe(401);
  });
});
