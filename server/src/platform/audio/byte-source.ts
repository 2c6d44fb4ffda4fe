import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes that are read from any position, so that a parser never holds a whole file. */
export interface ByteSource {
  readonly size: number;
  /** The bytes at `position`: `length` of them, or fewer at the end. They stay valid after later reads. */
  read(position: number, length: number): Uint8Array;
  close(): void;
}

export function bytesSource(audio: Uint8Array): ByteSource {
  // A Buffer's `slice` would share memory where the parsers mean to copy.
  const bytes = new Uint8Array(audio.buffer, audio.byteOffset, audio.length);
  return {
    size: bytes.length,
    read: (position, length) => bytes.subarray(position, position + length),
    close: () => {},
  };
}

const windowBytes = 1 << 20;

/** A file, read synchronously through a window of 1 MiB: for worker threads only. */
export function fileSource(path: string): ByteSource {
  const descriptor = openSync(path, 'r');
  const { size } = fstatSync(descriptor);
  let start = 0;
  let window: Uint8Array = new Uint8Array(0);
  return {
    size,
    read(position, length) {
      const end = Math.min(size, position + length);
      if (position < start || end > start + window.length) {
        const fresh = new Uint8Array(Math.max(0, Math.min(size - position, Math.max(length, windowBytes))));
        window = fresh.subarray(0, readSync(descriptor, fresh, 0, fresh.length, position));
        start = position;
      }
      return window.subarray(position - start, position - start + length);
    },
    close: () => closeSync(descriptor),
  };
}

/** The big-endian unsigned number in `length` bytes; missing bytes count as 0. */
export function bigEndian(bytes: Uint8Array, position: number, length: number): number {
  let value = 0;
  for (let index = position; index < position + length; index += 1) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

/** Whether the Latin letters of `mark` stand at the position. */
export function hasMark(bytes: Uint8Array, position: number, mark: string): boolean {
  for (let index = 0; index < mark.length; index += 1)
    if (bytes[position + index] !== mark.charCodeAt(index)) return false;
  return true;
}

/** Where the audio begins: behind an ID3v2 tag if there is one (id3.org, ID3v2.4 §3.1: sizes of 7-bit bytes). */
export function afterId3(source: ByteSource): number {
  const header = source.read(0, 10);
  if (header.length < 10 || !hasMark(header, 0, 'ID3')) return 0;
  let size = 0;
  for (const byte of header.subarray(6, 10)) size = size * 128 + (byte & 0x7f);
  const footer = ((header[5] ?? 0) & 0x10) === 0 ? 0 : 10;
  return 10 + size + footer;
}
