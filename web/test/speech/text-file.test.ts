import { describe, expect, it } from 'vitest';
import { readTextFile } from '../../src/pages/speech/compose/text-file.ts';

const file = (name: string, content: string | Uint8Array<ArrayBuffer>) => new File([content], name);

describe('a dropped file', () => {
  it('becomes text and title', async () => {
    expect(await readTextFile(file('tide.table.md', 'High\r\nlow\r\n'), 100)).toEqual({
      text: 'High\nlow',
      title: 'tide.table',
    });
  });

  it('may come with a byte order mark, in UTF-8 or UTF-16', async () => {
    const utf8 = new Uint8Array([0xef, 0xbb, 0xbf, 0x68, 0x69]);
    const utf16 = new Uint8Array([0xff, 0xfe, 0x68, 0x00, 0x69, 0x00]);
    expect(await readTextFile(file('a.txt', utf8), 100)).toMatchObject({ text: 'hi' });
    expect(await readTextFile(file('b.txt', utf16), 100)).toMatchObject({ text: 'hi' });
  });

  it.each([
    ['broken UTF-8', new Uint8Array([0x68, 0xff, 0xfe, 0x69])],
    ['zero bytes', new Uint8Array([0x68, 0x00, 0x69])],
  ])('is refused in words when it is binary (%s)', async (_what, bytes) => {
    expect(await readTextFile(file('x.txt', bytes), 100)).toMatchObject({
      refusal: expect.stringContaining('not a plain text'),
    });
  });

  it('is refused when too large, before it is read, and when it has too many characters', async () => {
    expect(await readTextFile(file('x.txt', 'a'.repeat(50)), 10)).toMatchObject({
      refusal: expect.stringContaining('too large'),
    });
    expect(await readTextFile(file('x.txt', 'a'.repeat(11)), 10)).toMatchObject({
      refusal: expect.stringContaining('has 11 characters'),
    });
    expect(await readTextFile(file('x.txt', '😀'.repeat(10)), 10)).toMatchObject({ title: 'x' });
  });

  it('is refused when empty', async () => {
    expect(await readTextFile(file('x.txt', ' \n'), 10)).toMatchObject({
      refusal: expect.stringContaining('empty'),
    });
  });
});
