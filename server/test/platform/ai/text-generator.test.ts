import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTextEngine } from '../../../src/platform/ai/engines.js';
import type { TextEvent, TextGenerator, TextMessage } from '../../../src/platform/ai/text-generator.js';
import { type FakeOpenai, startFakeOpenAI } from '../../support/fake-openai.js';

let upstream: FakeOpenai;
beforeAll(async () => {
  upstream = await startFakeOpenAI();
});
afterAll(() => upstream.close());

/** 2026-11-21 was a Saturday. */
const clock = { now: () => Date.parse('2026-11-21T14:05:00Z') };
const user = (content: string): TextMessage => ({ role: 'user', content });

async function collect(events: AsyncIterable<TextEvent>): Promise<TextEvent[]> {
  const all: TextEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe.each<[string, () => TextGenerator]>([
  ['openai', () => createTextEngine({ engine: 'openai', openai: { baseUrl: upstream.baseUrl } })],
  ['builtin', () => createTextEngine({ engine: 'builtin', clock })],
])('the %s text generator', (engine, create) => {
  it('names its engine and its model', () => {
    expect(create().engine).toBe(engine);
    expect(create().model).not.toBe('');
  });

  it('answers with words, an end and the model that spoke', async () => {
    const text = create();
    const answer = await text.text([{ role: 'system', content: 'Be kind.' }, user('Hello')]);
    expect(answer.text).not.toBe('');
    expect(answer).toMatchObject({ finishReason: 'stop', toolCalls: [], model: text.model });
  });

  it('streams the same words in pieces, and the end last and once', async () => {
    const text = create();
    const events = await collect(text.stream([user('Hello')]));
    const pieces = events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).toBe((await text.text([user('Hello')])).text);
    expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'end', finishReason: 'stop', model: text.model });
  });

  it('calls a tool that it must call', async () => {
    const tools = [{ name: 'lights_off', parameters: { type: 'object', properties: {} } }];
    const events = await collect(
      create().stream([user('Good night')], { tools, toolChoice: { name: 'lights_off' } }),
    );
    expect(events.slice(-2)).toMatchObject([
      { type: 'tool-call', call: { name: 'lights_off', arguments: '{}' } },
      { type: 'end', finishReason: 'tool_calls' },
    ]);
  });

  it('says nothing once it is told to stop', async () => {
    const reason = new Error('no longer wanted');
    await expect(create().text([user('Hello')], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const stopped = (async () => {
      for await (const event of create().stream([user('Hello')], { signal: controller.signal }))
        if (event.type === 'text') controller.abort(reason);
    })();
    await expect(stopped).rejects.toBe(reason);
  });
});

describe('the built-in text generator', () => {
  const text = createTextEngine({ engine: 'builtin', clock });
  const ask = async (...messages: TextMessage[]) =>
    (await text.text(messages, { timeZone: 'Europe/Paris' })).text;

  it.each([
    ['Hello!', 'Hello! What can I do for you?'],
    ['Bonjour', 'Bonjour ! Que puis-je faire pour vous ?'],
    ['What time is it?', 'It is 15:05.'],
    ['Quelle heure est-il ?', 'Il est 15:05.'],
    ['What is 12 times 7 plus 2?', '12 * 7 + 2 is 86.'],
    ['How much is (3 + 4) / 2', '(3 + 4) / 2 is 3.5.'],
  ])('answers %j', async (question, answer) => {
    expect(await ask(user(question))).toBe(answer);
  });

  it('tells the date', async () => {
    // Whether there is a comma depends on the version of ICU.
    expect(await ask(user('What day is it today?'))).toMatch(/^Today is Saturday,? 21 November 2026\.$/);
  });

  it('answers from what was said and from facts that it is given, in their own words', async () => {
    const facts: TextMessage = {
      role: 'system',
      content:
        'You are a helpful assistant.\n- The user’s dentist is in Harbour Street.\n- The user has a cat.',
    };
    expect(await ask(facts, user('Where is my dentist?'))).toBe('The user’s dentist is in Harbour Street.');
    const told = user('My train leaves at nine from platform four.');
    expect(
      await ask(
        told,
        { role: 'assistant', content: 'Noted.' },
        user('Which platform does the train leave from?'),
      ),
    ).toBe(told.content);
    expect(await ask(told, user('What did I say?'))).toBe(`You said: “${told.content}”`);
  });

  it('says that it is no language model where its rules do not reach', async () => {
    expect(await ask(user('Why is the sky blue?'))).toContain('without a language model');
  });

  it('refuses to make up JSON, with a code that apps go by', async () => {
    await expect(text.json([user('A story')], Type.Object({ title: Type.String() }))).rejects.toMatchObject({
      code: 'NO_LANGUAGE_MODEL',
      statusCode: 501,
    });
  });

  it('calls a tool of its own accord only when the message names it', async () => {
    const tools = [{ name: 'lights_off', parameters: { type: 'object', properties: {} } }];
    expect((await text.text([user('Please run lights_off')], { tools })).toolCalls).toHaveLength(1);
    expect((await text.text([user('It is dark')], { tools })).toolCalls).toHaveLength(0);
  });

  it('stops at the most tokens', async () => {
    expect(await text.text([user('Hello')], { maxTokens: 2 })).toMatchObject({
      text: 'Hello! What',
      finishReason: 'length',
    });
  });
});
