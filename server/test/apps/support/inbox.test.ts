import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OperatorApp, type OwnedApp, startOperatorApp } from '../../support/operator-app.js';
import { movableClock, stacks } from '../../support/servers.js';

const CONVERSATIONS = '/admin/api/conversations';

describe.each(stacks)('The inbox (§11.1–11.4), on %s', (stack) => {
  const clock = movableClock();
  let node: OperatorApp;
  let app: OwnedApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, { clock });
  });
  afterAll(() => node.stop());

  interface Listed {
    readonly conversation_id: string;
    readonly unread_count: number;
  }
  const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
    node.call<T>(method, path, { as: app.owner, ...(body === undefined ? {} : { body }) });
  const list = (query = '') =>
    call<{ conversations: Listed[]; next_cursor: string | null }>('GET', `${CONVERSATIONS}${query}`);
  const idsOf = ({ body }: Awaited<ReturnType<typeof list>>) =>
    body.conversations.map(({ conversation_id }) => conversation_id);
  const write = (conversationId: string, body: unknown) =>
    call<{ message: Record<string, unknown> & { id: string } }>(
      'POST',
      `${CONVERSATIONS}/${conversationId}/messages`,
      body,
    );

  it('D30: lists conversations with raw texts, names and presence', async () => {
    app = await node.signUp();
    const raw = `<b>"Tom" & 'Jerry'</b> / ok`;
    const named = await node.converse(app, { userId: 'user/1 <x>', body: raw });
    clock.advance(1_000);
    const anonymous = await node.converse(app);
    node.online.add(anonymous.deviceId);
    const { body } = await list();
    expect(body).toEqual({
      conversations: [
        expect.objectContaining({
          conversation_id: anonymous.conversationId,
          user_id: null,
          display_name: `Visitor ${anonymous.deviceId.slice(0, 6)}`,
          is_online: true,
        }),
        {
          conversation_id: named.conversationId,
          user_id: 'user/1 <x>',
          device_id: named.deviceId,
          status: 'open',
          updated_at: expect.any(String),
          created_at: expect.any(String),
          device_context: {},
          last_message: raw,
          last_sender: 'user',
          last_message_at: expect.any(String),
          is_online: false,
          display_name: 'User user/1 <x>',
          name: 'Name of user/1 <x>',
          email: null,
          assignee_id: null,
          unread_count: 1,
        },
      ],
      next_cursor: null,
    });
  });

  it('D15: sorts by activity, pages by cursor without gap or repeat, and searches', async () => {
    app = await node.signUp();
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      made.push((await node.converse(app, { userId: `shopper-${index}` })).conversationId);
      clock.advance(10);
    }
    await write(made[0] ?? '', { body: 'Back to the top, parcel 77' });
    const first = await list('?limit=2');
    const second = await list(`?limit=2&cursor=${first.body.next_cursor}`);
    const third = await list(`?limit=2&cursor=${second.body.next_cursor}`);
    expect([...idsOf(first), ...idsOf(second), ...idsOf(third)]).toEqual(
      [0, 4, 3, 2, 1].map((index) => made[index]),
    );
    expect(third.body.next_cursor).toBeNull();
    expect(idsOf(await list('?search=SHOPPER-3'))).toEqual([made[3]]);
    expect(idsOf(await list('?search=parcel%2077'))).toEqual([made[0]]);
    expect(idsOf(await list('?search=100%25'))).toEqual([]);
    for (const query of ['?limit=0', '?limit=x', '?cursor=nonsense', '?status=closed']) {
      expect(await list(query)).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_ERROR', error: expect.any(String) },
      });
    }
  });

  it('D22: shows a thread from its newest end and reads upwards to its beginning', async () => {
    app = await node.signUp();
    const { conversationId } = await node.converse(app, { body: 'm0' });
    for (let index = 1; index < 230; index += 1) await write(conversationId, { body: `m${index}` });
    const page = (query: string) =>
      call<{
        messages: { body: string; created_at: string }[];
        has_more: boolean;
        next_cursor: number | null;
      }>('GET', `${CONVERSATIONS}/${conversationId}/messages${query}`);
    const newest = await page('');
    expect(newest.body.messages.map(({ body }) => body)).toEqual(
      Array.from({ length: 200 }, (_, index) => `m${index + 30}`),
    );
    const older = await page(`?cursor=${newest.body.next_cursor}`);
    expect(older.body.messages.map(({ body }) => body)).toEqual(
      Array.from({ length: 30 }, (_, index) => `m${index}`),
    );
    expect(older.body).toMatchObject({ has_more: false, next_cursor: null });
    const after = Date.parse(newest.body.messages[0]?.created_at ?? '') - 1;
    expect((await page(`?after=${after}&limit=5`)).body.messages).toHaveLength(5);
    expect(await page('?limit=x')).toMatchObject({ status: 400, body: { code: 'VALIDATION_ERROR' } });
  });

  it('answers in both spellings, once per local id', async () => {
    app = await node.signUp();
    const { conversationId } = await node.converse(app);
    const localId = randomUUID();
    const first = await write(conversationId, { body: 'We are on it', local_id: localId });
    expect(first.status).toBe(200);
    expect(first.body.message).toMatchObject({
      id: expect.stringMatching(/^msg_/),
      local_id: localId,
      localId,
      conversation_id: conversationId,
      conversationId,
      body: 'We are on it',
      sender: 'agent',
      status: 'SENT',
      operator_id: app.owner.id,
    });
    const again = await write(conversationId, { body: 'Twice', local_id: localId });
    expect(again.body.message).toEqual(first.body.message);
    const made = await write(conversationId, { body: 'Another', local_id: null });
    expect(made.body.message.local_id).toMatch(/^[0-9a-f-]{36}$/);
    for (const body of [{}, { body: '' }, { body: null }]) {
      expect(await write(conversationId, body)).toMatchObject({
        status: 400,
        body: { code: 'MISSING_BODY' },
      });
    }
    expect((await write(conversationId, { body: 'x'.repeat(5_001) })).status).toBe(400);
    expect((await write(conversationId, { body: 'x'.repeat(5_000) })).status).toBe(200);
    expect(await write(conversationId, { body: 'x', local_id: 'no uuid' })).toMatchObject({
      body: { code: 'VALIDATION_ERROR' },
    });
  });

  it('D29: opens one conversation with a device, however often it is asked', async () => {
    app = await node.signUp();
    const open = (body: unknown) => call<{ conversation: { id: string } }>('POST', CONVERSATIONS, body);
    const deviceId = randomUUID();
    const opened = await Promise.all([1, 2, 3].map(() => open({ device_id: deviceId, user_id: 'user-1' })));
    expect(new Set(opened.map(({ body }) => body.conversation.id)).size).toBe(1);
    expect(opened[0]).toMatchObject({
      status: 200,
      body: {
        conversation: {
          id: expect.stringMatching(/^conv_/),
          device_id: deviceId,
          user_id: 'user-1',
          status: 'open',
          created_at: expect.any(String),
        },
      },
    });
    expect(await open({ user_id: 'user-1' })).toMatchObject({
      status: 400,
      body: { code: 'MISSING_DEVICE_ID' },
    });
  });

  it('resolves, reopens and assigns', async () => {
    app = await node.signUp();
    const agent = await node.join(app.owner, 'AGENT');
    const { conversationId } = await node.converse(app);
    const patch = (body: unknown) => call('PATCH', `${CONVERSATIONS}/${conversationId}`, body);
    expect(await patch({ status: 'resolved', assignee_id: agent.id })).toMatchObject({
      status: 200,
      body: { id: conversationId, status: 'resolved', assignee_id: agent.id },
    });
    expect(idsOf(await list('?status=open'))).toEqual([]);
    expect(idsOf(await list(`?assignee_id=${agent.id}`))).toEqual([conversationId]);
    expect((await patch({ status: 'open', assignee_id: null })).body).toMatchObject({
      status: 'open',
      assignee_id: null,
    });
    expect(await patch({ status: 'closed' })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_ERROR' },
    });
    const stranger = await node.signUp();
    expect((await patch({ assignee_id: stranger.owner.id })).status).toBe(400);
    expect(await call('PATCH', `${CONVERSATIONS}/conv_unknown`, { status: 'open' })).toMatchObject({
      status: 404,
      body: { code: 'CONVERSATION_NOT_FOUND' },
    });
  });

  it('D16: marks what was read, and counts what was not', async () => {
    app = await node.signUp();
    const { conversationId, messageId } = await node.converse(app);
    expect((await list()).body.conversations[0]?.unread_count).toBe(1);
    const read = await call<{ updates: unknown[] }>('POST', `${CONVERSATIONS}/${conversationId}/read`);
    expect(read.body.updates).toEqual([
      expect.objectContaining({ id: messageId, message_id: messageId, status: 'READ' }),
    ]);
    expect((await list()).body.conversations[0]?.unread_count).toBe(0);
  });

  it('counts conversations and who is online', async () => {
    app = await node.signUp();
    const one = await node.converse(app);
    await node.converse(app);
    await call('PATCH', `${CONVERSATIONS}/${one.conversationId}`, { status: 'resolved' });
    node.online.clear();
    node.online.add(one.deviceId);
    expect((await call('GET', '/admin/api/dashboard/stats')).body).toEqual({
      total_conversations: 2,
      open_conversations: 1,
      resolved_conversations: 1,
      online_conversations: 1,
      generated_at: expect.any(String),
    });
  });

  it('lists people over their devices, last seen first, page by page', async () => {
    app = await node.signUp();
    const first = await node.converse(app, { userId: 'ann' });
    clock.advance(1_000);
    const second = await node.converse(app, { userId: 'ann' });
    clock.advance(1_000);
    const visitor = await node.converse(app, { body: 'Who am I?' });
    const people = (query = '') =>
      call<{ users: Record<string, unknown>[]; next_cursor: string | null }>(
        'GET',
        `/admin/api/users${query}`,
      );
    const all = await people();
    expect(all.body.users).toEqual([
      expect.objectContaining({
        user_key: `device:${visitor.deviceId}`,
        user_id: null,
        device_ids: [visitor.deviceId],
        last_message: 'Who am I?',
        display_name: `Visitor ${visitor.deviceId.slice(0, 6)}`,
      }),
      {
        user_key: 'user:ann',
        user_id: 'ann',
        device_ids: expect.arrayContaining([first.deviceId, second.deviceId]),
        conversation_count: 2,
        primary_conversation_id: second.conversationId,
        last_message: 'Hello',
        last_sender: 'user',
        last_message_at: expect.any(String),
        last_seen_at: expect.any(String),
        created_at: expect.any(String),
        is_online: false,
        display_name: 'User ann',
        name: 'Name of ann',
        email: null,
      },
    ]);
    const page = await people('?limit=1');
    const next = await people(`?limit=1&cursor=${page.body.next_cursor}`);
    expect([page, next].map(({ body }) => body.users[0]?.user_key)).toEqual(
      all.body.users.map(({ user_key }) => user_key),
    );
    expect(next.body.next_cursor).toBeNull();
    expect((await people('?search=ANN')).body.users).toHaveLength(1);
    expect((await people(`?search=${visitor.deviceId}`)).body.users).toHaveLength(1);
    expect((await people('?cursor=x')).status).toBe(400);
  });

  it('shows one person with devices, conversations and no broadcasts', async () => {
    app = await node.signUp();
    const { conversationId, deviceId } = await node.converse(app, { userId: 'bob/../?' });
    const person = (key: string) => call('GET', `/admin/api/users/${encodeURIComponent(key)}`);
    expect(await person('user:bob/../?')).toMatchObject({
      status: 200,
      body: {
        user: {
          user_key: 'user:bob/../?',
          user_id: 'bob/../?',
          device_id: deviceId,
          display_name: 'User bob/../?',
          name: 'Name of bob/../?',
          email: null,
          attributes: null,
          device_context: null,
          devices: [
            {
              device_id: deviceId,
              user_id: 'bob/../?',
              platform: 'unknown',
              push_token_provider: null,
              push_token_updated_at: null,
            },
          ],
          is_online: false,
        },
        conversations: [{ id: conversationId, device_id: deviceId, status: 'open', last_message: 'Hello' }],
        broadcasts: [],
      },
    });
    expect(await person('bob')).toMatchObject({ status: 400, body: { code: 'INVALID_USER_KEY' } });
    expect(await person('user:')).toMatchObject({ status: 400, body: { code: 'INVALID_USER_KEY' } });
    expect(await person('user:unknown')).toMatchObject({ status: 404, body: { code: 'USER_NOT_FOUND' } });
  });
});

