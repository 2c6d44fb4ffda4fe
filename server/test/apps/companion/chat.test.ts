import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, chatAnswerOf } from '../../support/chat-stream.js';
import { type CompanionApp, type CompanionUser, startCompanionApp } from '../../support/companion-app.js';
import { summarized, talked } from '../../support/companion-talk.js';
import { stacks } from '../../support/servers.js';

const words =
  'Remind me to call the dentist tomorrow at nine. I live in Lyon and I work at the hospital. The blue suitcase is in the cellar.';

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
    expect(answer.text).toContain('cellar');
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
    ['What do you know about me?', 'lives in Lyon'],
    ['Where do I live?', 'lives in Lyon'],
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
});
