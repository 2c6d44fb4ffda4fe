import { createECDH, createPublicKey, randomBytes } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.js';
import { createPublicHttp } from '../../../src/platform/http/public-addresses.js';
import { fcmPush, readServiceAccount } from '../../../src/platform/push/fcm/index.js';
import { offPush } from '../../../src/platform/push/off/index.js';
import { openPush } from '../../../src/platform/push/open-push.js';
import type { PushNotice, PushSender } from '../../../src/platform/push/push.js';
import { webPush } from '../../../src/platform/push/web-push/index.js';
import { deriveVapidKeys } from '../../../src/platform/push/web-push/vapid-keys.js';
import { loadSecrets } from '../../../src/platform/secrets.js';
import { type FakeFcm, fcmError, fcmOk, startFakeFcm } from '../../support/fake-fcm.js';
import { recordedLog } from '../../support/log.js';
import { type LoopbackAnswer, startLoopbackServer } from '../../support/loopback-server.js';
import { movableClock } from '../../support/servers.js';

const notice: PushNotice = {
  title: 'Shop',
  body: 'Hello ✓ there',
  data: { body: 'Hello ✓ there', message_id: 'msg_1' },
  collapseKey: 'conv_1',
};
const signal = () => new AbortController().signal;
const anyAddress = createPublicHttp({ isAllowed: () => true });
const keys = deriveVapidKeys(new Uint8Array(32).fill(7));

/** A subscription as a browser makes it. */
function subscriptionAt(url: string): string {
  const browser = createECDH('prime256v1');
  return JSON.stringify({
    endpoint: `${url}/push/abc`,
    expirationTime: null,
    keys: {
      p256dh: browser.generateKeys().toString('base64url'),
      auth: randomBytes(16).toString('base64url'),
    },
  });
}

interface Rig {
  readonly sender: PushSender;
  readonly token: string;
  /** Makes the service answer so from now on. */
  answer(next: LoopbackAnswer): void;
  /** How many sends it has seen. */
  seen(): number;
  close(): Promise<void>;
}

const rigs: Record<string, () => Promise<Rig>> = {
  fcm: async () => {
    const fake = await startFakeFcm();
    let seen = 0;
    let current: LoopbackAnswer = fcmOk;
    fake.answer(() => {
      seen += 1;
      return current;
    });
    return {
      sender: fcmPush({
        account: readServiceAccount(fake.serviceAccount),
        baseUrl: fake.baseUrl,
        clock: movableClock(),
        timeoutMs: 300,
      }),
      token: 'a-registration-token',
      answer: (next) => {
        current = next;
      },
      seen: () => seen,
      close: fake.close,
    };
  },
  'web-push': async () => {
    const server = await startLoopbackServer(() => ({ status: 201 }));
    return {
      sender: webPush({
        keys,
        subject: 'mailto:operator@shop.example',
        http: anyAddress,
        clock: movableClock(),
        timeoutMs: 300,
      }),
      token: subscriptionAt(server.url),
      answer: (next) => server.answer(() => next),
      seen: () => server.requests.length,
      close: server.close,
    };
  },
};

describe.each(Object.keys(rigs))('the push port on %s', (name) => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await (rigs[name] as () => Promise<Rig>)();
    return () => rig.close();
  });

  it('is on, and sends a notice once', async () => {
    expect(rig.sender.isOn).toBe(true);
    expect(await rig.sender.send(rig.token, notice, signal())).toEqual({ kind: 'sent' });
    expect(rig.seen()).toBe(1);
  });

  it('says that a token is dead when the service does not know it any more', async () => {
    rig.answer({ ...fcmError(404, 'UNREGISTERED') });
    expect(await rig.sender.send(rig.token, notice, signal())).toEqual({
      kind: 'refused',
      code: 'messaging/registration-token-not-registered',
      isTokenDead: true,
    });
  });

  it('keeps the token when the service refuses us and not the device', async () => {
    rig.answer(fcmError(403, 'SENDER_ID_MISMATCH'));
    expect(await rig.sender.send(rig.token, notice, signal())).toEqual({
      kind: 'refused',
      code: 'messaging/mismatched-credential',
      isTokenDead: false,
    });
  });

  it.each([429, 500, 503])(
    'asks to be tried later after %i, with the wait that the service named',
    async (status) => {
      rig.answer(fcmError(status, undefined, { 'retry-after': '17' }));
      await expect(rig.sender.send(rig.token, notice, signal())).rejects.toMatchObject({
        name: 'PushUnavailable',
        retryAfterMs: 17_000,
      });
    },
  );

  it.each(['hang', 'hang-up'] as const)(
    'asks to be tried later when the service does this: %s',
    async (what) => {
      rig.answer(what);
      await expect(rig.sender.send(rig.token, notice, signal())).rejects.toMatchObject({
        name: 'PushUnavailable',
      });
    },
  );

  it('stops at once when it is told to', async () => {
    rig.answer('hang');
    const controller = new AbortController();
    const sending = rig.sender.send(rig.token, notice, controller.signal);
    setTimeout(() => controller.abort(new Error('stopping')), 30);
    await expect(sending).rejects.not.toMatchObject({ name: 'PushUnavailable' });
  });
});

