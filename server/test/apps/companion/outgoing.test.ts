import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { daySummaryJob } from '../../../src/apps/companion/chat/day-summary.js';
import { webhookBodies } from '../../../src/apps/companion/webhooks/compose.js';
import { WEBHOOK_JOB, webhookJob } from '../../../src/apps/companion/webhooks/delivery.js';
import { createLiveWebhooks } from '../../../src/apps/companion/webhooks/live.js';
import { NoAnswer } from '../../../src/platform/http/public-addresses.js';
import { DoNotRetry } from '../../../src/platform/jobs/jobs.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { summarized, talked } from '../../support/companion-talk.js';
import { type FakeFcm, fcmError, fcmOk, startFakeFcm } from '../../support/fake-fcm.js';
import { type LoopbackServer, startLoopbackServer } from '../../support/loopback-server.js';
import { eventually, stacks } from '../../support/servers.js';
import { readAnswer, readSocketMessage } from './strict-model.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.each(stacks)('what is sent to a user’s own server and phones: %s', (stack) => {
  let app: CompanionApp;
  let receiver: LoopbackServer;
  let fcm: FakeFcm;
  let user: CompanionUser;

  const received = (path: string) => receiver.requests.filter((request) => request.path.startsWith(path));
  const arrived = (path: string, count = 1) =>
    eventually(
      async () => received(path),
      (requests) => requests.length >= count,
      30_000,
    );
  const pushed = (count: number) =>
    eventually(
      async () => fcm.accepted.map(({ token, data }) => ({ token, ...data })),
      (messages) => messages.length >= count,
      30_000,
    );

  beforeAll(async () => {
    receiver = await startLoopbackServer();
    fcm = await startFakeFcm();
    app = await startCompanionApp(stack, {
      environment: {
        ALLOW_PRIVATE_WEBHOOKS: 'true',
        FIREBASE_SERVICE_ACCOUNT_JSON: fcm.serviceAccount,
        FCM_BASE_URL: fcm.baseUrl,
      },
    });
    user = await app.signUp();
  }, 60_000);
  afterAll(async () => {
    await app.stop();
    await receiver.close();
    await fcm.close();
  });

  describe('§5.6: webhooks', () => {
    it('memory_created: tells of a finished conversation once, as the app would read it', async () => {
      await user.post('v1/users/developer/webhook/memory_created', { url: `${receiver.url}/memories?a=1` });
      const id = await talked(
        app,
        user.userId,
        'We decided to plant tomatoes in the garden. I live in Lyon.',
      );
      await summarized(user, id);
      await user.post(`v1/conversations/${id}/reprocess`, '');
      const [request, ...others] = await arrived('/memories');
      expect(others).toEqual([]);
      expect(new URL(request?.path ?? '', receiver.url).searchParams.get('uid')).toBe(user.userId);
      expect(request?.path).toContain('a=1');
      expect(request?.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-earshot-delivery': id,
      });
      const body = request?.body.toString() ?? '';
      readAnswer('GET', `v1/conversations/${id}`, {
        status: 200,
        headers: new Headers({ 'content-type': 'application/json; charset=utf-8' }),
        text: body,
      });
      expect(JSON.parse(body)).toMatchObject({ id, status: 'completed' });
    });

    it('tells nobody when it is switched off', async () => {
      await user.post('v1/users/developer/webhook/memory_created/disable', '');
      const count = received('/memories').length;
      const id = await talked(app, user.userId, 'We decided to plant potatoes in the garden.');
      await summarized(user, id);
      await eventually(
        () => app.platform.jobs.has(`companion.webhook:${id}`),
        (isWaiting) => !isWaiting,
        30_000,
      );
      expect(received('/memories')).toHaveLength(count);
    });

    it('realtime_transcript: tells what is heard while it is heard, in order', async () => {
      await user.post('v1/users/developer/webhook/realtime_transcript', { url: `${receiver.url}/live` });
      const socket = new WebSocket(
        `${app.url.replace('http', 'ws')}/v4/listen?language=en&sample_rate=16000&codec=pcm16`,
        { headers: { authorization: `Bearer ${user.token}` } },
      );
      await new Promise((resolve) => socket.once('open', resolve));
      for (const text of ['First words.', 'Second words.']) {
        socket.send(
          JSON.stringify({ type: 'transcript_segment', text, speaker: 'SPEAKER_00', start: 0, end: 1 }),
        );
      }
      const told = await eventually(
        async () => received('/live').flatMap(({ body }) => JSON.parse(body.toString()).segments),
        (segments) => segments.some(({ text }: { text: string }) => text.includes('Second words.')),
        30_000,
      );
      readSocketMessage(JSON.stringify(told));
      expect(told.map(({ text }: { text: string }) => text).join(' ')).toMatch(
        /First words\..*Second words\./,
      );
      socket.close();
    });

    it('audio_bytes: posts sound in stretches of as many seconds as were set', async () => {
      await user.post('v1/users/developer/webhook/audio_bytes', { url: `${receiver.url}/sound,1` });
      const live = createLiveWebhooks(app.platform, app.rooms.stores.webhooks);
      const [request] = await eventually(
        async () => {
          live.audio(user.userId, 8_000, new Int16Array(4_000).fill(7));
          return received('/sound');
        },
        (requests) => requests.length > 0,
        30_000,
      );
      expect(request?.path).toContain('sample_rate=8000');
      expect(request?.headers['content-type']).toBe('application/octet-stream');
      expect(request?.body.readInt16LE(0)).toBe(7);
      expect(request?.body.length).toBe(16_000);
      live.close();
    });
  });

  describe('the day', () => {
    it('day_summary: is told once in the evening, in the chat, to the webhook and to the phone', async () => {
      const someone = await app.signUp();
      await someone.post('v1/users/developer/webhook/day_summary', { url: `${receiver.url}/day` });
      await someone.post('v1/users/fcm-token', { fcm_token: 'phone-3', time_zone: 'Pacific/Kiritimati' });
      const id = await talked(app, someone.userId, 'We decided to plant tomatoes in the garden.');
      await summarized(someone, id);
      // Kiritimati is 14 hours ahead of UTC, all year.
      const evening = Math.ceil((Date.now() + 14 * HOUR_MS - 22 * HOUR_MS) / DAY_MS) * DAY_MS + 8 * HOUR_MS;
      const round = (now: number) =>
        daySummaryJob({ ...app.platform, clock: { now: () => now } }, app.rooms, (tx, userId, message) =>
          app.platform.jobs.enqueue(tx, {
            name: WEBHOOK_JOB,
            payload: { userId, type: 'day_summary', id: message },
          }),
        ).run({ id: '1', attempt: 1, payload: null, signal: AbortSignal.timeout(30_000) });
      const row = await app.rooms.stores.conversations.find(null, someone.userId, id);
      const createdAt = evening - HOUR_MS;
      await app.platform.database.transaction((tx) =>
        app.rooms.stores.conversations.change(tx, row?.id ?? '', evening, { created_at: createdAt }),
      );
      await round(evening - 60_000);
      expect((await someone.get('v2/messages')).json).toHaveLength(1);
      await round(evening + 60_000);
      await round(evening + 120_000);
      const days = (await someone.get('v2/messages')).json.filter(
        ({ type }: { type: string }) => type === 'day_summary',
      );
      expect(days).toEqual([expect.objectContaining({ memories: [expect.objectContaining({ id })] })]);
      const [request] = await arrived('/day');
      expect(JSON.parse(request?.body.toString() ?? '')).toEqual({
        uid: someone.userId,
        summary: days[0].text,
        created_at: days[0].created_at,
      });
      const [message] = await eventually(
        async () => fcm.accepted.filter(({ token }) => token === 'phone-3'),
        (messages) => messages.length > 0,
        30_000,
      );
      expect(message?.data).toMatchObject({
        notification_type: 'daily_summary',
        id: days[0].id,
        sender: 'ai',
      });
      fcm.accepted.length = 0;
    });
  });

  describe('§8.2: push', () => {
    it('tells the phones of to-dos that are due, that they changed and that they are gone', async () => {
      await user.post('v1/users/fcm-token', { fcm_token: 'phone-1', time_zone: 'Europe/Paris' });
      const due_at = '2030-01-01T09:00:00Z';
      const item = (
        await user.post('v1/action-items', { description: 'Call Peter', completed: false, due_at })
      ).json;
      await user.post('v1/action-items', { description: 'Whenever', completed: false });
      await pushed(1);
      await user.patch(`v1/action-items/${item.id}`, { description: 'Call Anna' });
      await pushed(2);
      await user.patch(`v1/action-items/${item.id}/completed?completed=true`, '');
      const messages = await pushed(3);
      const about = { token: 'phone-1', action_item_id: item.id };
      expect(messages).toEqual([
        {
          ...about,
          type: 'action_item_reminder',
          description: 'Call Peter',
          due_at: '2030-01-01T09:00:00.000Z',
        },
        {
          ...about,
          type: 'action_item_update',
          description: 'Call Anna',
          due_at: '2030-01-01T09:00:00.000Z',
        },
        { ...about, type: 'action_item_delete' },
      ]);
    });

    it('forgets a phone that is gone', async () => {
      const other = await app.signUp();
      await other.post('v1/users/fcm-token', { fcm_token: 'phone-2', time_zone: 'Europe/Paris' });
      fcm.answer(({ token }) => (token === 'phone-2' ? fcmError(404, 'UNREGISTERED') : fcmOk));
      await other.post('v1/action-items', {
        description: 'Late',
        completed: false,
        due_at: '2030-01-01T09:00:00Z',
      });
      await eventually(
        () => app.rooms.stores.profiles.deviceTokens(other.userId),
        (tokens) => tokens.length === 0,
        30_000,
      );
    });
  });
});

