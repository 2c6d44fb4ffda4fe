import { describe, expect, it } from 'vitest';
import { keepConversation, loadConversation, newest } from '../../src/pages/voice/keeping/conversation.ts';
import { faultOfKey } from '../../src/pages/voice/keeping/key.ts';
import type { Message } from '../../src/pages/voice/talk/talk.ts';

const message = (id: number, text = 'Hi', status: Message['status'] = 'done'): Message => ({
  id: String(id),
  sender: 'user',
  text,
  at: id,
  status,
});

function memory(first: string | null = null) {
  let kept = first;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value;
    },
    removeItem: () => {
      kept = null;
    },
  };
}
const forbidden = () => {
  throw new DOMException('no', 'SecurityError');
};

describe('the conversation on the device', () => {
  it('comes back as it was', () => {
    const storage = memory();
    const conversation = { id: 'c', startedAt: 5, messages: [message(1), message(2)] };
    keepConversation(conversation, () => storage);
    expect(loadConversation(() => storage)).toEqual(conversation);
  });

  it.each([
    ['no JSON', '{"id":'],
    ['another shape', '{"messages":{}}'],
    ['null', 'null'],
    ['a number', '7'],
    [
      'a message without text',
      '{"id":"c","startedAt":1,"messages":[{"id":"1","sender":"user","at":1,"status":"done"}]}',
    ],
    [
      'an unknown sender',
      '{"id":"c","startedAt":1,"messages":[{"id":"1","sender":"root","text":"","at":1,"status":"done"}]}',
    ],
  ])('is a new one when storage holds %s', (_, kept) => {
    expect(loadConversation(() => memory(kept)).messages).toEqual([]);
  });

  it('lasts for the visit where nothing may be kept', () => {
    expect(() =>
      keepConversation({ id: 'c', startedAt: 1, messages: [message(1)] }, forbidden),
    ).not.toThrow();
    expect(loadConversation(forbidden).messages).toEqual([]);
  });

  it('leaves nothing behind when it is empty', () => {
    const storage = memory('{}');
    keepConversation({ id: 'c', startedAt: 1, messages: [] }, () => storage);
    expect(storage.getItem()).toBeNull();
  });

  it('holds the newest 200 messages and a megabyte at most', () => {
    const many = Array.from({ length: 250 }, (_, index) => message(index));
    expect(newest(many)).toHaveLength(200);
    expect(newest(many).at(-1)?.id).toBe('249');
    const large = Array.from({ length: 100 }, (_, index) => message(index, 'x'.repeat(20_000)));
    const kept = newest(large);
    expect(JSON.stringify(kept).length * 2).toBeLessThan(1_000_000);
    expect(kept.at(-1)?.id).toBe('99');
  });

  it('waits for nothing that was under way when the page was left', () => {
    const storage = memory();
    const bot: Message = { ...message(2, 'Well', 'pending'), sender: 'bot' };
    keepConversation(
      { id: 'c', startedAt: 1, messages: [message(1, 'Why?', 'pending'), bot] },
      () => storage,
    );
    expect(loadConversation(() => storage).messages.map(({ status }) => status)).toEqual([
      'unanswered',
      'interrupted',
    ]);
  });
});

it.each([
  ['sk-abc123', true],
  ['a'.repeat(256), true],
  ['', false],
  ['sk abc', false],
  ['schlüssel', false],
  ['a'.repeat(257), false],
])('the form of the key %j is right: %j', (key, isRight) => {
  expect(faultOfKey(key) === null).toBe(isRight);
});
