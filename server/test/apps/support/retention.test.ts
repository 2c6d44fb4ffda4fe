import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Conversation } from '../../../src/apps/support/conversations/conversation.js';
import { RETENTION_JOB, retentionJob } from '../../../src/apps/support/retention/job.js';
import { createRetentionStore } from '../../../src/apps/support/retention/store.js';
import type { SupportTables } from '../../../src/apps/support/tables.js';
import { withTables } from '../../../src/platform/database/database.js';
import { stacks } from '../../support/servers.js';
import { type MadeApp, type SupportApp, startSupportApp } from '../../support/support-app.js';
import { type SupportRows, supportRows } from '../../support/support-rows.js';

const DAY_MS = 24 * 3_600_000;

describe.each(stacks)('retention on %s', (stack) => {
  let node: SupportApp;
  let rows: SupportRows;
  let app: MadeApp;
  let deviceId: string;
  let conversation: Conversation;
  const daysAgo = (days: number) => node.platform.clock.now() - days * DAY_MS;

  beforeAll(async () => {
    node = await startSupportApp(stack);
    rows = supportRows(node.platform);
  });
  beforeEach(async () => {
    app = await node.createApp();
    deviceId = await rows.device(app.appId);
    conversation = await rows.conversation(app.appId, deviceId);
  });
  afterAll(() => node.stop());

  /** Runs the job once, with batches smaller than what there is to delete. */
  const clear = () =>
    retentionJob({
      platform: node.platform,
      store: createRetentionStore(node.platform.database),
      batch: 3,
    }).run({
      id: 'job',
      payload: null,
      attempt: 1,
      signal: new AbortController().signal,
    });
  const insert = <T extends keyof SupportTables & string>(table: T, values: object[]) =>
    node.platform.database.transaction((tx) =>
      withTables<SupportTables>(tx)
        .insertInto(table)
        .values(values as never)
        .execute(),
    );
  const ofApp = async <T extends 'support_messages' | 'support_events' | 'support_pushes'>(table: T) =>
    (await rows.all(table)).filter((row) => row.app_id === app.appId);
  const event = (at: number) => ({
    app_id: app.appId,
    user_id: 'u',
    event_name: 'opened',
    at,
    properties: '{}',
  });
  const push = (created_at: number) => ({
    id: randomUUID(),
    app_id: app.appId,
    device_id: deviceId,
    message_id: randomUUID(),
    status: 'sent',
    created_at,
  });
  const sync = async (after: number, limit: number) => {
    const response = await fetch(
      `${node.url}/v1/conversations/${conversation.id}/sync?after_sequence=${after}&limit=${limit}`,
      { headers: node.headersOf(app, deviceId) },
    );
    expect(response.status).toBe(200);
    return (await response.json()) as {
      messages: { body: string }[];
      last_sequence: number;
      has_more: boolean;
    };
  };

  it('Retention: deletes old messages only, and /sync stays sound for readers before, within and behind them', async () => {
    await rows.setSettings(app.appId, { messageRetentionDays: 10 });
    const sequences: number[] = [];
    for (let n = 0; n < 14; n += 1) {
      const { sequence } = await rows.message(conversation, {
        body: `message ${n}`,
        sender: n % 2 === 0 ? 'user' : 'agent',
        createdAt: daysAgo(n < 8 ? 11 : 9),
      });
      sequences.push(sequence);
    }
    const half = await sync(0, 5);
    expect(half.messages).toHaveLength(5);
    await clear();

    const kept = Array.from({ length: 6 }, (_, n) => `message ${n + 8}`);
    const bodies = ({ messages }: { messages: { body: string }[] }) => messages.map(({ body }) => body);
    // One who begins, one who was in the middle of what is gone, one who had read all of it.
    for (const after of [0, half.last_sequence, sequences[7] ?? 0]) {
      const first = await sync(after, 4);
      expect(first.has_more).toBe(true);
      const second = await sync(first.last_sequence, 4);
      expect([...bodies(first), ...bodies(second)]).toEqual(kept);
      expect(second.has_more).toBe(false);
    }
    expect(await sync(sequences[13] ?? 0, 4)).toEqual({
      messages: [],
      last_sequence: sequences[13],
      has_more: false,
    });
    const [row] = (await rows.all('support_conversations')).filter(({ id }) => id === conversation.id);
    expect(row).toMatchObject({ unread_count: 3, last_message_body: 'message 13' });
  });

  it('leaves nothing of a conversation whose messages are all old, and numbers go on rising', async () => {
    await rows.setSettings(app.appId, { messageRetentionDays: 1 });
    let last = 0;
    for (let n = 0; n < 4; n += 1) {
      ({ sequence: last } = await rows.message(conversation, { sender: 'user', createdAt: daysAgo(2) }));
    }
    await clear();
    expect(await ofApp('support_messages')).toEqual([]);
    const [row] = (await rows.all('support_conversations')).filter(({ id }) => id === conversation.id);
    expect(row).toMatchObject({
      unread_count: 0,
      last_message_id: null,
      last_message_body: null,
      last_message_sender: null,
      last_message_at: null,
    });
    expect(await sync(last, 10)).toEqual({ messages: [], last_sequence: last, has_more: false });
    const { sequence } = await rows.message(conversation, { body: 'again' });
    expect(sequence).toBeGreaterThan(last);
    expect((await sync(last, 10)).messages).toHaveLength(1);
  });

  it('Retention: deletes old events and 30-day-old push records, each by its own age', async () => {
    await rows.setSettings(app.appId, { eventRetentionDays: 5 });
    await insert(
      'support_events',
      [6, 6, 6, 6, 4, 1].map((days) => event(daysAgo(days))),
    );
    await insert(
      'support_pushes',
      [31, 32, 33, 34, 29].map((days) => push(daysAgo(days))),
    );
    await rows.message(conversation, { createdAt: daysAgo(1_000) });
    await clear();
    expect(await ofApp('support_events')).toHaveLength(2);
    expect(await ofApp('support_pushes')).toHaveLength(1);
    expect(await ofApp('support_messages')).toHaveLength(1);
  });

  it('Retention: deletes nothing of an app under legal hold, and goes on when it is lifted', async () => {
    const settings = { messageRetentionDays: 1, eventRetentionDays: 1 };
    await rows.setSettings(app.appId, { ...settings, legalHold: true });
    await rows.message(conversation, { createdAt: daysAgo(2) });
    await insert('support_events', [event(daysAgo(2))]);
    await insert('support_pushes', [push(daysAgo(40))]);
    const left = async () => [
      (await ofApp('support_messages')).length,
      (await ofApp('support_events')).length,
      (await ofApp('support_pushes')).length,
    ];
    await clear();
    expect(await left()).toEqual([1, 1, 1]);
    await rows.setSettings(app.appId, settings);
    await clear();
    expect(await left()).toEqual([0, 0, 0]);
  });

  it('keeps the delivery log as long as messages at most, and calls failed what waits for ever', async () => {
    await rows.setSettings(app.appId, { messageRetentionDays: 7 });
    const webhook = {
      id: randomUUID(),
      app_id: app.appId,
      url: 'https://shop.example',
      events: '[]',
      secret: '',
      is_active: 1,
      created_at: 0,
      updated_at: 0,
    };
    await insert('support_webhooks', [webhook]);
    const delivery = (days: number, status: string) => ({
      id: randomUUID(),
      webhook_id: webhook.id,
      event: 'message.created',
      payload: '{}',
      status,
      attempts: 1,
      created_at: daysAgo(days),
    });
    await insert('support_webhook_deliveries', [
      delivery(8, 'delivered'),
      delivery(6, 'delivered'),
      delivery(4, 'pending'),
      delivery(1, 'pending'),
    ]);
    await clear();
    const left = (await rows.all('support_webhook_deliveries')).filter(
      (row) => row.webhook_id === webhook.id,
    );
    expect(left.map(({ status }) => status).sort()).toEqual(['delivered', 'failed', 'pending']);
  });

  it('clears expired refresh tokens and long-expired invitations', async () => {
    const now = node.platform.clock.now();
    const operatorId = randomUUID();
    await insert('support_operators', [
      {
        id: operatorId,
        app_id: app.appId,
        email: `${operatorId}@shop.example`,
        password_hash: '',
        role: 'OWNER',
        is_active: 1,
        created_at: now,
        updated_at: now,
      },
    ]);
    const token = (expires_at: number) => ({
      id: randomUUID(),
      operator_id: operatorId,
      family: 'f',
      token_hash: randomUUID(),
      created_at: 0,
      expires_at,
    });
    const invitation = (expires_at: number) => ({
      id: randomUUID(),
      app_id: app.appId,
      email: 'a@b.example',
      role: 'AGENT',
      token_hash: randomUUID(),
      created_at: 0,
      expires_at,
    });
    await insert('support_refresh_tokens', [token(now - 1), token(now - DAY_MS), token(now + DAY_MS)]);
    await insert('support_invitations', [invitation(daysAgo(31)), invitation(daysAgo(1))]);
    await clear();
    const tokens = (await rows.all('support_refresh_tokens')).filter((row) => row.operator_id === operatorId);
    expect(tokens).toHaveLength(1);
    const invitations = (await rows.all('support_invitations')).filter((row) => row.app_id === app.appId);
    expect(invitations).toHaveLength(1);
  });

  it('deletes while others write, and counts right in the end', async () => {
    await rows.setSettings(app.appId, { messageRetentionDays: 1 });
    for (let n = 0; n < 20; n += 1)
      await rows.message(conversation, { sender: 'user', createdAt: daysAgo(2) });
    const writing = async () => {
      for (let n = 0; n < 10; n += 1) await rows.message(conversation, { sender: 'user' });
    };
    await Promise.all([clear(), writing(), writing(), writing()]);
    await clear();
    const [row] = (await rows.all('support_conversations')).filter(({ id }) => id === conversation.id);
    expect(row?.unread_count).toBe(30);
    expect(await ofApp('support_messages')).toHaveLength(30);
  });

  it('stops between two batches when the server stops', async () => {
    const stopped = new AbortController();
    stopped.abort();
    const job = retentionJob({
      platform: node.platform,
      store: createRetentionStore(node.platform.database),
    });
    expect(job).toMatchObject({ name: RETENTION_JOB, everyMs: 3_600_000 });
    const run = job.run({ id: 'job', payload: null, attempt: 1, signal: stopped.signal });
    await expect(run).rejects.toThrow();
  });
});
