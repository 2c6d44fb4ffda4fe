import { createECDH, randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSupportMetrics, type SupportMetrics } from '../../../src/apps/support/metrics.js';
import { pushEffect } from '../../../src/apps/support/push/effect.js';
import { pushJob } from '../../../src/apps/support/push/job.js';
import { noticeOf } from '../../../src/apps/support/push/notice.js';
import { isQuietHour } from '../../../src/apps/support/push/quiet-hours.js';
import { pushRoutes } from '../../../src/apps/support/push/routes.js';
import { createPushStore } from '../../../src/apps/support/push/store.js';
import type { MessageEffect } from '../../../src/apps/support/services.js';
import type { Platform } from '../../../src/platform/platform.js';
import { type FakeFcm, fcmError, fcmOk, startFakeFcm } from '../../support/fake-fcm.js';
import { startLoopbackServer } from '../../support/loopback-server.js';
import { type Ground, layGround, stacks, startServer } from '../../support/servers.js';
import { call } from '../../support/speech-client.js';
import { type MadeApp, type SupportApp, startSupportApp } from '../../support/support-app.js';
import { sdkDevice } from '../../support/support-client.js';
import { type SupportRows, supportRows } from '../../support/support-rows.js';

describe.each(stacks)('push on %s', (stack) => {
  let ground: Ground;
  let fcm: FakeFcm;
  let node: SupportApp;
  let app: MadeApp;
  let rows: SupportRows;
  let effect: MessageEffect;
  let metrics: SupportMetrics;
  /** Devices with a live socket. */
  const online = new Set<string>();
  const environment = () => ({
    FIREBASE_SERVICE_ACCOUNT_JSON: fcm.serviceAccount,
    FCM_BASE_URL: fcm.baseUrl,
    ALLOW_PRIVATE_WEBHOOKS: 'true',
  });
  const addPush = (platform: Platform) => {
    const store = createPushStore(platform.database);
    metrics = createSupportMetrics(platform.metrics.registry);
    platform.jobs.define(
      pushJob({
        platform,
        store,
        metrics,
        presence: { isOnline: async (_, deviceId) => online.has(deviceId) },
        lookAgainAfterMs: [150, 400],
        backoffMs: () => 20,
      }),
    );
    return pushEffect(platform.jobs, platform.push, store);
  };

  beforeAll(async () => {
    ground = await layGround(stack);
    fcm = await startFakeFcm();
    node = await startSupportApp(stack, {
      ground,
      environment: environment(),
      install: (server, { platform }) => {
        effect = addPush(platform);
        pushRoutes(server, platform.push);
      },
    });
    rows = supportRows(node.platform);
  });
  beforeEach(async () => {
    app = await node.createApp('Pasta & Co');
  });
  afterEach(() => {
    online.clear();
    fcm.answer(() => fcmOk);
  });
  afterAll(async () => {
    await node.stop();
    await fcm.close();
    await ground.remove();
  });

  const reachable = async (token = `token-${Math.random()}`) => {
    const deviceId = await rows.device(app.appId, { token });
    return { token, deviceId, conversation: await rows.conversation(app.appId, deviceId) };
  };
  const accepted = (token: string) => fcm.accepted.filter((message) => message.token === token);
  const settled = (deviceId: string, n = 1) =>
    vi.waitFor(
      async () => {
        const pushes = (await rows.all('support_pushes')).filter((push) => push.device_id === deviceId);
        expect(pushes.filter(({ status }) => status !== 'pending')).toHaveLength(n);
        return pushes;
      },
      { timeout: 10_000, interval: 20 },
    );
  const idle = () =>
    vi.waitFor(
      async () => expect(await node.platform.jobs.counts()).toMatchObject({ queued: 0, running: 0 }),
      { timeout: 10_000, interval: 20 },
    );

  it('D11: an offline device gets a push, with the body and both key spellings in its data, all strings', async () => {
    const { token, deviceId, conversation } = await reachable();
    const message = await rows.message(conversation, { body: 'Your order is ready', effects: [effect] });
    await settled(deviceId);
    expect(accepted(token)).toHaveLength(1);
    expect(accepted(token)[0]).toMatchObject({
      notification: { title: 'Pasta & Co', body: 'Your order is ready' },
      data: {
        body: 'Your order is ready',
        conversation_id: conversation.id,
        conversationId: conversation.id,
        message_id: message.id,
        messageId: message.id,
        sender_type: 'agent',
        senderType: 'agent',
      },
      android: { collapse_key: conversation.id },
    });
  });

  it('§9: what the user wrote is pushed to nobody, and what the system wrote is', async () => {
    const { token, conversation } = await reachable();
    await rows.message(conversation, { sender: 'user', effects: [effect] });
    await rows.message(conversation, { sender: 'system', body: 'We are closed', effects: [effect] });
    await vi.waitFor(() => expect(accepted(token).map(({ data }) => data.body)).toEqual(['We are closed']));
  });

  it('§9: a device with a live socket that gets the message is not pushed to', async () => {
    const { token, deviceId, conversation } = await reachable();
    online.add(deviceId);
    const message = await rows.message(conversation, { effects: [effect] });
    await rows.setStatus(message.id, 'DELIVERED');
    online.delete(deviceId);
    await idle();
    expect(accepted(token)).toEqual([]);
  });

  it('§9: a device that keeps a live socket is never pushed to, acknowledged or not', async () => {
    const { token, deviceId, conversation } = await reachable();
    online.add(deviceId);
    await rows.message(conversation, { effects: [effect] });
    await idle();
    expect(accepted(token)).toEqual([]);
  });

  it('§9: a device that only seemed to be connected is pushed to once it is known to be away', async () => {
    const { token, deviceId, conversation } = await reachable();
    online.add(deviceId);
    await rows.message(conversation, { effects: [effect] });
    setTimeout(() => online.delete(deviceId), 50);
    await settled(deviceId);
    expect(accepted(token)).toHaveLength(1);
  });

  it.each([
    ['UNREGISTERED', 404, 'messaging/registration-token-not-registered', true],
    ['INVALID_ARGUMENT', 400, 'messaging/invalid-argument', true],
    ['SENDER_ID_MISMATCH', 403, 'messaging/mismatched-credential', false],
  ])('§9: %s clears the token exactly when the token is dead', async (errorCode, status, code, isCleared) => {
    const { token, deviceId, conversation } = await reachable();
    fcm.answer(() => fcmError(status, errorCode));
    await rows.message(conversation, { effects: [effect] });
    expect(await settled(deviceId)).toMatchObject([{ status: 'failed', error_code: code }]);
    const device = (await rows.all('support_devices')).find((row) => row.device_id === deviceId);
    expect(device?.push_token).toBe(isCleared ? null : token);
  });

  it('is tried again while Firebase is overloaded, and then sent once', async () => {
    const { token, deviceId, conversation } = await reachable();
    let refusals = 3;
    fcm.answer(() => {
      refusals -= 1;
      return refusals >= 0 ? fcmError(503) : fcmOk;
    });
    await rows.message(conversation, { effects: [effect] });
    expect(await settled(deviceId)).toMatchObject([{ status: 'sent', error_code: null }]);
    expect(accepted(token)).toHaveLength(1);
  });

  it('stops after ten in an hour, and says so', async () => {
    const { token, deviceId, conversation } = await reachable();
    for (let n = 0; n < 12; n += 1) {
      await rows.message(conversation, { body: `${n}`, effects: [effect] });
      await settled(deviceId, n + 1);
    }
    expect(accepted(token)).toHaveLength(10);
    const pushes = await settled(deviceId, 12);
    expect(pushes.filter(({ error_code: code }) => code === 'too-many')).toHaveLength(2);
  });

  it('is not sent by an app that has switched it off', async () => {
    const { token, deviceId, conversation } = await reachable();
    await rows.setSettings(app.appId, { pushEnabled: false });
    await rows.message(conversation, { effects: [effect] });
    expect(await settled(deviceId)).toMatchObject([{ status: 'skipped', error_code: 'disabled' }]);
    expect(accepted(token)).toEqual([]);
  });

  it('queues nothing for a device without a token, and nothing when the storing fails', async () => {
    const deviceId = await rows.device(app.appId);
    await rows.message(await rows.conversation(app.appId, deviceId), { effects: [effect] });
    const { token, conversation } = await reachable();
    const failing = rows.message(conversation, {
      effects: [
        effect,
        async () => {
          throw new Error('the disk is full');
        },
      ],
    });
    await expect(failing).rejects.toThrow('the disk is full');
    await idle();
    expect(accepted(token)).toEqual([]);
    const pushes = (await rows.all('support_pushes')).filter((push) => push.app_id === app.appId);
    expect(pushes).toEqual([]);
  });

  it.skipIf(stack === 'SQLite and files')('D26: two nodes send each push once', async () => {
    const second = await startSupportApp(stack, {
      ground,
      environment: environment(),
      install: (_, { platform }) => {
        addPush(platform);
      },
    });
    const devices = await Promise.all(Array.from({ length: 30 }, () => reachable()));
    await Promise.all(devices.map(({ conversation }) => rows.message(conversation, { effects: [effect] })));
    for (const { deviceId } of devices) await settled(deviceId);
    for (const { token } of devices) expect(accepted(token)).toHaveLength(1);
    await second.stop();
  });

  it('reaches a web page by the subscription that it registered', async () => {
    const service = await startLoopbackServer(() => ({ status: 201 }));
    const browser = createECDH('prime256v1');
    const token = JSON.stringify({
      endpoint: `${service.url}/push/abc`,
      expirationTime: null,
      keys: {
        p256dh: browser.generateKeys().toString('base64url'),
        auth: randomBytes(16).toString('base64url'),
      },
    });
    const device = sdkDevice(node.url, app);
    const conversation = await rows.conversation(app.appId, device.deviceId);
    const registered = await device.post('/push-token', {
      token,
      platform: 'web',
      device_id: device.deviceId,
    });
    expect(registered.status).toBe(200);
    await rows.message(conversation, { effects: [effect] });
    expect(await settled(device.deviceId)).toMatchObject([{ status: 'sent' }]);
    expect(service.requests).toHaveLength(1);
    await service.close();
  });

  it('tells a web page what it needs to subscribe', async () => {
    for (const prefix of ['/v1', '/api/v1']) {
      const answer = await fetch(`${node.url}${prefix}/web-push-key`);
      expect(await answer.json()).toEqual({ public_key: node.platform.push.webPublicKey });
    }
  });

  it('counts what became of pushes in the metrics', async () => {
    const text = await node.platform.metrics.registry.metrics();
    expect(text).toMatch(/support_pushes_total\{outcome="sent"\} \d+/);
    expect(text).toMatch(/support_pushes_total\{outcome="failed"\} [1-9]/);
    expect(text).toMatch(/support_pushes_total\{outcome="skipped"\} [1-9]/);
    expect(metrics.pushes).toBeDefined();
  });
});

