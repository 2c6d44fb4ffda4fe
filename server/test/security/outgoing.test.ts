import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SupportTables } from '../../src/apps/support/tables.js';
import { withTables } from '../../src/platform/database/database.js';
import { PrivateAddress } from '../../src/platform/http/public-addresses.js';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.js';
import { eventually, type Ground, layGround, startServer, type TestServer } from '../support/servers.js';
import { call } from '../support/speech-client.js';
import { deviceHeaders } from './household.js';
import { type Route, routeRecorder } from './route-table.js';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));

/** Every file that calls somebody, and who says whom. */
const callSites: Readonly<Record<string, string>> = {
  'platform/http/public-addresses.ts': 'users: the one way to addresses that they name, which checks them',
  'platform/identity/key-set.ts': 'the operator: APPLE_KEYS_URL, FIREBASE_KEYS_URL',
  'platform/ai/openai/client.ts': 'the operator: OPENAI_BASE_URL',
  'platform/ai/openai/direct-fetch.ts': 'the operator: OPENAI_BASE_URL',
  'platform/ai/openai/realtime-connection.ts': 'the operator: OPENAI_BASE_URL',
  'platform/ai/sherpa/download.ts': 'us: the list of models; only `earshot models install` gets there',
  'platform/push/fcm/index.ts': 'the operator: FCM_BASE_URL',
  'platform/push/fcm/access-token.ts': 'the operator: the service account’s token_uri',
  'apps/voice/realtime/upstream.ts': 'the operator: OPENAI_BASE_URL, else OpenAI',
  'apps/companion/sign-in/browser/providers.ts': 'the operator: GOOGLE_TOKEN_URL, APPLE_TOKEN_URL',
  'apps/support/onboarding/snippets.ts': 'nobody: it is the text of an example',
  'cli/doctor/network.ts': 'the operator, at the command line',
};
const CALLS =
  /(?<![.\w])fetch\(|\bnew WebSocket\(|\brequest(Http|Https)?\b[^;]*from 'node:https?'|from 'node:(tls|dgram)'|from 'undici'|\b(connect|createConnection)\b[^;]*from 'node:net'|createRemoteJWKSet/;
/** Listens, and never connects. */
const LISTENERS = new Set(['platform/http/drain.ts']);

/** Members by which clients can name an address, by route, and what becomes of it. */
const entrances: Readonly<Record<string, string>> = {
  'POST /admin/webhooks': 'url: called through PublicHttp',
  'PUT /admin/webhooks/:id': 'url: called through PublicHttp',
  'POST /v1/users/developer/webhook/:type': 'url: called through PublicHttp',
  'POST /v1/push-token': 'token: a Web Push subscription names its endpoint, called through PublicHttp',
  'PATCH /api/heroes/:id': 'avatarUrl: must be one of the user’s own pictures here; never called',
  'POST /api/auth/update-user': 'image: kept as it is; never called',
  'POST /v1/chat/completions': 'image_url: data addresses only; never called',
  'POST /v1/responses': 'image_url: data addresses only; never called',
  'GET /v1/auth/authorize': 'redirect_uri: must be one that the operator allows; the browser goes there',
  'POST /v1/auth/token': 'redirect_uri: compared with the one of the sign-in',
  'PATCH /v1/users/geolocation': 'address: of a street',
};
const NAMES_ADDRESS =
  /(^|_)(url|uri|urls|endpoint|image|picture|link|webhook|callback|address|host)$|(Url|Uri|Endpoint)$/;

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));

describe('calls to others', () => {
  it('are made in known places only, each of which knows who says whom to call', () => {
    const found = files.filter((file) => {
      const code = readFileSync(`${SOURCES}/${file}`, 'utf8').replaceAll(
        /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm,
        '',
      );
      return CALLS.test(code.replaceAll(/import type [^;]*;/g, '')) && !LISTENERS.has(file);
    });
    expect(found.toSorted()).toEqual(Object.keys(callSites).toSorted());
  });
});

