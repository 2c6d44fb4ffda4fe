import { describe, expect, it } from 'vitest';
import { differences } from '../../src/pages/stories/syncing/differences.ts';

const own = (mine: string, theirs: string): readonly string[] =>
  differences(mine, theirs)
    .filter(({ isOwn }) => isOwn)
    .map(({ text }) => text.trim());

describe('what differs between two versions', () => {
  it('is nothing when they are equal', () => {
    expect(own('Luna sat by the sea.', 'Luna sat by the sea.')).toEqual([]);
  });

  it('is the words that the other one has not', () => {
    expect(own('Luna sat by the blue sea, all day.', 'Luna stood by the sea, a day.')).toEqual([
      'sat',
      'blue',
      'all',
    ]);
    expect(own('One evening Luna slept.', 'Luna slept.')).toEqual(['One evening']);
    expect(own('Luna slept.', 'One evening Luna slept.')).toEqual([]);
  });

  it('leaves the text as it is, with its empty lines', () => {
    const text = 'One.\n\nTwo three.\n\nFour.';
    expect(
      differences(text, 'One.\n\nThree.')
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it('compares long texts in a moment', () => {
    const long = Array.from({ length: 20_000 }, (_, index) => `word${index}`).join(' ');
    const began = performance.now();
    expect(own(`${long} end`, `start ${long}`).length).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
