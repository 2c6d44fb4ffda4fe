import { crc32, deflateSync } from 'node:zlib';

/** A real PNG of 8x8 pixels in one colour that depends on the words; equal words, equal bytes. */
export function coloredPng(words: string): Buffer {
  const colour = crc32(words);
  const row = Buffer.from(
    [
      0,
      ...Array(8)
        .fill([colour >>> 16, colour >>> 8, colour])
        .flat(),
    ].map((x) => x & 255),
  );
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(Array<Buffer>(8).fill(row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, sum]);
}

/** Width and height of a PNG in pixels. */
export const pngSize = (png: Uint8Array): { width: number; height: number } => {
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
};
