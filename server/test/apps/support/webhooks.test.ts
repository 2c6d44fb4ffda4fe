import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Conversation } from '../../../src/apps/support/conversations/conversation.js';
import { supportErrors } from '../../../src/apps/support/errors.js';
import { createSupportMetrics } from '../../../src/apps/support/metrics.js';
import { mayDo } from '../../../src/apps/support/operators/permissions.js';
import type { OperatorHooks } from '../../../src/apps/support/services.js';
import type { OperatorRole } from '../../../src/apps/support/tables.js';
import { webhookEffects } from '../../../src/apps/support/webhooks/effects.js';
import { webhookJob } from '../../../src/apps/support/webhooks/job.js';
import { webhookRoutes } from '../../../src/apps/support/webhooks/routes.js';
import { createWebhookService } from '../../../src/apps/support/webhooks/service.js';
import { createWebhookStore } from '../../../src/apps/support/webhooks/store.js';
import type { HttpServer } from '../../../src/platform/http/server.js';
import { type LoopbackServer, startLoopbackServer } from '../../support/loopback-server.js';
import { type Ground, layGround, type Stack, stacks } from '../../support/servers.js';
import { type MadeApp, type SupportApp, startSupportApp } from '../../support/support-app.js';
import { type SupportRows, supportRows } from '../../support/support-rows.js';