describe('addresses that users name', () => {
  const recorder = routeRecorder();
  let ground: Ground;
  let server: TestServer;
  let inside: LoopbackServer;
  let port: string;
  let user: Record<string, string>;
  let operator: Record<string, string>;
  let device: Record<string, string>;
  let appId: string;

  beforeAll(async () => {
    inside = await startLoopbackServer();
    port = new URL(inside.url).port;
    ground = await layGround('SQLite and files');
    server = await startServer(ground, { VAPID_SUBJECT: 'mailto:operator@example.com' }, recorder);
    const account = await post('/api/auth/sign-up/email', {
      email: 'somebody@example.com',
      password: 'a long enough password',
      name: 'Somebody',
    });
    user = { authorization: `Bearer ${account.json.token}` };
    const team = await post('/admin/auth/signup', {
      email: 'somebody@example.com',
      password: 'a long enough password',
      appName: 'App',
    });
    operator = { authorization: `Bearer ${team.json.access_token}` };
    appId = team.json.app.id;
    device = deviceHeaders(appId, team.json.app.api_key, randomUUID());
  });
  afterAll(async () => {
    await server.stop();
    await inside.close();
    await ground.remove();
  });

  const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    call(`${server.url}${path}`, { method, body, headers });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send('POST', path, body, headers);

  /** One place inside, in every notation. */
  const hostile = (): string[] =>
    [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f000001',
      '0x7f.0.0.1',
      '017700000001',
      '0177.0.0.01',
      '127.0.0.1.',
      '①②⑦.⓪.⓪.①',
      '127%2e0.0.1',
      '0.0.0.0',
      '0',
      'somebody@127.0.0.1',
      'example.com@127.0.0.1',
      '[::1]',
      '[::]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[::127.0.0.1]',
      '[64:ff9b::127.0.0.1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
      '[fd00::1]',
      '10.0.0.1',
      '172.16.0.1',
      '192.168.0.1',
      '100.64.0.1',
      '169.254.169.254',
      'localhost',
      'LOCALHOST',
    ].map((host) => `http://${host}:${port}/inside`);
  const otherSchemes = (): string[] => [
    `ftp://127.0.0.1:${port}/`,
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'data:text/plain,x',
    'javascript:alert(1)',
    '//127.0.0.1/',
    'http://',
    'http:///',
  ];

  it('come in by known doors only', () => {
    const found = recorder
      .routes()
      .filter(({ method }) => method !== 'HEAD')
      .filter((route: Route) => route.members.some((name) => NAMES_ADDRESS.test(name)))
      .map(({ method, url }) => `${method} ${url}`);
    const known = new Set(Object.keys(entrances));
    expect([...new Set(found)].filter((route) => !known.has(route))).toEqual([]);
    const served = new Set(recorder.routes().map(({ method, url }) => `${method} ${url}`));
    expect([...known].filter((route) => !served.has(route))).toEqual([]);
  });

  it('are refused when they lead inside, however they are written', async () => {
    const made = await post(
      '/admin/webhooks',
      { url: 'https://93.184.216.34/', events: ['conversation.resolved'] },
      operator,
    );
    expect(made.status).toBe(201);
    for (const url of [...hostile(), ...otherSchemes()]) {
      const answers = await Promise.all([
        post('/admin/webhooks', { url, events: ['conversation.resolved'] }, operator),
        send('PUT', `/admin/webhooks/${made.json.id}`, { url }, operator),
        post('/v1/users/developer/webhook/memory_created', { url }, user),
        post('/v1/users/developer/webhook/audio_bytes', { url: `${url},5` }, user),
      ]);
      for (const { status, text } of answers) expect(status, `${url}: ${text}`).toBe(400);
    }
    expect(inside.requests).toEqual([]);
  });

  it('are looked at again when they are called: a name that changed its mind gains nothing', async () => {
    const made = await post(
      '/admin/webhooks',
      { url: 'https://93.184.216.34/', events: ['message.created'] },
      operator,
    );
    for (const url of hostile().slice(0, 6)) {
      await server.built.platform.database.transaction((tx) =>
        withTables<SupportTables>(tx)
          .updateTable('support_webhooks')
          .set({ url })
          .where('id', '=', made.json.id)
          .execute(),
      );
      const tried = await post(`/admin/webhooks/${made.json.id}/test`, undefined, operator);
      expect(tried.json, url).toMatchObject({ success: false, status: 'failed' });
    }
    const opened = await post('/v1/conversations', {}, device);
    await post(
      `/v1/conversations/${opened.json.conversation.id}/messages`,
      { local_id: randomUUID(), body: 'Hello' },
      device,
    );
    const delivery = await eventually(
      async () => {
        const { json } = await call(`${server.url}/admin/webhooks/${made.json.id}/deliveries`, {
          headers: operator,
        });
        return json.deliveries.find(({ event }: { event: string }) => event === 'message.created');
      },
      (found) => found?.status === 'failed',
      30_000,
    );
    expect(delivery.httpStatus).toBeNull();
    expect(inside.requests).toEqual([]);
  });

  it('are not called for a push either', async () => {
    const keys = {
      p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
      auth: 'tBHItJI5svbpez7KI4CCXg',
    };
    for (const endpoint of hostile().slice(0, 8)) {
      const headers = { ...device, 'x-device-id': randomUUID() };
      const subscription = {
        device_id: headers['x-device-id'],
        token: JSON.stringify({ endpoint, keys }),
        platform: 'web',
      };
      expect((await post('/v1/push-token', subscription, headers)).status).toBe(200);
      const opened = await post('/v1/conversations', {}, headers);
      const path = `/admin/api/conversations/${opened.json.conversation.id}/messages`;
      expect((await post(path, { body: 'Hello' }, operator)).status).toBe(200);
    }
    // What leads inside is no subscription: it is forgotten with the first push.
    await eventually(
      async () =>
        withTables<SupportTables>(server.built.platform.database.read)
          .selectFrom('support_devices')
          .select('push_token')
          .where('app_id', '=', appId)
          .execute(),
      (rows) => rows.every(({ push_token }) => push_token === null),
      60_000,
    );
    expect(inside.requests).toEqual([]);
  });

  it('are never called where they are only kept or shown', async () => {
    const hero = await post('/api/heroes', { name: 'Luna', age: 6, traits: ['Brave'] }, user);
    for (const url of [inside.url, ...hostile().slice(0, 4)]) {
      const refused = await Promise.all([
        send('PATCH', `/api/heroes/${hero.json.data.id}`, { avatarUrl: url }, user),
        post('/v1/chat/completions', {
          messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
        }),
        post('/v1/responses', {
          input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }],
        }),
      ]);
      for (const { status, text } of refused) expect(status, text).toBe(400);
      const kept = await post('/api/auth/update-user', { image: url }, user);
      expect(kept.status).toBe(200);
      const left = await fetch(
        `${server.url}/v1/auth/authorize?provider=google&state=x&redirect_uri=${encodeURIComponent(url)}`,
        { redirect: 'manual' },
      );
      expect(left.status).toBe(400);
    }
    expect(inside.requests).toEqual([]);
  });

  it('are reached by the platform’s own client only, which says why not', async () => {
    const { publicHttp } = server.built.platform;
    for (const text of hostile()) {
      if (!URL.canParse(text)) continue;
      const url = new URL(text);
      const sending = publicHttp.send({
        url,
        method: 'GET',
        headers: {},
        timeoutMs: 2_000,
        maxResponseBytes: 10,
      });
      await expect(sending, text).rejects.toBeInstanceOf(PrivateAddress);
    }
    expect(inside.requests).toEqual([]);
  });
});