describe.each(stacks)('push of the whole server on %s', (stack) => {
  it('§9: goes to the device without a socket and not to the one with a socket', async () => {
    const ground = await layGround(stack);
    const fcm = await startFakeFcm();
    const server = await startServer(ground, {
      FIREBASE_SERVICE_ACCOUNT_JSON: fcm.serviceAccount,
      FCM_BASE_URL: fcm.baseUrl,
    });
    const signedUp = await call(`${server.url}/admin/auth/signup`, {
      method: 'POST',
      body: { email: 'owner@shop.example', password: 'correct horse battery', appName: 'Shop' },
    });
    const app = { appId: signedUp.json.app.id, apiKey: signedUp.json.app.api_key };
    const devices = [sdkDevice(server.url, app), sdkDevice(server.url, app)];
    const [connected, away] = devices;
    const conversations = new Map<string, string>();
    for (const device of devices) {
      conversations.set(device.deviceId, await device.open());
      const token = `token of ${device.deviceId}`;
      await device.post('/push-token', { token, platform: 'android', device_id: device.deviceId });
    }
    const socket = io(`${server.url}/client`, {
      path: '/v1/socket.io',
      transports: ['websocket'],
      auth: { app_id: app.appId, device_id: connected?.deviceId, api_key: app.apiKey },
    });
    await new Promise((resolve) => socket.once('connected', resolve));
    const heard = new Promise((resolve) => socket.once('message:new', resolve));
    for (const conversationId of conversations.values()) {
      const sent = await call(`${server.url}/admin/api/conversations/${conversationId}/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${signedUp.json.access_token}` },
        body: { body: 'Hello' },
      });
      expect(sent.status).toBe(200);
    }
    await heard;
    await vi.waitFor(() => expect(fcm.accepted).toHaveLength(1), { timeout: 5_000 });
    expect(fcm.accepted[0]?.token).toBe(`token of ${away?.deviceId}`);
    expect(server.logged.join('')).not.toContain('token of ');
    socket.disconnect();
    await server.stop();
    await fcm.close();
    await ground.remove();
  });
});

