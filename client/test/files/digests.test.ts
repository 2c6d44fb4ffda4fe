import { createHash } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { mediaTypeOf } from '../../src/files/media-type.js';
import { sha256, sha256Hex } from '../../src/files/sha256.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('SHA-256 is the same with and without Web Crypto, at the edges of its blocks too', async () => {
  const sizes = [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_000];
  for (const size of sizes) {
    const bytes = Uint8Array.from({ length: size }, (_, index) => (index * 7) % 251);
    const expected = createHash('sha256').update(bytes).digest('hex');
    expect(hex(sha256(bytes))).toBe(expected);
    expect(await sha256Hex(bytes)).toBe(expected);
  }
});

test('on a page without HTTPS, where there is no Web Crypto, 2 MB are digested in less than 2 s', async () => {
  vi.stubGlobal('crypto', {});
  const bytes = new Uint8Array(2_000_000).fill(7);
  const begun = performance.now();
  const digest = await sha256Hex(bytes);
  const ms = performance.now() - begun;
  console.info(`2 MB without Web Crypto: ${ms.toFixed(0)} ms`);
  expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(ms).toBeLessThan(2000);
});

test('a file is what its first bytes say, not what it is called', () => {
  const start = (text: string) => Uint8Array.from(`${text}............`, (letter) => letter.charCodeAt(0));
  expect(mediaTypeOf(start('\x89PNG\r\n'))).toBe('image/png');
  expect(mediaTypeOf(start('\xff\xd8\xff\xe0'))).toBe('image/jpeg');
  expect(mediaTypeOf(start('RIFF\0\0\0\0WEBP'))).toBe('image/webp');
  expect(mediaTypeOf(start('RIFF\0\0\0\0WAVE'))).toBe('audio/wav');
  expect(mediaTypeOf(start('ID3\x04'))).toBe('audio/mpeg');
  expect(mediaTypeOf(start('\xff\xfb\x90'))).toBe('audio/mpeg');
  expect(mediaTypeOf(start('\xff\xf1'))).toBe('audio/aac');
  expect(mediaTypeOf(start('\0\0\0\x20ftypM4A '))).toBe('audio/mp4');
  expect(mediaTypeOf(start('OggS'))).toBe('audio/ogg');
  expect(mediaTypeOf(start('fLaC'))).toBe('audio/flac');
  expect(mediaTypeOf(start('%PDF'))).toBeUndefined();
});
