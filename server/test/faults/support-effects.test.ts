import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildServer, startChildServer } from '../support/child-server.js';
import { type FakeFcm, fcmOk, startFakeFcm } from '../support/fake-fcm.js';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.js';
import { eventually, type Ground, layGround, stacks } from '../support/servers.js';
import { call } from '../support/speech-client.js';
import { sdkDevice } from '../support/support-client.js';

const DEVICES = 12;

describe.each(stacks)('Unsent effects: kill -9 between store and send, on %s', (stack) => {
  let ground: Ground;
  let fcm: FakeFcm;
  let receiver: LoopbackServer;
  let server: ChildServer;
  /** While false, nothing that is sent gets an answer, so that the server dies with all of it unsent. */
  let isOpen = false;

  const start = () =>
    startChildServer({
      ...ground.environment,
      LOG_LEVEL: 'info',
      FIREBASE_SERVICE_ACCOUNT_JSON: fcm.serviceAccount,
      FCM_BASE_URL: fcm.baseUrl,
      ALLOW_PRIVATE_WEBHOOKS: 'true',
      SUPPORT_SIGNUP: 'open',
    });

  beforeAll(async () => {
    ground = await layGround(stack);
    fcm = await startFakeFcm();
    fcm.answer(() => (isOpen ? fcmOk : 'hang'));
    receiver = await startLoopbackServer(() => (isOpen ? { status: 200 } : 'hang'));
    server = await start();
  });
  afterAll(async () => {
    await server.end('SIGTERM');
    await receiver.close();
    await fcm.close();
    await ground.remove();
  });

  it('sends every push and every webhook of an acknowledged message once after the restart', async () => {
    const signedUp = await call(`${server.url}/admin/auth/signup`, {
      method: 'POST',
      body: { email: `${randomUUID()}@shop.example`, password: 'correct horse battery', appName: 'Shop' },
    });
    const app = { appId: signedUp.json.app.id, apiKey: signedUp.json.app.api_key };
    const headers = { authorization: `Bearer ${signedUp.json.access_token}` };
    const hooked = await call(`${server.url}/admin/webhooks`, {
      method: 'POST',
      headers,
      body: { url: `${receiver.url}/hook`, events: ['message.created'] },
    });
    expect(hooked.status).toBe(201);

    const acknowledged = new Map<string, string>();
    for (let n = 0; n < DEVICES; n += 1) {
      const device = sdkDevice(server.url, app);
      const conversationId = await device.open();
      const token = `token-of-device-${n}`;
      const registered = await device.post('/push-token', {
        token,
        platform: 'android',
        device_id: device.deviceId,
      });
      expect(registered.status).toBe(200);
      const sent = await call(`${server.url}/admin/api/conversations/${conversationId}/messages`, {
        method: 'POST',
        headers,
        body: { body: `answer ${n}` },
      });
      expect(sent.status).toBe(200);
      acknowledged.set(token, sent.json.message.id);
    }
    // Some are on their way and unanswered, some still wait behind them.
    await eventually(
      async () => fcm.server.requests.length + receiver.requests.length,
      (n) => n > 2,
    );
    expect(fcm.accepted).toEqual([]);
    await server.end('SIGKILL');

    isOpen = true;
    const before = receiver.requests.length;
    server = await start();
    await eventually(
      async () => fcm.accepted.length,
      (n) => n >= DEVICES,
      60_000,
    );
    await eventually(
      async () => receiver.requests.length - before,
      (n) => n >= DEVICES,
      60_000,
    );
    const waiting = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return [...text.matchAll(/^jobs_waiting\{job="support\.(?:push|webhook)"\} (\d+)$/gm)].map(
        ([, n]) => n,
      );
    };
    await eventually(waiting, (depths) => depths.length === 2 && depths.every((n) => n === '0'));

    const pushed = fcm.accepted.map(({ token, data }) => [token, data.message_id]);
    expect(pushed.sort()).toEqual([...acknowledged].sort());
    const told = receiver.requests
      .slice(before)
      .map(({ body }) => JSON.parse(body.toString()).data.message_id);
    expect(told.sort()).toEqual([...acknowledged.values()].sort());
  }, 120_000);
});