describe('the notification of a message', () => {
  it('stays below the 4096 bytes that the services take, in every language, and ends at a whole character', () => {
    for (const body of ['x'.repeat(5_000), 'я'.repeat(5_000), '👍🏽'.repeat(1_250), '"'.repeat(5_000)]) {
      const notice = noticeOf(
        { id: `msg_${'a'.repeat(24)}`, conversationId: `conv_${'b'.repeat(24)}`, sender: 'agent', body },
        'Ж'.repeat(200),
      );
      const { title, data } = notice;
      expect(Buffer.byteLength(JSON.stringify({ title, body: notice.body, data }))).toBeLessThan(4_000);
      expect(Buffer.from(notice.body).toString()).toBe(notice.body);
      expect(notice.body.endsWith('…')).toBe(true);
    }
  });
});

describe('quiet hours', () => {
  const at = (instant: string) => Date.parse(instant);
  it('are from 22:00 to 08:00 where the device is', () => {
    expect(isQuietHour(at('2026-01-02T21:30:00Z'), 'Europe/Rome')).toBe(true);
    expect(isQuietHour(at('2026-01-02T06:59:00Z'), 'Europe/Rome')).toBe(true);
    expect(isQuietHour(at('2026-01-02T07:00:00Z'), 'Europe/Rome')).toBe(false);
    expect(isQuietHour(at('2026-01-02T12:00:00Z'), 'Asia/Tokyo')).toBe(false);
    expect(isQuietHour(at('2026-01-02T13:00:00Z'), 'Asia/Tokyo')).toBe(true);
  });
  it('do not exist where no zone is known', () => {
    expect(isQuietHour(at('2026-01-02T23:30:00Z'), 'Mars/Olympus')).toBe(false);
    expect(isQuietHour(at('2026-01-02T23:30:00Z'), undefined)).toBe(false);
  });
});
