import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../src/pages/voice/hands-free/base64.ts';
import { createPlayer } from '../../src/pages/voice/hands-free/player.ts';
import { createScript } from '../../src/pages/voice/hands-free/script.ts';
import { createEventReader } from '../../src/pages/voice/server/events.ts';
import { troubleOf } from '../../src/pages/voice/server/requests.ts';
import { createSentenceCutter, plainWords } from '../../src/pages/voice/speaking/sentences.ts';

describe('server-sent events', () => {
  const stream =
    'event: delta\ndata: {"text":"Hä"}\n\n: beat\n\nevent: done\r\ndata: {}\r\n\r\ndata: a\ndata: b\n\n';
  it.each([1, 2, 7, 1_000])('are read in pieces of %i characters', (size) => {
    const read = createEventReader();
    const events = [];
    for (let start = 0; start < stream.length; start += size)
      events.push(...read(stream.slice(start, start + size)));
    expect(events).toEqual([
      { event: 'delta', data: '{"text":"Hä"}' },
      { event: 'done', data: '{}' },
      { event: 'message', data: 'a\nb' },
    ]);
  });
});

describe('refusals', () => {
  it.each([
    [401, 'invalid_api_key', 'invalid-key'],
    [429, 'rate_limited', 'rate-limited'],
    [429, 'rate_limit_exceeded', 'rate-limited'],
    [429, 'insufficient_quota', 'refused'],
    [413, 'message_too_long', 'refused'],
    [403, 'model_not_allowed', 'refused'],
    [502, 'upstream_error', 'upstream-down'],
    [503, 'unavailable', 'upstream-down'],
    [504, 'upstream_timeout', 'upstream-down'],
    [502, '', 'upstream-down'],
    [0, 'upstream_error', 'upstream-down'],
    [0, 'invalid_api_key', 'invalid-key'],
  ])('%i %s are shown as %s', (status, code, phase) => {
    expect(troubleOf(status, code, 'A sentence.', null).phase).toBe(phase);
  });
  it('say how long to wait', () => {
    expect(troubleOf(429, 'rate_limited', '', 7)).toEqual({ phase: 'rate-limited', waitUntil: 7 });
  });
});

describe('sentences', () => {
  it('are cut while the answer is being written', () => {
    const cutter = createSentenceCutter();
    const cut = ['It costs 3.', '50 euros. Really', '! Is “that” all?', ' Yes'].flatMap((text) =>
      cutter.add(text),
    );
    expect([...cut, ...cutter.rest()]).toEqual(['It costs 3.50 euros.', 'Really!', 'Is “that” all?', 'Yes']);
  });
  it('are short enough for browsers, and nothing is lost', () => {
    const text = `${'one two, three four '.repeat(40)}end.`;
    const cutter = createSentenceCutter();
    const cut = [...cutter.add(text), ...cutter.rest()];
    expect(Math.max(...cut.map(({ length }) => length))).toBeLessThanOrEqual(220);
    expect(cut.join(' ').replaceAll(/\s+/g, ' ')).toBe(text);
  });
  it('are spoken without the marks of Markdown', () => {
    expect(plainWords('## A **bold** [link](https://example.com)\n- `code` at https://example.com/x')).toBe(
      'A bold link code at',
    );
  });
});

describe('what was heard of an answer', () => {
  it('is the words whose sound was played, the present ones by their share', () => {
    const script = createScript();
    script.addWords('One two');
    script.addWords(' three four.');
    script.addSamples(4_000);
    script.addWords(' Five six.');
    script.addSamples(2_000);
    expect(script.text()).toBe('One two three four. Five six.');
    expect(script.heardAt(0)).toBe('');
    expect(script.heardAt(2_000)).toBe('One two');
    expect(script.heardAt(4_000)).toBe('One two three four.');
    expect(script.heardAt(5_000)).toBe('One two three four. Five');
    expect(script.heardAt(6_000)).toBe('One two three four. Five six.');
  });

  it('is counted by the clock of the sound, piece by piece', () => {
    const context = fakeContext();
    let drained = 0;
    const player = createPlayer(context.context, () => {
      drained += 1;
    });
    expect(player.stop()).toBeNull();
    player.add('a', new Int16Array(24_000));
    player.add('a', new Int16Array(24_000));
    context.at(0.53);
    expect(player.isPlaying()).toBe(true);
    expect(player.stop()).toEqual({ itemId: 'a', samples: 12_000 });
    expect(player.stop()).toBeNull();
    expect(context.stopped).toBe(2);
    player.add('b', new Int16Array(2_400));
    context.end();
    expect([drained, player.isPlaying()]).toEqual([1, false]);
  });
});

it('samples survive Base64', () => {
  const samples = Int16Array.from({ length: 20_001 }, (_, index) => index * 3 - 30_000);
  expect(fromBase64(toBase64(samples))).toEqual(samples);
});

/** As much of an audio context as the player needs, with a clock that is moved by hand. */
function fakeContext() {
  const sources: { onended: (() => void) | null }[] = [];
  const state = { time: 0, stopped: 0 };
  const context = {
    get currentTime() {
      return state.time;
    },
    destination: {},
    createBuffer: (_: number, length: number, rate: number) => ({
      duration: length / rate,
      copyToChannel: () => undefined,
    }),
    createBufferSource: () => {
      const source = {
        onended: null,
        connect: () => undefined,
        start: () => undefined,
        stop: () => {
          state.stopped += 1;
        },
      };
      sources.push(source);
      return source;
    },
  };
  return {
    context: context as unknown as Parameters<typeof createPlayer>[0],
    at: (seconds: number) => {
      state.time = seconds;
    },
    get stopped() {
      return state.stopped;
    },
    end: () => sources.at(-1)?.onended?.(),
  };
}
