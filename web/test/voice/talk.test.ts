import { describe, expect, it } from 'vitest';
import {
  type Phase,
  reduce,
  startOf,
  type Talk,
  type TalkEvent,
  unansweredOf,
} from '../../src/pages/voice/talk/talk.ts';
import { isBusy, troubles, words } from '../../src/pages/voice/talk/words.ts';

const fresh = startOf({ id: 'c', startedAt: 0, messages: [] });
const after = (events: readonly TalkEvent[], from: Talk = fresh): Talk => events.reduce(reduce, from);
const question = { id: 'q', text: 'What is glass?', at: 1 };

describe('a turn by voice', () => {
  const events: readonly [TalkEvent, Phase][] = [
    [{ type: 'listen', turn: 1 }, 'requesting-mic'],
    [{ type: 'capturing', turn: 1 }, 'listening'],
    [{ type: 'hearing', turn: 1, text: 'What is' }, 'listening'],
    [{ type: 'transcribing', turn: 1 }, 'transcribing'],
    [{ type: 'ask', turn: 1, question }, 'thinking'],
    [{ type: 'answering', turn: 1, id: 'a', text: 'A blur', at: 2 }, 'speaking'],
    [{ type: 'answering', turn: 1, id: 'a', text: ' behind.', at: 3 }, 'speaking'],
    [{ type: 'answered', turn: 1 }, 'speaking'],
    [{ type: 'spoken', turn: 1 }, 'idle'],
  ];
  it('goes through the states of the contract to an answer', () => {
    let talk = fresh;
    for (const [event, phase] of events) {
      talk = reduce(talk, event);
      expect(talk.phase).toBe(phase);
    }
    expect(talk.messages.map(({ sender, text, status }) => [sender, text, status])).toEqual([
      ['user', 'What is glass?', 'done'],
      ['bot', 'A blur behind.', 'done'],
    ]);
    expect(talk.interim).toBe('');
  });

  it('drops every event of a turn that was cancelled, wherever it was cancelled', () => {
    for (let cut = 1; cut < events.length; cut += 1) {
      const cancelled = reduce(after(events.slice(0, cut).map(([event]) => event)), { type: 'cancelled' });
      const late = after(
        events.slice(cut).map(([event]) => event),
        cancelled,
      );
      expect(late).toBe(cancelled);
    }
  });

  it('replaces what is heard so far, and never appends to it', () => {
    const talk = after([
      { type: 'listen', turn: 1 },
      { type: 'capturing', turn: 1 },
      { type: 'hearing', turn: 1, text: 'What' },
      { type: 'hearing', turn: 1, text: 'What is' },
      { type: 'hearing', turn: 1, text: 'What is' },
    ]);
    expect(talk.interim).toBe('What is');
  });

  it('keeps the question when it is cancelled or fails, and drops half an answer when it is asked again', () => {
    for (const end of [
      { type: 'cancelled' },
      { type: 'failed', turn: 1, trouble: { phase: 'upstream-down' } },
    ] as const) {
      const talk = after([
        { type: 'ask', turn: 1, question },
        { type: 'answering', turn: 1, id: 'a', text: 'A bl', at: 2 },
        end,
      ]);
      expect(unansweredOf(talk)?.text).toBe('What is glass?');
      const again = after([{ type: 'ask', turn: talk.turn + 1, question }], talk);
      expect(again.messages.map(({ id }) => id)).toEqual(['q']);
      expect(again.phase).toBe('thinking');
    }
  });

  it('keeps of a stopped answer what was spoken, and marks it', () => {
    const answering: TalkEvent[] = [
      { type: 'ask', turn: 1, question },
      { type: 'answering', turn: 1, id: 'a', text: 'One. Two. Three.', at: 2 },
    ];
    const cut = after([...answering, { type: 'stopped', heard: 'One. Two.' }]);
    expect(cut.messages.at(-1)).toMatchObject({ text: 'One. Two.', status: 'interrupted' });
    expect(cut.phase).toBe('idle');
    const whole = after([...answering, { type: 'stopped', heard: 'One. Two. Three.' }]);
    expect(whole.messages.at(-1)).toMatchObject({ status: 'done' });
    expect(after([...answering, { type: 'stopped', heard: '' }]).messages.map(({ id }) => id)).toEqual(['q']);
  });
});