describe('push that is off', () => {
  it('says so once, with what to do, and delivers nothing', async () => {
    const log = recordedLog();
    const sender = offPush(log, 'Android and iOS', 'set FIREBASE_SERVICE_ACCOUNT_JSON');
    for (let n = 0; n < 3; n += 1) {
      expect(await sender.send('token', notice, signal())).toMatchObject({
        kind: 'refused',
        isTokenDead: false,
      });
    }
    expect(sender.isOn).toBe(false);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({
      message: 'push is off',
      fields: { remedy: 'set FIREBASE_SERVICE_ACCOUNT_JSON' },
    });
  });
});

describe('Firebase Cloud Messaging', () => {
  let fake: FakeFcm;
  beforeAll(async () => {
    fake = await startFakeFcm();
  });
  afterAll(() => fake.close());

  it('gets what contract §9 describes, with a token of the service account that is kept until it ends', async () => {
    const clock = movableClock();
    const account = readServiceAccount(fake.serviceAccount);
    const sender = fcmPush({ account, baseUrl: fake.baseUrl, clock });
    await Promise.all([1, 2, 3].map(() => sender.send('device-token', notice, signal())));
    expect(fake.tokenRequests()).toBe(1);
    expect(fake.accepted[0]).toEqual({
      token: 'device-token',
      notification: { title: 'Shop', body: 'Hello ✓ there' },
      data: { body: 'Hello ✓ there', message_id: 'msg_1' },
      android: {
        priority: 'NORMAL',
        collapse_key: 'conv_1',
        notification: { channel_id: 'messages', sound: 'default' },
      },
      apns: {
        headers: { 'apns-collapse-id': 'conv_1', 'apns-priority': '5' },
        payload: {
          aps: {
            alert: { title: 'Shop', body: 'Hello ✓ there' },
            sound: 'default',
            'content-available': 1,
          },
        },
      },
    });
    const asked = fake.server.requests.find(({ path }) => path === '/token');
    const form = new URLSearchParams(asked?.body.toString());
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const { payload } = await jwtVerify(form.get('assertion') ?? '', createPublicKey(account.privateKey), {
      audience: account.tokenUri,
      issuer: 'push@test-project.example',
      currentDate: new Date(clock.now()),
    });
    expect(payload.scope).toBe('https://www.googleapis.com/auth/firebase.messaging');

    clock.advance(56 * 60_000);
    await sender.send('device-token', notice, signal());
    expect(fake.tokenRequests()).toBe(2);
  });

  it('gets a new access token once when the present one is refused', async () => {
    const before = fake.tokenRequests();
    const sender = fcmPush({
      account: readServiceAccount(fake.serviceAccount),
      baseUrl: fake.baseUrl,
      clock: movableClock(),
    });
    await sender.send('a', notice, signal());
    // Somebody else's renewal makes the fake forget ours.
    await fetch(`${fake.baseUrl}/token`, { method: 'POST' });
    expect(await sender.send('b', notice, signal())).toEqual({ kind: 'sent' });
    expect(fake.tokenRequests() - before).toBe(3);
  });

  it('sends data only when there is no title', async () => {
    const sender = fcmPush({
      account: readServiceAccount(fake.serviceAccount),
      baseUrl: fake.baseUrl,
      clock: movableClock(),
    });
    await sender.send('untitled', { ...notice, title: null }, signal());
    const message = fake.accepted.find(({ token }) => token === 'untitled');
    expect(message).not.toHaveProperty('notification');
    expect(message?.android).not.toHaveProperty('notification');
    expect(message?.data.body).toBe('Hello ✓ there');
  });

  it.each([
    ['INVALID_ARGUMENT', 400, 'messaging/invalid-argument', true],
    ['THIRD_PARTY_AUTH_ERROR', 401, 'messaging/third-party-auth-error', false],
  ])('tells %s as %s', async (errorCode, status, code, isTokenDead) => {
    fake.answer(() => fcmError(status, errorCode));
    const sender = fcmPush({
      account: readServiceAccount(fake.serviceAccount),
      baseUrl: fake.baseUrl,
      clock: movableClock(),
    });
    expect(await sender.send('x', notice, signal())).toEqual({ kind: 'refused', code, isTokenDead });
    fake.answer(() => fcmOk);
  });
});