describe.each(stacks)('First steps (§11.5), on %s', (stack) => {
  let node: OperatorApp;
  let app: OwnedApp;
  beforeAll(async () => {
    node = await startOperatorApp(stack, { environment: { PUBLIC_URL: 'https://chat.example.com/' } });
    app = await node.signUp();
  });
  afterAll(() => node.stop());
  const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown) =>
    node.call<T>(method, path, { as: app.owner, ...(body === undefined ? {} : { body }) });

  it('remember the platform', async () => {
    const choose = (body: unknown) => call('POST', '/admin/onboarding/platform', body);
    expect(await choose({})).toMatchObject({ status: 400, body: { code: 'MISSING_PLATFORM' } });
    expect(await choose({ platform: 'windows' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_PLATFORM' },
    });
    expect((await choose({ platform: 'ios', useCase: 'support' })).body).toEqual({
      platform: 'ios',
      useCase: 'support',
      updatedAt: expect.any(String),
    });
    expect((await call('GET', '/admin/onboarding/status')).body).toEqual({
      platform: 'ios',
      useCase: 'support',
      use_case: 'support',
      progress: 0,
      completed: false,
    });
  });

  it('tick themselves off when they happened, or when somebody says so', async () => {
    const checklist = () =>
      call<{ checklist: { id: string; completed: boolean; required: boolean }[] }>(
        'GET',
        '/admin/onboarding/checklist',
      );
    expect((await checklist()).body).toMatchObject({ progress: 0, completed: false });
    await node.converse(app);
    const after = await checklist();
    expect(after.body).toMatchObject({ progress: 80, completed: true, completedAt: expect.any(String) });
    expect(after.body.checklist.map(({ id, completed, required }) => [id, completed, required])).toEqual([
      ['sdk_installed', true, true],
      ['first_message_sent', true, true],
      ['user_identified', false, false],
      ['team_invited', false, false],
    ]);
    expect((await call('POST', '/admin/onboarding/mark-complete/team_invited')).body).toEqual({
      taskId: 'team_invited',
      completed: true,
      progress: 90,
    });
    expect(await call('POST', '/admin/onboarding/mark-complete/everything')).toMatchObject({
      status: 400,
      body: { code: 'INVALID_TASK_ID' },
    });
    const status = await call<{ completedAt: string; completed_at: string }>(
      'GET',
      '/admin/onboarding/status',
    );
    expect(status.body).toMatchObject({ progress: 90, completed: true });
    expect(status.body.completed_at).toBe(status.body.completedAt);
  });

  it('explain each platform without showing the key again', async () => {
    for (const platform of ['ios', 'android', 'react-native', 'flutter', 'web']) {
      const { body, text } = await call<{ markdown: string; codeSnippets: unknown[]; config: unknown }>(
        'GET',
        `/admin/docs/quickstart/${platform}`,
      );
      expect(body).toMatchObject({
        platform,
        config: {
          appId: app.appId,
          appName: 'Test app',
          maskedApiKey: `${app.apiKey.slice(0, 12)}...`,
          apiKey: null,
          apiKeyAvailable: false,
        },
      });
      expect(body.markdown).toContain('```');
      expect(body.codeSnippets.length).toBeGreaterThan(0);
      expect(text).not.toContain(app.apiKey);
    }
    expect((await call('GET', '/admin/docs/quickstart/web')).text).toContain(
      'https://chat.example.com/widget.js',
    );
    expect((await call('GET', '/admin/docs/quickstart/web')).text).toContain('ALLOWED_ORIGINS');
    expect(await call('GET', '/admin/docs/quickstart/cobol')).toMatchObject({
      status: 400,
      body: { code: 'INVALID_PLATFORM' },
    });
  });

  it('replace the key, the former one working on for the grace', async () => {
    const rotated = await call<{ apiKey: string; maskedApiKey: string }>(
      'POST',
      '/admin/onboarding/api-key/rotate',
    );
    const { apiKey } = rotated.body;
    expect(rotated.body).toEqual({
      apiKey: expect.stringMatching(/^rhq_/),
      maskedApiKey: `${apiKey.slice(0, 6)}...${apiKey.slice(-4)}`,
      apiKeyAvailable: true,
      previousValidUntil: expect.any(String),
    });
    for (const key of [app.apiKey, apiKey]) {
      expect((await node.converse({ ...app, apiKey: key })).messageId).toMatch(/^msg_/);
    }
  });
});