describe('every trouble', () => {
  const phases = [...troubles] as Extract<TalkEvent, { type: 'failed' }>['trouble']['phase'][];
  it.each(phases)('%s is shown until the user decides, and ends the turn', (phase) => {
    const talk = after([
      { type: 'listen', turn: 1 },
      { type: 'failed', turn: 1, trouble: { phase, notice: 'Why.', waitUntil: 9 } },
    ]);
    expect(talk).toMatchObject({ phase, notice: 'Why.', waitUntil: 9 });
    expect(reduce(talk, { type: 'capturing', turn: 1 })).toBe(talk);
    expect(reduce(talk, { type: 'dismissed' })).toMatchObject({ phase: 'idle', notice: '', waitUntil: null });
  });

  it('has words of its own, and a button that says what it does', () => {
    const all = Object.values(words);
    expect(new Set(all.map(({ status }) => status)).size).toBe(all.length);
    for (const { button, status } of all) {
      expect(button.length).toBeGreaterThan(3);
      expect(status).toMatch(/[.…]$/);
      expect(status).not.toMatch(/error|code|40[0-9]|50[0-9]|undefined/i);
    }
    expect([...troubles].some(isBusy)).toBe(false);
  });
});

describe('a key', () => {
  it('is needed before anything else, and opens the page when it is given', () => {
    const talk = reduce(fresh, { type: 'key-needed' });
    expect(talk.phase).toBe('needs-key');
    expect(reduce(talk, { type: 'cleared', id: 'd', at: 1 }).phase).toBe('needs-key');
    expect(reduce(talk, { type: 'key-given' }).phase).toBe('idle');
  });
  it('that is refused keeps the question', () => {
    const talk = after([
      { type: 'ask', turn: 1, question },
      { type: 'failed', turn: 1, trouble: { phase: 'invalid-key' } },
      { type: 'key-given' },
    ]);
    expect(unansweredOf(talk)?.id).toBe('q');
  });
});

describe('a talk without hands', () => {
  const begun = after([
    { type: 'listen', turn: 1 },
    { type: 'hands-free', isOn: true },
    { type: 'ready', turn: 1 },
    { type: 'said', turn: 1, id: 'u', sender: 'user', text: '…', at: 1 },
    { type: 'thinking', turn: 1 },
    { type: 'said', turn: 1, id: 'b', sender: 'bot', text: 'Apples. Pears.', at: 2 },
  ]);
  it('takes words when they become known, in the order in which they were said', () => {
    const talk = reduce(begun, { type: 'said', turn: 1, id: 'u', sender: 'user', text: 'Fruit?', at: 1 });
    expect(talk.messages.map(({ text }) => text)).toEqual(['Fruit?', 'Apples. Pears.']);
    expect(talk.phase).toBe('speaking');
  });
  it('keeps of an interrupted answer what was heard, and listens', () => {
    const talk = reduce(begun, { type: 'interrupted', turn: 1, id: 'b', heard: 'Apples.' });
    expect(talk).toMatchObject({ phase: 'listening', isHandsFree: true });
    expect(talk.messages.at(-1)).toMatchObject({ text: 'Apples.', status: 'interrupted' });
  });
  it('forgets what turned out to be no words', () => {
    const talk = reduce(begun, { type: 'said', turn: 1, id: 'u', sender: 'user', text: '', at: 1 });
    expect(talk.messages.map(({ id }) => id)).toEqual(['b']);
  });
  it('keeps a question that got no answer when it breaks off', () => {
    const talk = after([
      { type: 'listen', turn: 1 },
      { type: 'hands-free', isOn: true },
      { type: 'said', turn: 1, id: 'u', sender: 'user', text: 'Fruit?', at: 1 },
      { type: 'failed', turn: 1, trouble: { phase: 'offline' } },
    ]);
    expect(unansweredOf(talk)?.text).toBe('Fruit?');
    expect(talk.isHandsFree).toBe(false);
  });
});
