import { describe, expect, it } from 'vitest';
import { resample } from '../../../src/platform/audio/resample.js';

const sine = (hertz: number, rate: number, seconds: number) =>
  Int16Array.from({ length: rate * seconds }, (_, index) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hertz * index) / rate)),
  );

/** Loudness apart from the ends. */
const level = (samples: Int16Array) => {
  const middle = samples.subarray(1_000, -1_000);
  return Math.sqrt(middle.reduce((sum, sample) => sum + sample ** 2, 0) / middle.length);
};

describe('resampling', () => {
  it.each([
    [16_000, 24_000],
    [8_000, 24_000],
    [48_000, 24_000],
    [15_040, 24_000],
  ])('keeps a tone of 1 kHz as it is, from %i to %i samples a second', (from, to) => {
    const resampled = resample(sine(1_000, from, 1), from, to);
    const expected = sine(1_000, to, 1);
    expect(resampled.length).toBe(expected.length);
    const difference = resampled.map((sample, index) => sample - (expected[index] ?? 0));
    expect(level(difference)).toBeLessThan(20);
  });

  it('removes what the lower rate cannot hold', () => {
    expect(level(resample(sine(11_000, 48_000, 1), 48_000, 16_000))).toBeLessThan(20);
  });
});
