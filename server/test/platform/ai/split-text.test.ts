import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitText } from '../../../src/platform/ai/split-text.js';

const codePoints = (text: string) => [...text].length;
const withoutSpace = (text: string) => text.replace(/\s+/g, '');
const isWellFormed = (text: string) => !/\p{Surrogate}/u.test(text);
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Indexes into the text between two graphemes. */
const boundaries = (text: string) => new Set([...graphemes.segment(text)].map(({ index }) => index));

describe('splitting text', () => {
  it('returns a text within the limit as it is', () => {
    expect(splitText('  One.\n\nTwo. ', 4000)).toEqual(['  One.\n\nTwo. ']);
    expect(splitText('😀'.repeat(4000), 4000)).toHaveLength(1);
  });

  it('has no pieces for an empty text, nor for white space beyond the limit', () => {
    expect(splitText('', 10)).toEqual([]);
    expect(splitText(' '.repeat(11), 10)).toEqual([]);
  });

  it('cuts at a paragraph rather than at a sentence', () => {
    const text = 'A first line. Another one.\n\nA second paragraph. It goes on. And on.';
    expect(splitText(text, 50)[0]).toBe('A first line. Another one.\n\n');
  });

  it('cuts at a sentence rather than at a comma', () => {
    expect(splitText('It rained. Then, after tea, it stopped for a while.', 40)[0]).toBe('It rained. ');
  });

  it('cuts a sentence that is too long at a comma, else at a word', () => {
    expect(splitText('We went along the river, and then over the hill', 30)[0]).toBe(
      'We went along the river, ',
    );
    expect(splitText('We went along the river and then over the hill', 30)[0]).toBe(
      'We went along the river and ',
    );
  });

  it('does not take the end of a line for the end of a sentence', () => {
    expect(splitText('Short one. A sentence over\ntwo lines here.', 32)[0]).toBe('Short one. ');
  });

  it.each(['。', '！', '？'])('ends sentences at %s', (stop) => {
    const sentence = `今日は天気がいいです${stop}`;
    const pieces = splitText(sentence.repeat(400), 1000);
    expect(pieces.every((piece) => piece.endsWith(stop) && codePoints(piece) <= 1000)).toBe(true);
    expect(pieces.join('')).toBe(sentence.repeat(400));
  });

  it('cuts 9,000 unbroken characters and 12,000 CJK characters within the limit', () => {
    expect(splitText('a'.repeat(9000), 4000).map(codePoints)).toEqual([4000, 4000, 1000]);
    const pieces = splitText('漢字仮名交じり文'.repeat(1500), 4000);
    expect(pieces.join('')).toBe('漢字仮名交じり文'.repeat(1500));
    expect(Math.max(...pieces.map(codePoints))).toBeLessThanOrEqual(4000);
  });

  it('keeps a family emoji and an accent whole', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(splitText(family.repeat(5), 8)).toEqual(Array(5).fill(family));
    const accented = 'e\u0301'.repeat(5);
    expect(splitText(accented, 3).every((piece) => piece === 'e\u0301')).toBe(true);
  });

  it('cuts a grapheme only if it is longer than the limit itself, and then between code points', () => {
    const pieces = splitText(`x${'\u0301'.repeat(25)}`, 10);
    expect(pieces.join('')).toBe(`x${'\u0301'.repeat(25)}`);
    expect(pieces.map(codePoints)).toEqual([10, 10, 6]);
  });

  it.each([
    ['unbroken', 'a'.repeat(50_000)],
    ['of CJK', '字'.repeat(50_000)],
    ['of words', 'word '.repeat(10_000)],
    ['of accents', '\u0301'.repeat(50_000)],
    ['of line breaks', '\n '.repeat(25_000)],
    ['of full stops', '.'.repeat(50_000)],
  ])('takes no more than twice as long per character for a text ten times as long, %s', (_, text) => {
    const time = (input: string) => {
      const begun = performance.now();
      for (let run = 0; run < 3; run += 1) splitText(input, 400);
      return performance.now() - begun;
    };
    time(text.slice(0, 5_000));
    const short = Array.from({ length: 10 }, () => time(text.slice(0, 5_000))).reduce((a, b) => a + b);
    // Quadratic time would be ten times as much.
    expect(time(text)).toBeLessThan(5 * short + 50);
  });

  it('keeps every promise for any text and limit', () => {
    const character = fc.oneof(
      fc.constantFrom(
        ' ',
        '\n',
        '\n\n',
        '. ',
        ', ',
        '。',
        '！',
        'a',
        'word',
        '\u0301',
        '👨‍👩‍👧',
        '😀',
        '字',
        '\r\n',
        'न्',
        'ि',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const texts = fc.array(character, { maxLength: 120 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 60 }), (text, limit) => {
        const pieces = splitText(text, limit);
        expect(withoutSpace(pieces.join(''))).toBe(withoutSpace(text));
        if (text !== '' && codePoints(text) <= limit) expect(pieces).toEqual([text]);
        const whole = boundaries(text);
        const longest = Math.max(
          0,
          ...[...graphemes.segment(text)].map(({ segment }) => codePoints(segment)),
        );
        let from = 0;
        for (const piece of pieces) {
          if (codePoints(text) > limit) expect(piece.trim()).not.toBe('');
          expect(codePoints(piece)).toBeLessThanOrEqual(limit);
          if (isWellFormed(text)) expect(isWellFormed(piece)).toBe(true);
          const at = text.indexOf(piece, from);
          expect(at).toBeGreaterThanOrEqual(from);
          if (longest <= limit && text.slice(from, at).trim() === '') expect(whole.has(at)).toBe(true);
          from = at + piece.length;
        }
      }),
      { numRuns: 1000 },
    );
  });
});
