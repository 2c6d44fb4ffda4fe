import { describe, expect, it } from 'vitest';
import {
  clockTime,
  codePoints,
  expiry,
  fileName,
  fileSize,
  spokenTime,
} from '../../src/pages/speech/words.ts';

const hour = 3_600_000;

describe('words', () => {
  it('tell times as players do', () => {
    expect([0, 65, 599.9, 3_725].map(clockTime)).toEqual(['0:00', '1:05', '9:59', '1:02:05']);
    expect([1, 61, 120].map(spokenTime)).toEqual(['1 second', '1 minute 1 second', '2 minutes 0 seconds']);
  });

  it('tell sizes', () => {
    expect([999, 45_400, 1_250_000].map(fileSize)).toEqual(['999 B', '45 kB', '1.3 MB']);
  });

  it('tell how long something stays', () => {
    expect(expiry(7 * 24 * hour, 0)).toBe('expires in 7 days');
    expect(expiry(5 * hour, 0)).toBe('expires in 5 hours');
    expect(expiry(hour / 2, 0)).toBe('expires in 30 minutes');
    expect(expiry(30_000, 0)).toBe('expires in 1 minute');
    expect(expiry(0, 1)).toBe('expired');
  });

  it('count what the server counts: code points', () => {
    for (const text of ['', 'plain', '😀é', '👩‍🚀', '\ud800 alone \udc00']) {
      expect(codePoints(text)).toBe(Array.from(text).length);
    }
  });

  it('make file names that every system takes', () => {
    expect(fileName('a/b: "c"?\n', 'mp3')).toBe('a b c.mp3');
    expect(fileName('A long one…', 'opus')).toBe('A long one.opus');
    expect(fileName('///', 'wav')).toBe('earshot.wav');
  });
});
