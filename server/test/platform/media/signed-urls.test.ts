import { describe, expect, it } from 'vitest';
import { signedUrls } from '../../../src/platform/media/signed-urls.js';

describe('signed URLs to media', () => {
  const urls = signedUrls('a secret of at least thirty-two bytes');
  const key = 'speech/ab/1.mp3';
  const signature = urls.sign(key, 2_000);

  it('verify until their instant and not after', () => {
    expect(urls.verify(key, 2_000, signature, 1_999)).toBe(true);
    expect(urls.verify(key, 2_000, signature, 2_000)).toBe(false);
  });

  it('open no other object, for no longer, and with no other secret', () => {
    expect(urls.verify('speech/ab/2.mp3', 2_000, signature, 0)).toBe(false);
    expect(urls.verify(key, 3_000, signature, 0)).toBe(false);
    expect(signedUrls('another secret of thirty-two bytes').verify(key, 2_000, signature, 0)).toBe(false);
  });

  it.each(['', 'x', 'A'.repeat(43), `${signature}A`, signature.slice(1)])(
    'refuse the signature %j',
    (bad) => {
      expect(urls.verify(key, 2_000, bad, 0)).toBe(false);
    },
  );

  it('refuse an instant that is no number', () => {
    const odd = urls.sign(key, Number.NaN);
    expect(urls.verify(key, Number.NaN, odd, 0)).toBe(false);
  });
});