/** Lets in whoever the headers name, with the real table of permissions. */
const hooks: OperatorHooks = {
  requirePermission: (permission) => async (request) => {
    const role = String(request.headers['x-test-role']) as OperatorRole;
    if (!mayDo(role, permission)) throw supportErrors.forbidden();
    request.operator = {
      kind: 'operator',
      appId: String(request.headers['x-test-app']),
      operatorId: 'operator',
      email: 'operator@shop.example',
      role,
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
  },
};

const ATTEMPTS = 9;

/** A node with this room alone. */
async function startNode(stack: Stack, ground: Ground, environment: Record<string, string>) {
  let effects: ReturnType<typeof webhookEffects> | undefined;
  const node = await startSupportApp(stack, {
    ground,
    environment,
    install: (server: HttpServer, { platform }) => {
      const store = createWebhookStore(platform.database);
      const metrics = createSupportMetrics(platform.metrics.registry);
      platform.jobs.define(webhookJob({ platform, store, metrics, timeoutMs: 300, backoffMs: () => 20 }));
      effects = webhookEffects({ ...platform, store });
      if (!server.hasRequestDecorator('operator')) server.decorateRequest('operator', null);
      webhookRoutes(server, createWebhookService({ platform, store, timeoutMs: 300 }), hooks);
    },
  });
  if (!effects) throw new Error('the room was not installed');
  return { ...node, effects };
}

describe.each(stacks)('webhooks on %s', (stack) => {
  let ground: Ground;
  let node: SupportApp & { effects: ReturnType<typeof webhookEffects> };
  let receiver: LoopbackServer;
  let app: MadeApp;
  let rows: SupportRows;
  let conversation: Conversation;

  beforeAll(async () => {
    ground = await layGround(stack);
    receiver = await startLoopbackServer();
    node = await startNode(stack, ground, { ALLOW_PRIVATE_WEBHOOKS: 'true' });
    rows = supportRows(node.platform);
  });
  beforeEach(async () => {
    app = await node.createApp();
    conversation = await rows.conversation(app.appId, await rows.device(app.appId));
  });
  afterEach(() => {
    receiver.answer(() => ({ status: 200, body: 'thanks' }));
  });
  afterAll(async () => {
    await node.stop();
    await receiver.close();
    await ground.remove();
  });

  const call = async (
    path: string,
    {
      method = 'GET',
      body,
      appId = app.appId,
      role = 'OWNER',
      on = node as Pick<SupportApp, 'url'>,
    }: {
      method?: string;
      body?: object;
      appId?: string;
      role?: OperatorRole;
      on?: Pick<SupportApp, 'url'>;
    } = {},
  ) => {
    const response = await fetch(`${on.url}/admin/webhooks${path}`, {
      method,
      headers: {
        'x-test-role': role,
        'x-test-app': appId,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they come
    return { status: response.status, json: (await response.json()) as any };
  };
  const hookUrl = () => `${receiver.url}/hooks/${randomUUID()}`;
  const add = async (events: readonly string[], url = hookUrl()) => {
    const { status, json } = await call('', { method: 'POST', body: { url, events } });
    expect(status).toBe(201);
    return { ...json, path: new URL(url).pathname } as { id: string; secret: string; path: string };
  };
  const received = (path: string) => receiver.requests.filter((request) => request.path === path);
  const log = async (id: string, query = '') => (await call(`/${id}/deliveries${query}`)).json;
  const logged = (id: string, status: string, n = 1) =>
    vi.waitFor(
      async () => {
        const { deliveries } = await log(id);
        const found = deliveries.filter((delivery: { status: string }) => delivery.status === status);
        expect(found).toHaveLength(n);
        return found;
      },
      { timeout: 15_000, interval: 20 },
    );
  const write = (n = 1) =>
    Promise.all(
      Array.from({ length: n }, (_, i) =>
        rows.message(conversation, { body: `Hello ${i}`, sender: 'user', effects: [node.effects.message] }),
      ),
    );

  it('§11.10: are made, listed, changed and removed, and show their secret once', async () => {
    const url = hookUrl();
    const made = await call('', { method: 'POST', body: { url, events: ['message.created'] } });
    expect(made.status).toBe(201);
    expect(made.json).toEqual({
      id: expect.any(String),
      url,
      events: ['message.created'],
      isActive: true,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
      secret: expect.stringMatching(/^[0-9a-f]{48}$/),
    });
    const { secret, ...webhook } = made.json;
    expect((await call('')).json).toEqual({ webhooks: [webhook], total: 1, hasMore: false });
    const [row] = (await rows.all('support_webhooks')).filter(({ id }) => id === webhook.id);
    expect(row?.secret).not.toContain(secret);

    const changed = await call(`/${webhook.id}`, {
      method: 'PUT',
      body: { events: ['conversation.created', 'conversation.resolved'], isActive: false, url: null },
    });
    expect(changed.json).toMatchObject({
      url,
      events: ['conversation.created', 'conversation.resolved'],
      isActive: false,
    });
    expect(changed.json).not.toHaveProperty('secret');
    expect((await call(`/${webhook.id}`, { method: 'DELETE' })).json).toEqual({ success: true });
    expect(await call(`/${webhook.id}`, { method: 'DELETE' })).toMatchObject({
      status: 404,
      json: { code: 'WEBHOOK_NOT_FOUND' },
    });
  });

  it('are paged', async () => {
    for (let n = 0; n < 3; n += 1) await add(['message.created']);
    expect((await call('?limit=2')).json).toMatchObject({ total: 3, hasMore: true });
    expect((await call('?limit=2&offset=2')).json).toMatchObject({ total: 3, hasMore: false });
    expect(await call('?limit=0')).toMatchObject({ status: 400, json: { code: 'VALIDATION_ERROR' } });
  });

  it('end at twenty for one app, also when many are added at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 24 }, () =>
        call('', { method: 'POST', body: { url: hookUrl(), events: ['message.created'] } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 409,
      json: { code: 'WEBHOOK_LIMIT' },
    });
  });

  it.each([
    ['nothing', {}, 'MISSING_FIELDS'],
    ['no events', { url: 'https://shop.example', events: [] }, 'MISSING_FIELDS'],
    ['no address', { events: ['message.created'], url: null }, 'MISSING_FIELDS'],
    ['an unknown event', { url: 'https://shop.example', events: ['message.deleted'] }, 'VALIDATION_ERROR'],
    ['no web address', { url: 'ftp://shop.example', events: ['message.created'] }, 'VALIDATION_ERROR'],
    ['words', { url: 'shop', events: ['message.created'] }, 'VALIDATION_ERROR'],
    ['a password', { url: 'https://a:b@shop.example', events: ['message.created'] }, 'VALIDATION_ERROR'],
    ['a wrong type', { url: 5, events: 'message.created' }, 'VALIDATION_ERROR'],
  ])('§11.10: refuse %s', async (_, body, code) => {
    expect(await call('', { method: 'POST', body })).toMatchObject({ status: 400, json: { code } });
  });

  it('§10.2: are for owners and administrators only, and for those of their own app', async () => {
    const { id } = await add(['message.created']);
    await write();
    const [delivery] = await logged(id, 'delivered');
    const routes: [string, string, object?][] = [
      ['GET', ''],
      ['POST', '', { url: hookUrl(), events: ['message.created'] }],
      ['PUT', `/${id}`, { isActive: true }],
      ['POST', `/${id}/test`],
      ['GET', `/${id}/deliveries`],
      ['POST', `/${id}/deliveries/${delivery.id}/retry`],
      ['DELETE', `/${id}`],
    ];
    const stranger = await node.createApp();
    for (const [method, path, body] of routes) {
      const request = { method, ...(body ? { body } : {}) };
      expect((await call(path, { ...request, role: 'AGENT' })).status).toBe(403);
      if (path !== '') {
        const { status } = await call(path, { ...request, appId: stranger.appId });
        expect([method, path, status]).toEqual([method, path, 404]);
      }
    }
    expect((await call('', { appId: stranger.appId })).json.webhooks).toEqual([]);
    expect((await call('', { role: 'ADMIN' })).json.webhooks).toHaveLength(1);
  });

  it('§11.10: deliver what they asked for, signed over the raw body', async () => {
    const { id, secret, path } = await add(['message.created']);
    const message = await rows.message(conversation, {
      body: 'Grüße 👋',
      sender: 'user',
      effects: [node.effects.message],
    });
    const [delivery] = await logged(id, 'delivered');
    expect(delivery).toMatchObject({ event: 'message.created', httpStatus: 200, attempts: 1 });
    const [request] = received(path);
    if (!request) throw new Error('nothing was received');
    expect(JSON.parse(request.body.toString())).toEqual({
      event: 'message.created',
      app_id: app.appId,
      timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      data: {
        message_id: message.id,
        conversation_id: conversation.id,
        body: 'Grüße 👋',
        sender: 'user',
        created_at: expect.stringMatching(/Z$/),
        user_id: null,
        device_id: conversation.deviceId,
      },
    });
    const signature = createHmac('sha256', secret).update(request.body).digest('hex');
    expect(request.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-replyhq-signature': `sha256=${signature}`,
      'x-replyhq-event': 'message.created',
      'x-replyhq-delivery': delivery.id,
    });
  });

  it('§11.10: tell of conversations that are made and resolved, and stay silent when switched off', async () => {
    const wanted = await add(['conversation.created', 'conversation.resolved']);
    const off = await add(['conversation.created']);
    await call(`/${off.id}`, { method: 'PUT', body: { isActive: false } });
    for (const change of ['created', 'resolved'] as const) {
      await node.platform.database.transaction((tx) =>
        node.effects.conversation(tx, change, {
          ...conversation,
          status: change === 'created' ? 'open' : 'resolved',
        }),
      );
    }
    await write();
    await logged(wanted.id, 'delivered', 2);
    const bodies = received(wanted.path).map(({ body }) => JSON.parse(body.toString()));
    expect(bodies.map(({ event }) => event).sort()).toEqual([
      'conversation.created',
      'conversation.resolved',
    ]);
    expect(bodies.find(({ event }) => event === 'conversation.resolved').data).toEqual({
      conversation_id: conversation.id,
      user_id: null,
      device_id: conversation.deviceId,
      status: 'resolved',
      created_at: expect.stringMatching(/Z$/),
    });
    expect((await log(off.id)).deliveries).toEqual([]);
  });

  it('are tried again with the same body until the receiver says yes', async () => {
    const { id, path } = await add(['message.created']);
    const answers = [
      { status: 500 },
      'hang-up',
      { status: 302, headers: { location: '/elsewhere' } },
    ] as const;
    let n = 0;
    receiver.answer(() => {
      n += 1;
      return answers[n - 1] ?? { status: 204 };
    });
    await write();
    const [delivery] = await logged(id, 'delivered');
    expect(delivery).toMatchObject({ attempts: 4, httpStatus: 204 });
    const bodies = received(path).map(({ body }) => body.toString());
    expect(bodies).toHaveLength(4);
    expect(new Set(bodies).size).toBe(1);
    expect(new Set(received(path).map(({ headers }) => headers['x-replyhq-delivery'])).size).toBe(1);
    expect(received('/elsewhere')).toEqual([]);
  });

  it('are given up after all attempts, stay in the log, and can be sent again', async () => {
    const { id, path } = await add(['message.created']);
    receiver.answer(() => ({ status: 503, body: 'closed \0 today'.padEnd(9_000, '.') }));
    await write();
    const [dead] = await logged(id, 'failed');
    expect(dead).toMatchObject({ attempts: ATTEMPTS, httpStatus: 503, deliveredAt: null });
    expect(dead.responseBody).toMatch(/^closed {2}today\.+$/);
    expect(dead.responseBody.length).toBeLessThanOrEqual(2_048);
    expect(received(path)).toHaveLength(ATTEMPTS);
    expect((await log(id, '?status=delivered')).deliveries).toEqual([]);

    receiver.answer(() => ({ status: 200 }));
    expect(await call(`/${id}/deliveries/${dead.id}/retry`, { method: 'POST' })).toMatchObject({
      status: 200,
    });
    await logged(id, 'delivered');
    expect(received(path)).toHaveLength(ATTEMPTS + 1);
    expect(await call(`/${id}/deliveries/${dead.id}/retry`, { method: 'POST' })).toMatchObject({
      status: 409,
      json: { code: 'DELIVERY_NOT_FAILED' },
    });
    expect(await call(`/${id}/deliveries/none/retry`, { method: 'POST' })).toMatchObject({
      status: 404,
      json: { code: 'DELIVERY_NOT_FOUND' },
    });
  });

  it('that hang do not hold up those that answer', async () => {
    const stuck = await add(['message.created']);
    const quick = await add(['message.created']);
    receiver.answer(({ path }) => (path === stuck.path ? 'hang' : { status: 200 }));
    await write(6);
    await logged(quick.id, 'delivered', 6);
    expect((await log(stuck.id, '?status=delivered')).total).toBe(0);
    await call(`/${stuck.id}`, { method: 'DELETE' });
  });

  it('§11.10: can be tried out, and say what came back', async () => {
    const { id, path } = await add(['message.created']);
    expect((await call(`/${id}/test`, { method: 'POST' })).json).toEqual({
      success: true,
      status: 'success',
      httpStatus: 200,
      responseBody: 'thanks',
    });
    expect(JSON.parse(received(path)[0]?.body.toString() ?? '')).toMatchObject({
      event: 'webhook.test',
      app_id: app.appId,
    });
    receiver.answer(() => ({ status: 418, body: 'teapot' }));
    expect((await call(`/${id}/test`, { method: 'POST' })).json).toMatchObject({
      success: false,
      status: 'failed',
      httpStatus: 418,
      responseBody: 'teapot',
    });
    receiver.answer(() => 'hang');
    expect((await call(`/${id}/test`, { method: 'POST' })).json).toMatchObject({
      success: false,
      status: 'failed',
      httpStatus: null,
    });
    expect((await log(id)).deliveries).toHaveLength(3);
  });

  it('tell nothing of what was rolled back', async () => {
    const { id } = await add(['message.created']);
    const failing = rows.message(conversation, {
      effects: [
        node.effects.message,
        async () => {
          throw new Error('the disk is full');
        },
      ],
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect((await log(id)).deliveries).toEqual([]);
  });
});

describe('webhooks to private addresses', () => {
  it('§19: are refused at creation and at change, and again at delivery when the name has changed its mind', async () => {
    const ground = await layGround('SQLite and files');
    const receiver = await startLoopbackServer();
    // Made while it was allowed, as if the name had led elsewhere then.
    const open = await startNode('SQLite and files', ground, { ALLOW_PRIVATE_WEBHOOKS: 'true' });
    const app = await open.createApp();
    const headers = { 'x-test-role': 'OWNER', 'x-test-app': app.appId };
    const send = async (url: string, method: string, body?: object) => {
      const response = await fetch(url, {
        method,
        headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers are looked at as they come
      return { status: response.status, json: (await response.json()) as any };
    };
    const events = ['message.created'];
    const { json: made } = await send(`${open.url}/admin/webhooks`, 'POST', { url: receiver.url, events });
    await open.stop();

    const strict = await startNode('SQLite and files', ground, {});
    const rows = supportRows(strict.platform);
    for (const url of [
      receiver.url,
      'http://localhost:9',
      'http://169.254.169.254/latest/meta-data',
      'https://10.0.0.1/',
      'http://[::1]/',
      'http://[::ffff:7f00:1]/',
    ]) {
      expect(await send(`${strict.url}/admin/webhooks`, 'POST', { url, events })).toMatchObject({
        status: 400,
        json: { code: 'PRIVATE_ADDRESS' },
      });
      expect(await send(`${strict.url}/admin/webhooks/${made.id}`, 'PUT', { url })).toMatchObject({
        status: 400,
        json: { code: 'PRIVATE_ADDRESS' },
      });
    }
    const conversation = await rows.conversation(app.appId, await rows.device(app.appId));
    await rows.message(conversation, { effects: [strict.effects.message] });
    const failed = await vi.waitFor(async () => {
      const { json } = await send(`${strict.url}/admin/webhooks/${made.id}/deliveries`, 'GET');
      expect(json.deliveries[0].status).toBe('failed');
      return json.deliveries[0];
    });
    expect(failed).toMatchObject({ attempts: 1, httpStatus: null });
    expect(failed.responseBody).toMatch('not on the public internet');
    expect((await send(`${strict.url}/admin/webhooks/${made.id}/test`, 'POST')).json).toMatchObject({
      success: false,
      httpStatus: null,
    });
    expect(receiver.requests).toEqual([]);
    await strict.stop();
    await receiver.close();
    await ground.remove();
  });
});
