import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressed } from '../../../src/apps/companion/chat/addressed.js';
import { ask, chatAnswerOf } from '../../support/chat-stream.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { summarized, talked } from '../../support/companion-talk.js';
import { coloredPng } from '../../support/png.js';
import { eventually, stacks } from '../../support/servers.js';

const words =
  'Remind me to call the dentist tomorrow at nine. I live in Lyon and I work at the hospital. The blue suitcase is in the cellar.';

describe('facts as the user is told them', () => {
  it.each([
    ['The user lives in Lyon and the user works at the bank.', 'You live in Lyon and you work at the bank.'],
    ["The user's sister is a doctor.", 'Your sister is a doctor.'],
    ['The user is allergic to nuts.', 'You are allergic to nuts.'],
    ["The user doesn't like rain.", "You don't like rain."],
    ['The user studies law.', 'You study law.'],
    ['Likes tea.', 'Likes tea.'],
  ])('%j', (fact, told) => {
    expect(addressed(fact)).toBe(told);
  });
});

describe.each(stacks)('a conversation and the chat about it, without any key: %s', (stack) => {
  let app: CompanionApp;
  let user: CompanionUser;
  let id: string;

  beforeAll(async () => {
    app = await startCompanionApp(stack);
    user = await app.signUp();
    await user.post('v1/users/fcm-token', { fcm_token: '', time_zone: 'Europe/Paris' });
    id = await talked(app, user.userId, words);
    await summarized(user, id);
  }, 60_000);
  afterAll(() => app.stop());

  it('§4.8: what was said gets a title, an overview, a category, the action item with its time, and memories', async () => {
    const { structured, discarded } = (await user.get(`v1/conversations/${id}`)).json;
    expect(discarded).toBe(false);
    expect(structured.title).toContain('dentist');
    expect(structured.overview).toContain('Lyon');
    expect(structured.category).toBe('health');
    expect(structured.emoji).not.toBe('');
    const { action_items } = (await user.get('v1/action-items')).json;
    expect(action_items).toEqual([
      expect.objectContaining({ description: 'Call the dentist tomorrow at nine', conversation_id: id }),
    ]);
    // Nine o'clock where the user is.
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeStyle: 'short' });
    expect(clock.format(Date.parse(action_items[0].due_at))).toBe('09:00');
    expect(Date.parse(action_items[0].due_at)).toBeGreaterThan(Date.now());
    expect((await user.get('v3/memories')).json).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          content: expect.stringContaining('The user lives in Lyon'),
          conversation_id: id,
          visibility: 'private',
        }),
      ]),
    );
  });

  it('§5.4: an empty chat begins with one greeting, however often it is opened at once', async () => {
    const someone = await app.signUp();
    const opened = await Promise.all(
      [1, 2, 3].map(() => someone.get('v2/messages?app_id=&dropdown_selected=false')),
    );
    const ids = opened.map(({ json }) => json.map((message: { id: string }) => message.id));
    expect(new Set(ids.flat()).size).toBe(1);
    expect(opened[0]?.json[0]).toMatchObject({
      sender: 'ai',
      type: 'text',
      plugin_id: null,
      ask_for_nps: false,
    });
  });

  it('§5.5: streams an answer from the conversation, cites it, and keeps both messages', async () => {
    const streamed = await user.post('v2/messages', { text: 'Where is the blue suitcase?', file_ids: null });
    expect(streamed.headers.get('content-type')).toContain('text/event-stream');
    expect(streamed.headers.get('x-accel-buffering')).toBe('no');
    expect(streamed.headers.get('cache-control')).toContain('no-cache');
    const answer = chatAnswerOf(streamed);
    expect(answer.thoughts.length).toBeGreaterThan(0);
    // Overview and transcript say the same: it is quoted once.
    expect(answer.text.match(/cellar/g)).toHaveLength(1);
    expect(answer.done).toMatchObject({
      sender: 'ai',
      type: 'text',
      text: answer.text.trim(),
      ask_for_nps: false,
    });
    expect(answer.done.memories).toEqual([
      {
        id,
        created_at: expect.any(String),
        structured: { title: expect.any(String), emoji: expect.any(String) },
      },
    ]);
    const [newest, before] = (await user.get('v2/messages')).json;
    expect(newest.id).toBe(answer.done.id);
    expect(before).toMatchObject({ sender: 'human', text: 'Where is the blue suitcase?' });
  });

  it.each([
    ['What do I have to do?', 'Call the dentist'],
    ['What do I have to do tomorrow?', 'Call the dentist'],
    ['What do you know about me?', 'You live in Lyon'],
    ['Where do I live?', 'You live in Lyon'],
    ['What did I talk about today?', 'dentist'],
    ['What is 12 times 12?', '144'],
    ['Hello!', 'Hello'],
  ])('answers %j by rules', async (question, expected) => {
    expect((await ask(user, question)).done.text).toContain(expected);
  });

  it('is honest when it does not know', async () => {
    const { done } = await ask(user, 'Who painted the ceiling of the chapel?');
    expect(done.text).toContain('found nothing about that');
    expect(done.memories).toEqual([]);
  });

  it('§5.4: clearing answers with one greeting and removes messages and files of this chat only', async () => {
    const someone = await app.signUp();
    const [file] = (
      await someone.upload('v2/files', [
        { field: 'files', name: 'notes.txt', bytes: Buffer.from('The key is under the mat.') },
      ])
    ).json;
    await ask(someone, 'Where is the key?', { fileIds: [file.id] });
    await ask(someone, 'Hello!', { appId: 'another' });
    const greeting = (await someone.delete('v2/messages?app_id=null')).json;
    expect((await someone.get('v2/messages?app_id=')).json).toEqual([greeting]);
    expect((await someone.get('v2/messages?app_id=another')).json).toHaveLength(2);
    const keys: string[] = [];
    await eventually(
      async () => {
        keys.length = 0;
        for await (const { key } of app.platform.media.list(`companion/${someone.userId}/`)) keys.push(key);
        return keys;
      },
      (left) => left.length === 0,
      30_000,
    );
  });

  it('§5.4: files come back with the question, and their text is an answer’s source', async () => {
    const someone = await app.signUp();
    const sent = await someone.upload('v2/files', [
      { field: 'files', name: 'notes.txt', bytes: Buffer.from('The key is under the mat. It rains.') },
      { field: 'files', name: '../../a picture.png', bytes: coloredPng('blue') },
    ]);
    expect(sent.json).toEqual([
      expect.objectContaining({ name: 'notes.txt', openai_file_id: expect.any(String) }),
      expect.objectContaining({ name: 'a picture.png' }),
    ]);
    const fileIds = sent.json.map(({ id }: { id: string }) => id);
    const { done } = await ask(someone, 'Where is the key?', { fileIds: [...fileIds, 'somebody-else’s'] });
    expect(done.text).toContain('under the mat');
    const [, asked] = (await someone.get('v2/messages')).json;
    expect(asked.files.map(({ name }: { name: string }) => name)).toEqual(['notes.txt', 'a picture.png']);
    const thief = await app.signUp();
    const stolen = await ask(thief, 'Where is the key?', { fileIds });
    expect(stolen.done.text).toContain('found nothing');
  });

  it('§5.4: an initial message greets at the end of the chat', async () => {
    const greeting = (await user.post('v2/initial-message?app_id=null', '')).json;
    expect(greeting).toMatchObject({ sender: 'ai', plugin_id: null });
    expect((await user.get('v2/messages')).json[0].id).toBe(greeting.id);
  });

  it('§5.4: reports and ratings are for one’s own messages', async () => {
    const { done } = await ask(user, 'Hello!');
    expect((await user.post(`v2/messages/${done.id}/report`, '')).status).toBe(200);
    expect((await user.get('v2/messages')).json[0].reported).toBe(true);
    expect(
      (await user.post(`v1/users/analytics/chat_message?message_id=${done.id}&value=1`, '')).status,
    ).toBe(200);
    const stranger = await app.signUp();
    expect((await stranger.post(`v2/messages/${done.id}/report`, '')).status).toBe(404);
  });

  it('two devices may ask at the same moment: every message has its place', async () => {
    const someone = await app.signUp();
    await Promise.all([1, 2, 3, 4].map((number) => ask(someone, `What is ${number} plus ${number}?`)));
    const messages = (await someone.get('v2/messages')).json;
    expect(messages).toHaveLength(8);
    expect(new Set(messages.map(({ id }: { id: string }) => id)).size).toBe(8);
  });

  it.each([
    ['an empty question', { text: '  ', file_ids: null }],
    ['no text', { file_ids: [] }],
    ['a book', { text: 'x'.repeat(20_001), file_ids: null }],
  ])('refuses %s before anything is stored', async (_, body) => {
    const before = (await user.get('v2/messages')).json.length;
    expect((await user.post('v2/messages', body)).status).toBe(400);
    expect((await user.get('v2/messages')).json).toHaveLength(before);
  });

  it('nobody else’s notes are in an answer', async () => {
    const stranger = await app.signUp();
    const { done } = await ask(stranger, 'Where is the blue suitcase?');
    expect(done.text).toContain('found nothing');
    expect(done.memories).toEqual([]);
  });

  it('§5.5: every frame is one write', async () => {
    const { port, hostname } = new URL(app.url);
    const body = JSON.stringify({ text: 'What do you know about me?', file_ids: null });
    const chunks = await new Promise<string[]>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.on('data', (bytes) => {
        received += bytes.toString();
      });
      socket.on('error', reject);
      socket.on('end', () => {
        // The chunks of HTTP's transfer coding are what the server wrote at once.
        const parts: string[] = [];
        let rest = received.slice(received.indexOf('\r\n\r\n') + 4);
        for (;;) {
          const size = Number.parseInt(rest, 16);
          if (!(size > 0)) break;
          const content = rest.slice(rest.indexOf('\r\n') + 2);
          parts.push(Buffer.from(content).subarray(0, size).toString());
          rest = Buffer.from(content)
            .subarray(size + 2)
            .toString();
        }
        resolve(parts);
      });
      socket.write(
        [
          'POST /v2/messages HTTP/1.1',
          `host: ${hostname}`,
          `authorization: ${user.headers.authorization}`,
          'content-type: application/json',
          `content-length: ${Buffer.byteLength(body)}`,
          'connection: close',
          '',
          body,
        ].join('\r\n'),
      );
    });
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) expect(chunk).toMatch(/^(?:think|data|done): [^\n]*\n\n$/);
  });
});