describe('Web Push', () => {
  it('is signed with our VAPID key and readable for nobody but the browser', async () => {
    const server = await startLoopbackServer(() => ({ status: 201 }));
    const sender = webPush({
      keys,
      subject: 'mailto:operator@shop.example',
      http: anyAddress,
      clock: movableClock(),
    });
    await sender.send(subscriptionAt(server.url), notice, signal());
    const [request] = server.requests;
    expect(request?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'normal' });
    expect(request?.headers.topic).toMatch(/^[\w-]{1,32}$/);
    expect(request?.body.includes('Hello')).toBe(false);
    const [, jwt = '', key] = /^vapid t=([^,]+), k=(.+)$/.exec(request?.headers.authorization ?? '') ?? [];
    expect(key).toBe(keys.publicKey);
    expect(decodeJwt(jwt)).toMatchObject({ aud: server.url, sub: 'mailto:operator@shop.example' });
    await server.close();
  });

  it.each([
    ['no JSON', 'hello'],
    ['no keys', '{"endpoint":"https://push.example/x"}'],
    [
      'keys off the curve',
      JSON.stringify({
        endpoint: 'https://push.example/x',
        keys: { p256dh: 'A'.repeat(87), auth: 'B'.repeat(22) },
      }),
    ],
  ])('gives up a subscription with %s', async (_, token) => {
    const sender = webPush({ keys, subject: 'mailto:a@b.example', http: anyAddress, clock: movableClock() });
    expect(await sender.send(token, notice, signal())).toMatchObject({ isTokenDead: true });
  });

  it('never calls an address of our own network, whatever the device says', async () => {
    const server = await startLoopbackServer();
    const sender = webPush({
      keys,
      subject: 'mailto:a@b.example',
      http: createPublicHttp(),
      clock: movableClock(),
    });
    expect(await sender.send(subscriptionAt(server.url), notice, signal())).toMatchObject({
      kind: 'refused',
      isTokenDead: true,
    });
    expect(server.requests).toEqual([]);
    await server.close();
  });
});

describe('the configured push', () => {
  const open = (environment: Record<string, string>) => {
    const config = loadConfig({ NODE_ENV: 'test', SERVER_SECRET: 's'.repeat(40), ...environment });
    const secrets = loadSecrets({ serverSecret: config.SERVER_SECRET, dataDirectory: '/nowhere' });
    return openPush({ config, secrets, clock: movableClock(), log: recordedLog(), http: anyAddress });
  };

  it('has the same Web Push identity on all nodes that share the secret, without being told one', () => {
    expect(open({}).webPublicKey).toBe(open({}).webPublicKey);
    expect(Buffer.from(open({}).webPublicKey, 'base64url')).toHaveLength(65);
    expect(open({ SERVER_SECRET: 't'.repeat(40) }).webPublicKey).not.toBe(open({}).webPublicKey);
    expect(open({}).senderOf('web').isOn).toBe(true);
    expect(open({}).senderOf('fcm').isOn).toBe(false);
  });

  it.each([
    [{ FIREBASE_SERVICE_ACCOUNT_JSON: '{"private_key":"SECRETKEY"' }, 'it must be JSON text'],
    [{ FIREBASE_SERVICE_ACCOUNT_JSON: '{"private_key":"SECRETKEY"}' }, 'it must hold project_id'],
    [{ VAPID_PUBLIC_KEY: keys.publicKey, VAPID_PRIVATE_KEY: 'AAAA' }, 'not one key pair'],
    [{ VAPID_PUBLIC_KEY: keys.publicKey }, 'belong together'],
    [{ VAPID_SUBJECT: 'operator' }, 'mailto: or https:'],
  ])('refuses credentials that cannot be right: %j', (environment, words) => {
    expect(() => open(environment as Record<string, string>)).toThrow(words);
    expect(() => open(environment as Record<string, string>)).not.toThrow('SECRETKEY');
  });
});