describe('a receiver that does not take it', () => {
  let app: CompanionApp;
  let receiver: LoopbackServer;
  let user: CompanionUser;
  let id: string;
  const running = () => ({
    id: '1',
    attempt: 1,
    signal: AbortSignal.timeout(30_000),
    payload: { userId: user.userId, type: 'memory_created' as const, id },
  });

  beforeAll(async () => {
    receiver = await startLoopbackServer();
    app = await startCompanionApp('SQLite and files');
    user = await app.signUp();
    id = await talked(app, user.userId, 'We decided to plant tomatoes in the garden.');
    await app.platform.database.transaction((tx) =>
      app.rooms.stores.webhooks.put(tx, {
        user_id: user.userId,
        type: 'memory_created',
        url: `${receiver.url}/hook`,
        seconds: null,
        enabled: 1,
        updated_at: 0,
      }),
    );
  }, 60_000);
  afterAll(async () => {
    await app.stop();
    await receiver.close();
  });

  it('private addresses are refused when they are set, and again when they are called', async () => {
    for (const url of [
      'http://127.0.0.1:9/hook',
      'http://[::1]/hook',
      'http://169.254.169.254/latest',
      'ftp://a.b/c',
    ]) {
      const { status } = await user.post('v1/users/developer/webhook/memory_created', { url });
      expect(status).toBe(400);
    }
    const { chat, conversations, webhooks } = app.rooms.stores;
    await expect(
      webhookJob(app.platform, webhooks, webhookBodies(conversations, chat)).run(running()),
    ).rejects.toThrow(DoNotRetry);
    expect(receiver.requests).toEqual([]);
  });

  it('is asked again later', async () => {
    const { chat, conversations, webhooks } = app.rooms.stores;
    const { users } = app.platform;
    const publicHttp = {
      check: async () => {},
      send: async () => ({ status: 500, headers: {}, body: Buffer.alloc(0) }),
    };
    await expect(
      webhookJob({ publicHttp, users }, webhooks, webhookBodies(conversations, chat)).run(running()),
    ).rejects.toThrow(NoAnswer);
  });
});
