import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatorCaller } from '../../../src/apps/support/callers.js';
import { insertMessages } from '../../../src/apps/support/messages/insert.js';
import type { SupportEvent } from '../../../src/apps/support/realtime/fan-out.js';
import type { SupportTables } from '../../../src/apps/support/tables.js';
import { withTables } from '../../../src/platform/database/database.js';
import { stacks } from '../../support/servers.js';
import { type MadeApp, type SupportApp, startSupportApp } from '../../support/support-app.js';
import { type SdkDevice, sdkDevice } from '../../support/support-client.js';

const operatorOf = (appId: string): OperatorCaller => ({
  kind: 'operator',
  appId,
  operatorId: randomUUID(),
  email: 'someone@team.example',
  role: 'AGENT',
  expiresAt: Number.MAX_SAFE_INTEGER,
});

/** Something to wait for until it is opened. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe.each(stacks)('messages over REST, on %s', (stack) => {
  let support: SupportApp;
  let app: MadeApp;
  const told: SupportEvent[] = [];
  beforeAll(async () => {
    support = await startSupportApp(stack);
    app = await support.createApp();
    await support.fanOut.listen((event) => told.push(event));
  });
  afterAll(() => support.stop());

  const device = () => sdkDevice(support.url, app);
  const answerOf = (conversationId: string, body: string) =>
    support.core.messages.send(operatorOf(app.appId), conversationId, { localId: randomUUID(), body });
  const toldOf = (conversationId: string, type: SupportEvent['type']) =>
    told.filter((event) => event.type === type && JSON.stringify(event).includes(conversationId));

  it('stores a message and gives it back in every shape that the SDK decodes', async () => {
    const sdk = device();
    const id = await sdk.open();
    const localId = randomUUID();
    const sent = await sdk.send(id, 'Is anybody there? 🐢', localId);
    expect(sent.status).toBe(200);
    expect(sent.json.message).toEqual({
      id: expect.stringMatching(/^msg_[0-9a-f]{24}$/),
      local_id: localId,
      conversation_id: id,
      body: 'Is anybody there? 🐢',
      sender: 'user',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      status: 'SENT',
      sequence: expect.any(Number),
      delivered_at: null,
      read_at: null,
    });
    const history = await sdk.get(`/conversations/${id}/messages?after=0`);
    expect(history.json).toEqual({ messages: [sent.json.message], has_more: false });
    const sync = await sdk.get(`/conversations/${id}/sync?after_sequence=0&limit=50`);
    const { sequence } = sent.json.message;
    expect(sync.json).toEqual({
      messages: [sent.json.message],
      last_sequence: sequence,
      has_more: false,
    });
    expect((await sdk.get(`/conversations/${id}/sync?after_sequence=${sequence}`)).json).toEqual({
      messages: [],
      last_sequence: sequence,
      has_more: false,
    });
  });

  it('stores a repeated local_id once, with the first text, and tells of it once', async () => {
    const sdk = device();
    const id = await sdk.open();
    const localId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => sdk.send(id, `try ${n}`, localId)),
    );
    const later = await sdk.send(id, 'another text', localId);
    expect(new Set([...answers, later].map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set([...answers, later].map(({ text }) => text)).size).toBe(1);
    expect((await sdk.get(`/conversations/${id}/sync`)).json.messages).toHaveLength(1);
    expect(toldOf(id, 'message')).toHaveLength(1);
  });

  it('D4: the same local_id in another app or device is another message, and leaks nothing', async () => {
    const localId = randomUUID();
    const foreignApp = await support.createApp();
    const mine = device();
    const theirs = sdkDevice(support.url, foreignApp);
    const neighbour = device();
    const [a, b, c] = [await mine.open(), await theirs.open(), await neighbour.open()];
    await mine.send(a, 'mine', localId);
    expect((await theirs.send(b, 'theirs', localId)).json.message.body).toBe('theirs');
    expect((await neighbour.send(c, 'neighbour', localId)).json.message.body).toBe('neighbour');
    for (const [sdk, id] of [
      [theirs, a],
      [neighbour, a],
      [mine, b],
    ] as const) {
      const answer = await sdk.send(id, 'into a foreign conversation', localId);
      expect(answer.status).toBe(404);
      expect(answer.json.code).toBe('CONVERSATION_NOT_FOUND');
      expect(answer.text).not.toContain('mine');
    }
    expect((await mine.get(`/conversations/${a}/sync`)).json.messages).toHaveLength(1);
  });

  it('tells strangers of every route that there is no such conversation', async () => {
    const sdk = device();
    const stranger = device();
    const id = await sdk.open();
    const sent = await sdk.send(id, 'private');
    const asked: [string, Promise<{ status: number; json: { code: string }; text: string }>][] = [
      ['send', stranger.send(id, 'x')],
      ['history', stranger.get(`/conversations/${id}/messages`)],
      ['sync', stranger.get(`/conversations/${id}/sync`)],
      [
        'status',
        stranger.post(`/conversations/${id}/messages/status`, {
          message_id: sent.json.message.id,
          status: 'READ',
        }),
      ],
      [
        'delivered',
        stranger.post(`/conversations/${id}/messages/delivered`, { message_ids: [sent.json.message.id] }),
      ],
      ['read', stranger.post(`/conversations/${id}/messages/read`, { up_to_message_id: null })],
    ];
    for (const [route, answer] of asked) {
      const { status, json, text } = await answer;
      expect([route, status, json.code]).toEqual([route, 404, 'CONVERSATION_NOT_FOUND']);
      expect(text).not.toContain('private');
    }
  });

  it('refuses what is no message, and stores nothing of it', async () => {
    const sdk = device();
    const id = await sdk.open();
    const path = `/conversations/${id}/messages`;
    const local_id = randomUUID();
    for (const body of [
      { local_id, body: '' },
      { local_id, body: 'x'.repeat(5_001) },
      { local_id, body: '🐢'.repeat(2_501) },
      { local_id: 'not a uuid', body: 'x' },
      { local_id, body: 7 },
      { local_id },
      { body: 'x' },
      [],
      null,
    ]) {
      const answer = await sdk.post(path, body);
      expect([JSON.stringify(body)?.slice(0, 60), answer.status, answer.json.code]).toEqual([
        JSON.stringify(body)?.slice(0, 60),
        400,
        'VALIDATION_ERROR',
      ]);
      expect(answer.json.error).toBe('Invalid request body');
    }
    expect((await sdk.get(`/conversations/${id}/sync`)).json.messages).toEqual([]);
    expect((await sdk.send(id, '🐢'.repeat(2_500))).status).toBe(200);
    expect((await sdk.send(id, '   ')).status).toBe(200);
  });

  it('keeps texts that no database likes apart from each other', async () => {
    const sdk = device();
    const id = await sdk.open();
    const texts = ['\ud83d alone', '\\ud800 \\u0041', "'); drop table x; --", '{"a":1}', '\u2028\n\t"'];
    const sent = await Promise.all(texts.map((text) => sdk.send(id, text)));
    expect(sent.map(({ status }) => status)).toEqual(texts.map(() => 200));
    expect(sent.map(({ json }) => json.message.body)).toEqual(['\ufffd alone', ...texts.slice(1)]);
  });

  it('pages by sync without a page that is empty and says there is more', async () => {
    const sdk = device();
    const id = await sdk.open();
    for (let n = 0; n < 7; n += 1) await sdk.send(id, `number ${n}`);
    const seen: string[] = [];
    let after = 0;
    for (;;) {
      const page = await sdk.get(`/conversations/${id}/sync?after_sequence=${after}&limit=3`);
      seen.push(...page.json.messages.map((message: { body: string }) => message.body));
      expect(page.json.messages.length > 0 || !page.json.has_more).toBe(true);
      after = page.json.last_sequence;
      if (!page.json.has_more) break;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `number ${n}`));
    const clamped = await sdk.get(`/conversations/${id}/messages?limit=0`);
    expect(clamped.json.messages).toHaveLength(1);
    expect(clamped.json.has_more).toBe(true);
    expect((await sdk.get(`/conversations/${id}/sync?limit=100000`)).json.messages).toHaveLength(7);
  });

  it('D15: a message moves the activity of its conversation, and reopens a resolved one', async () => {
    const sdk = device();
    const id = await sdk.open('walker');
    const before = await support.core.conversations.get(operatorOf(app.appId), id);
    await support.core.conversations.change(operatorOf(app.appId), id, { status: 'resolved' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await answerOf(id, 'closing words');
    expect((await support.core.conversations.get(operatorOf(app.appId), id)).status).toBe('resolved');
    const sent = await sdk.send(id, 'one more thing');
    const after = await support.core.conversations.get(operatorOf(app.appId), id);
    expect(after.updatedAt).toBeGreaterThan(before.updatedAt);
    expect(after).toMatchObject({
      status: 'open',
      unreadCount: 1,
      lastMessage: { id: sent.json.message.id, body: 'one more thing', sender: 'user' },
    });
    const { conversations } = await support.core.conversations.list(operatorOf(app.appId), { limit: 5 });
    expect(conversations[0]?.id).toBe(id);
    const opened = await sdk.post('/conversations', { user: { id: 'walker' } });
    expect(Date.parse(opened.json.conversation.updated_at)).toBe(after.updatedAt);
    expect(toldOf(id, 'conversation').at(-1)).toMatchObject({
      change: 'updated',
      conversation: { status: 'open' },
    });
  });

  it('D16: delivered_at and read_at are set once and told, and statuses only rise', async () => {
    const sdk = device();
    const id = await sdk.open();
    const mine = (await sdk.send(id, 'question')).json.message;
    const first = await answerOf(id, 'answer one');
    const second = await answerOf(id, 'answer two');
    const path = `/conversations/${id}/messages`;

    const delivered = await sdk.post(`${path}/delivered`, {
      message_ids: [first.id, mine.id, 'msg_of_nobody', first.id],
    });
    expect(delivered.json).toEqual({
      updates: [
        {
          id: first.id,
          message_id: first.id,
          local_id: first.localId,
          conversation_id: id,
          status: 'DELIVERED',
          updated_at: expect.any(String),
        },
      ],
    });
    expect((await sdk.post(`${path}/delivered`, { message_ids: [first.id] })).json.updates).toEqual([]);

    const read = await sdk.post(`${path}/read`, { up_to_message_id: first.id });
    expect(
      read.json.updates.map(({ id: of, status }: { id: string; status: string }) => [of, status]),
    ).toEqual([[first.id, 'READ']]);
    expect((await sdk.post(`${path}/read`)).json.updates).toHaveLength(1);

    const { messages } = (await sdk.get(`/conversations/${id}/sync`)).json;
    expect(messages.map(({ status }: { status: string }) => status)).toEqual(['SENT', 'READ', 'READ']);
    expect(messages[0]).toMatchObject({ delivered_at: null, read_at: null });
    expect(messages[1].delivered_at).toBe(delivered.json.updates[0].updated_at);
    expect(messages[1].read_at).toBe(read.json.updates[0].updated_at);
    expect(messages[2].delivered_at).toBe(messages[2].read_at);
    expect(toldOf(id, 'statuses')).toHaveLength(3);

    const back = await sdk.post(`${path}/status`, { message_id: second.id, status: 'DELIVERED' });
    expect(back.status).toBe(200);
    expect(back.json).toMatchObject({ id: second.id, message_id: second.id, status: 'READ' });
  });

  it('D5: foreign messages, backward moves and the own side change nothing', async () => {
    const sdk = device();
    const other = device();
    const [id, otherId] = [await sdk.open(), await other.open()];
    const mine = (await sdk.send(id, 'mine')).json.message;
    const foreign = await answerOf(otherId, 'for somebody else');
    const path = `/conversations/${id}/messages/status`;

    const unknown = await sdk.post(path, { message_id: 'msg_of_nobody', status: 'READ' });
    expect([unknown.status, unknown.json.code]).toEqual([404, 'MESSAGE_NOT_FOUND']);
    const theirs = await sdk.post(path, { message_id: foreign.id, status: 'READ' });
    expect([theirs.status, theirs.json.code]).toEqual([404, 'MESSAGE_NOT_FOUND']);
    for (const status of ['READ', 'DELIVERED', 'FAILED', 'QUEUED', 'SENDING', 'SENT']) {
      const answer = await sdk.post(path, { message_id: mine.id, status });
      expect([status, answer.status, answer.json.status]).toEqual([status, 200, 'SENT']);
    }
    const odd = await sdk.post(path, { message_id: mine.id, status: 'read' });
    expect([odd.status, odd.json.code]).toEqual([400, 'VALIDATION_ERROR']);
    const untouched = await other.get(`/conversations/${otherId}/sync`);
    expect(untouched.json.messages[0].status).toBe('SENT');
  });

  it('lets an operator read what the visitor wrote, and counts what is left', async () => {
    const sdk = device();
    const id = await sdk.open();
    const operator = operatorOf(app.appId);
    const sent = [];
    for (let n = 0; n < 3; n += 1) sent.push((await sdk.send(id, `number ${n}`)).json.message);
    const unread = async () => (await support.core.conversations.get(operator, id)).unreadCount;
    expect(await unread()).toBe(3);
    await support.core.messages.markRead(operator, id, sent[1].id);
    expect(await unread()).toBe(1);
    await support.core.messages.setStatus(operator, id, [sent[2].id], 'READ');
    expect(await unread()).toBe(0);
    expect(await support.core.messages.markRead(operator, id, null)).toEqual([]);
    await expect(support.core.messages.markRead(operatorOf(randomUUID()), id, null)).rejects.toMatchObject({
      code: 'CONVERSATION_NOT_FOUND',
    });
    expect((await sdk.get(`/conversations/${id}/sync`)).json.messages[0].status).toBe('READ');
  });

  it('D14: a queue of 150 messages, sent one request after another, passes without a refusal', async () => {
    const sdk = device();
    const id = await sdk.open();
    const answers = [];
    for (let n = 0; n < 150; n += 1) answers.push(await sdk.send(id, `queued ${n}`));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('600;w=60');
    expect(answers[149]?.headers.get('ratelimit-remaining')).toBe('450');
    const { messages, has_more } = (await sdk.get(`/conversations/${id}/sync?limit=200`)).json;
    expect(messages).toHaveLength(150);
    expect(has_more).toBe(false);
  });

  it('gives time and sequence one order in a conversation, also when the clock is set back', async () => {
    const sdk = device();
    const id = await sdk.open();
    await sdk.send(id, 'from the future');
    const ahead = Date.now() + 3_600_000;
    await support.platform.database.transaction((tx) =>
      withTables<SupportTables>(tx)
        .updateTable('support_conversations')
        .set({ last_message_at: ahead })
        .where('id', '=', id)
        .execute(),
    );
    const next = await sdk.send(id, 'after it');
    expect(Date.parse(next.json.message.created_at)).toBe(ahead);
  });
});

describe.each(stacks)('writers and readers at once, on %s', (stack) => {
  let nodes: SupportApp[];
  let app: MadeApp;
  beforeAll(async () => {
    const first = await startSupportApp(stack);
    // SQLite is one process's; on PostgreSQL two nodes write at the same time.
    const isOne = stack === 'SQLite and files';
    nodes = isOne ? [first] : [first, await startSupportApp(stack, { ground: first.ground })];
    app = await first.createApp();
  });
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.stop();
  });

  it('D24: readers that page by sync while 200 writers write miss nothing and see nothing twice', async () => {
    const urlOf = (n: number) => nodes[n % nodes.length]?.url ?? '';
    const shared = sdkDevice(urlOf(0), app);
    const id = await shared.open();
    const writers: SdkDevice[] = Array.from({ length: 200 }, (_, n) =>
      sdkDevice(urlOf(n), app, n % 2 === 0 ? { deviceId: shared.deviceId } : {}),
    );
    const own = await Promise.all(writers.map((writer, n) => (n % 2 === 0 ? id : writer.open())));

    let isWriting = true;
    const readAll = async (reader: SdkDevice): Promise<number[]> => {
      const seen: number[] = [];
      let after = 0;
      for (;;) {
        const mayEnd = !isWriting;
        const { json } = await reader.get(`/conversations/${id}/sync?after_sequence=${after}&limit=20`);
        const sequences = json.messages.map(({ sequence }: { sequence: number }) => sequence);
        expect(json.last_sequence).toBe(sequences.at(-1) ?? after);
        expect(json.has_more && sequences.length === 0).toBe(false);
        seen.push(...sequences);
        after = json.last_sequence;
        if (mayEnd && !json.has_more) return seen;
      }
    };
    const readers = nodes.map((_, n) => readAll(sdkDevice(urlOf(n), app, { deviceId: shared.deviceId })));
    const answers = await Promise.all(
      writers.map(async (writer, n) => {
        const sent = [];
        for (let m = 0; m < 3; m += 1) sent.push(await writer.send(own[n] ?? '', `${n}/${m}`));
        return sent;
      }),
    );
    isWriting = false;
    const seen = await Promise.all(readers);

    expect(answers.flat().filter(({ status }) => status !== 200)).toEqual([]);
    const acknowledged = answers
      .flat()
      .map(({ json }) => json.message)
      .filter((message) => message.conversation_id === id)
      .map((message) => message.sequence)
      .sort((a, b) => a - b);
    expect(acknowledged).toHaveLength(300);
    for (const sequences of seen) expect(sequences).toEqual(acknowledged);
  });

  it('D24: a number is not seen before all lower ones of the app are, whatever the conversation', async () => {
    const [first, last] = [nodes[0], nodes.at(-1)];
    if (!first || !last) throw new Error('no node');
    const early = sdkDevice(first.url, app);
    const late = sdkDevice(last.url, app);
    const [earlyId, lateId] = [await early.open(), await late.open()];
    const entered = gate();
    const mayCommit = gate();
    const { database } = first.platform;
    const slow = database.transaction(async (tx) => {
      const message = {
        conversationId: earlyId,
        deviceId: early.deviceId,
        localId: randomUUID(),
        body: 'drew its number first',
        sender: 'user' as const,
        operatorId: null,
      };
      const [outcome] = await insertMessages(tx, database.dialect, app.appId, [message], Date.now());
      entered.open();
      await mayCommit.opened;
      return outcome?.message.sequence ?? 0;
    });
    await entered.opened;
    const quick = late.send(lateId, 'drew its number second');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const meanwhile = await late.get(`/conversations/${lateId}/sync`);
    mayCommit.open();
    expect(meanwhile.json).toEqual({ messages: [], last_sequence: 0, has_more: false });
    expect((await quick).json.message.sequence).toBeGreaterThan(await slow);
  });
});
