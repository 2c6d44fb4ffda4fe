import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SupportTables } from '../../../src/apps/support/tables.js';
import { withTables } from '../../../src/platform/database/database.js';
import { movableClock, stacks } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import { type MadeApp, type SupportApp, startSupportApp } from '../../support/support-app.js';
import { sdkDevice } from '../../support/support-client.js';

describe.each(stacks)('what every route of the SDK has in common, on %s', (stack) => {
  const clock = movableClock();
  let support: SupportApp;
  let app: MadeApp;
  beforeAll(async () => {
    support = await startSupportApp(stack, { clock, allowedOrigins: ['https://shop.example'] });
    app = await support.createApp();
  });
  afterAll(() => support.stop());
  const device = (options = {}) => sdkDevice(support.url, app, options);
  const rows = () => withTables<SupportTables>(support.platform.database.read);

  it('D1: both prefixes answer alike', async () => {
    const deviceId = randomUUID();
    const answers = [];
    for (const prefix of ['/v1', '/api/v1'] as const) {
      const sdk = device({ deviceId, prefix });
      const opened = await sdk.post('/conversations', {});
      const id = opened.json.conversation.id;
      const localId = '0d9b8c1e-6f0a-4c55-9a3e-7d1b2c3d4e5f';
      answers.push([
        opened.json,
        (await sdk.send(id, 'the same', localId)).json,
        (await sdk.get(`/conversations/${id}/sync`)).json,
        (await sdk.get(`/conversations/${id}/messages`)).json,
        (await sdk.post('/identify', { user: { id: 'someone' } })).json,
        (await sdk.post('/push-token', { token: 'a-long-token', platform: 'ios', device_id: deviceId })).json,
        (await sdk.post('/events/track', { user_id: 'u', event_name: 'e' })).json,
        (await sdk.get('/nothing-here')).json.code,
      ]);
      // The next prefix must find an anonymous conversation again.
      await support.platform.database.transaction((tx) =>
        withTables<SupportTables>(tx)
          .updateTable('support_conversations')
          .set({ user_key: '', metadata: '{}' })
          .where('id', '=', id)
          .execute(),
      );
    }
    const [first, second] = answers;
    expect(first?.at(-1)).toBe('NOT_FOUND');
    expect(JSON.stringify(second).replace(/"updated_at":"[^"]*"/g, '')).toBe(
      JSON.stringify(first).replace(/"updated_at":"[^"]*"/g, ''),
    );
  });

  it('asks for the three headers in their order, then for a key that belongs to the app', async () => {
    const other = await support.createApp();
    const { headers } = device();
    const without = (...names: string[]) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
    const cases: [Record<string, string>, number, string][] = [
      [without('x-app-id', 'x-device-id', 'x-api-key'), 400, 'MISSING_APP_ID'],
      [without('x-device-id', 'x-api-key'), 400, 'MISSING_DEVICE_ID'],
      [without('x-api-key'), 400, 'MISSING_API_KEY'],
      [{ ...headers, 'x-device-id': '  ' }, 400, 'MISSING_DEVICE_ID'],
      [{ ...headers, 'x-device-id': 'x'.repeat(201) }, 400, 'VALIDATION_ERROR'],
      [{ ...headers, 'x-app-id': randomUUID() }, 403, 'INVALID_APP_ID'],
      [{ ...headers, 'x-app-id': other.appId }, 403, 'INVALID_APP_ID'],
      [{ ...headers, 'x-api-key': `${app.apiKey}x` }, 403, 'INVALID_APP_ID'],
      [headers, 200, ''],
    ];
    for (const [sent, status, code] of cases) {
      const answer = await call(`${support.url}/v1/conversations`, {
        method: 'POST',
        headers: sent,
        body: {},
      });
      expect([answer.status, answer.json.code ?? '']).toEqual([status, code]);
      if (status === 200) continue;
      expect(typeof answer.json.error).toBe('string');
      expect(answer.json.request_id).toBe(answer.headers.get('x-request-id'));
      expect(answer.text).not.toContain(app.apiKey);
    }
    const missing = await call(`${support.url}/v1/identify`, { method: 'POST', body: {} });
    expect(missing.json).toMatchObject({ error: 'Missing required header' });
    expect(missing.json.message).toContain('X-App-Id');
  });

  it('D17: broken JSON, big bodies and bad queries are 4xx in the one error shape', async () => {
    const sdk = device();
    const id = await sdk.open();
    const post = (path: string, raw: string) =>
      call(`${support.url}/v1${path}`, { method: 'POST', headers: { ...sdk.headers }, raw });
    const messages = `/conversations/${id}/messages`;
    const asked: [string, Promise<Awaited<ReturnType<typeof call>>>, number, string][] = [
      ['broken JSON', post(messages, '{"body":'), 400, 'INVALID_JSON'],
      ['no body', post(messages, ''), 400, 'VALIDATION_ERROR'],
      ['an array', post('/conversations', '[]'), 400, 'VALIDATION_ERROR'],
      ['big', post(messages, JSON.stringify({ body: 'x'.repeat(103_000) })), 413, 'PAYLOAD_TOO_LARGE'],
      ['a NUL', post('/identify', '{"user":{"id":"a\\u0000"}}'), 400, 'VALIDATION_ERROR'],
      ['limit=x', sdk.get(`${messages}?limit=x`), 400, 'VALIDATION_ERROR'],
      ['limit=', sdk.get(`${messages}?limit=`), 400, 'VALIDATION_ERROR'],
      ['after=soon', sdk.get(`${messages}?after=soon`), 400, 'VALIDATION_ERROR'],
      [
        'after_sequence=1.5',
        sdk.get(`/conversations/${id}/sync?after_sequence=1.5`),
        400,
        'VALIDATION_ERROR',
      ],
      ['beyond', sdk.get(`/conversations/${id}/sync?after_sequence=1e30`), 400, 'VALIDATION_ERROR'],
      ['twice', sdk.get(`${messages}?limit=1&limit=2`), 400, 'VALIDATION_ERROR'],
      [
        'short token',
        sdk.post('/push-token', { token: 'short', platform: 'ios', device_id: sdk.deviceId }),
        400,
        'VALIDATION_ERROR',
      ],
      ['delivered: none', sdk.post(`${messages}/delivered`, { message_ids: [] }), 400, 'VALIDATION_ERROR'],
      [
        'delivered: too many',
        sdk.post(`${messages}/delivered`, { message_ids: Array(501).fill('m') }),
        400,
        'VALIDATION_ERROR',
      ],
      ['unknown route', sdk.get('/conversations/x/y/z'), 404, 'NOT_FOUND'],
      ['long id', sdk.get(`/conversations/${'x'.repeat(300)}/sync`), 400, 'VALIDATION_ERROR'],
    ];
    for (const [name, asking, status, code] of asked) {
      const { status: got, json } = await asking;
      expect([name, got, json?.code]).toEqual([name, status, code]);
      expect(typeof json.error).toBe('string');
    }
    expect((await sdk.get(`${messages}?limit=x`)).json.error).toBe('Invalid query parameters');
    expect((await post(messages, '{}')).json.error).toBe('Invalid request body');
    expect((await sdk.get(`${messages}?after=-5&limit=-1`)).status).toBe(200);
  });

  it('D17: a foreign origin gets no CORS headers and no 500', async () => {
    const sdk = device();
    const ask = (origin: string) =>
      call(`${support.url}/v1/conversations`, {
        method: 'POST',
        body: {},
        headers: { ...sdk.headers, origin },
      });
    const foreign = await ask('https://evil.example');
    expect(foreign.status).toBe(200);
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask('https://shop.example')).headers.get('access-control-allow-origin')).toBe(
      'https://shop.example',
    );
  });

  it('D2: the nulls that SDKs send for what they do not know are accepted everywhere', async () => {
    const sdk = device();
    const opened = await sdk.post('/conversations', {
      user: { id: 'quiet', name: null, email: null, attributes: {} },
      device_context: {
        platform: 'android',
        os_version: null,
        app_version: null,
        device_model: 'Pixel',
        locale: null,
        timezone: null,
        sdk_version: null,
      },
    });
    expect(opened.status).toBe(200);
    expect(opened.json.conversation.metadata).toEqual({
      device_context: { platform: 'android', device_model: 'Pixel' },
      user: { id: 'quiet' },
    });
    const id = opened.json.conversation.id;
    for (const answer of [
      await sdk.post('/conversations', { user: null, device_context: null }),
      await sdk.post('/conversations'),
      await sdk.post('/conversations', { user: { id: 'x', name: null, email: null, attributes: null } }),
      await sdk.send(id, 'with a null context'),
      await sdk.post(`/conversations/${id}/messages/read`, { up_to_message_id: null }),
      await sdk.post('/identify', { user: { id: 'quiet', name: null, email: null, attributes: null } }),
      await sdk.post('/events/track', {
        user_id: 'quiet',
        event_name: 'opened',
        properties: null,
        user_plan: null,
        user_country: null,
        session_id: null,
        platform: null,
        app_version: null,
      }),
    ]) {
      expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
    }
  });

  it('D29: any number of parallel callers get one and the same conversation', async () => {
    for (const user of [null, { id: 'ada', name: 'Ada' }]) {
      const sdk = device();
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => sdk.post('/conversations', { user, device_context: null })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ json }) => json.conversation.id)).size).toBe(1);
      expect(answers[0]?.json.conversation).toMatchObject({
        id: expect.stringMatching(/^conv_[0-9a-f]{24}$/),
        visitor_id: expect.stringMatching(/^vis_[0-9a-f]{24}$/),
        status: 'open',
        metadata: user ? { user } : {},
      });
    }
  });

  it('opens a chat for a user whose e-mail is none, and keeps it as it is', async () => {
    const opened = await device().post('/conversations', { user: { id: 'u', email: 'not an e-mail' } });
    expect(opened.status).toBe(200);
    expect(opened.json.conversation.metadata.user.email).toBe('not an e-mail');
  });

  it('D12: identify merges, adopts the anonymous conversation once, and touches nobody else', async () => {
    const sdk = device();
    const context = { platform: 'ios', device_model: 'Phone' };
    const opened = await sdk.post('/conversations', { user: null, device_context: context });
    const anonymous = opened.json.conversation.id;
    const identify = (user: object) => sdk.post('/identify', { user });
    expect((await identify({ id: 'ada', name: 'Ada', attributes: { plan: 'pro' } })).json).toEqual({
      success: true,
    });
    const adopted = await sdk.post('/conversations', { user: { id: 'ada' } });
    expect(adopted.json.conversation).toMatchObject({
      id: anonymous,
      metadata: { device_context: context, user: { id: 'ada', name: 'Ada', attributes: { plan: 'pro' } } },
    });

    // Now the device has a named and a new anonymous conversation: the reference failed here.
    const second = await sdk.open(null);
    expect(second).not.toBe(anonymous);
    const again = await Promise.all(
      Array.from({ length: 10 }, () => identify({ id: 'ada', email: 'ada@shop.example', attributes: {} })),
    );
    expect(new Set(again.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await sdk.open(null)).toBe(second);
    expect((await sdk.post('/conversations', { user: { id: 'ada' } })).json.conversation.metadata).toEqual({
      device_context: context,
      user: { id: 'ada', name: 'Ada', email: 'ada@shop.example', attributes: { plan: 'pro' } },
    });

    await identify({ id: 'bob', name: 'Bob' });
    const users = await rows()
      .selectFrom('support_conversations')
      .select(['id', 'user_key'])
      .where('device_id', '=', sdk.deviceId)
      .orderBy('user_key')
      .execute();
    expect(users).toEqual([
      { id: anonymous, user_key: 'ada' },
      { id: second, user_key: 'bob' },
    ]);
    const known = await rows()
      .selectFrom('support_devices')
      .select(['user_id', 'platform'])
      .where('device_id', '=', sdk.deviceId)
      .execute();
    expect(known).toEqual([{ user_id: 'bob', platform: 'ios' }]);
  });

  it('answers identify of a device that nobody has seen before', async () => {
    expect((await device().post('/identify', { user: { id: 'new' } })).json).toEqual({ success: true });
  });

  it('gives a push token to one device of an app only, and to the caller only', async () => {
    const [old, young] = [device(), device()];
    const token = `token-${randomUUID()}`;
    const register = (sdk: typeof old, platform: string, deviceId = sdk.deviceId) =>
      sdk.post('/push-token', { token, platform, device_id: deviceId });
    expect((await register(old, 'android')).json).toEqual({ success: true });
    expect((await register(young, 'ios')).json).toEqual({ success: true });
    const foreign = await register(young, 'ios', old.deviceId);
    expect([foreign.status, foreign.json.code]).toEqual([400, 'VALIDATION_ERROR']);
    const tokens = await rows()
      .selectFrom('support_devices')
      .select(['device_id', 'push_token', 'push_provider'])
      .where('device_id', 'in', [old.deviceId, young.deviceId])
      .execute();
    expect(tokens).toHaveLength(2);
    expect(tokens).toContainEqual({ device_id: old.deviceId, push_token: null, push_provider: null });
    expect(tokens).toContainEqual({ device_id: young.deviceId, push_token: token, push_provider: 'apns' });
  });

  it('D25: an event is on disk with the time of its receipt when it is answered', async () => {
    const sdk = device();
    const at = clock.now();
    await sdk.post('/events/track', {
      user_id: 'tracker',
      event_name: 'bought',
      properties: { sku: '42', half: '\ud83d' },
      user_plan: 'pro',
    });
    clock.advance(60_000);
    await sdk.post('/events/track', { user_id: 'tracker', event_name: 'left', session_id: 's-1' });
    const events = await rows()
      .selectFrom('support_events')
      .select(['event_name', 'at', 'properties', 'user_plan', 'session_id'])
      .where('user_id', '=', 'tracker')
      .orderBy('id')
      .execute();
    expect(events.map(({ properties, ...event }) => ({ ...event, ...JSON.parse(properties) }))).toEqual([
      { event_name: 'bought', at, user_plan: 'pro', session_id: sdk.deviceId, sku: '42', half: '\ufffd' },
      { event_name: 'left', at: at + 60_000, user_plan: null, session_id: 's-1' },
    ]);
  });

  it('refuses properties that are too many, too deep or too long', async () => {
    const track = (properties: unknown) =>
      device().post('/events/track', { user_id: 'u', event_name: 'e', properties });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 1]));
    for (const properties of [many, { a: { b: { c: { d: { e: {} } } } } }, { a: 'x'.repeat(1_100) }]) {
      const answer = await track(properties);
      expect([answer.status, answer.json.code]).toEqual([400, 'VALIDATION_ERROR']);
    }
    expect((await track({ a: { b: { c: { d: { e: 1 } } } } })).status).toBe(200);
  });

  it('D13: requests are counted per app and device, and only abuse is refused', async () => {
    const small = await startSupportApp(stack, {
      ground: support.ground,
      environment: { SUPPORT_REQUESTS_PER_MINUTE: '100' },
    });
    const [greedy, modest] = [sdkDevice(small.url, app), sdkDevice(small.url, app)];
    const answers = [];
    for (let n = 0; n < 101; n += 1) answers.push(await greedy.post('/conversations', {}));
    expect(answers.slice(0, 100).every(({ status }) => status === 200)).toBe(true);
    const refused = answers[100];
    expect(refused?.status).toBe(429);
    expect(refused?.json).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      error: expect.any(String),
      message: expect.stringContaining('100'),
      retry_after: expect.any(Number),
    });
    expect(refused?.headers.get('retry-after')).toBe(String(refused?.json.retry_after));
    expect(refused?.headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(refused?.headers.get('ratelimit-reset'))).toBeGreaterThan(0);
    expect((await modest.post('/conversations', {})).status).toBe(200);
    await small.stop();
  });

  it('takes over the id that a proxy gave the request', async () => {
    const sdk = device();
    const headers = { ...sdk.headers, 'x-request-id': 'edge-7.1' };
    const given = await call(`${support.url}/v1/identify`, { method: 'POST', headers, body: {} });
    expect([given.headers.get('x-request-id'), given.json.request_id]).toEqual(['edge-7.1', 'edge-7.1']);
  });
});
