import { closeSync, openSync, writeSync } from 'node:fs';

/** Bytes being written in order, with corrections of what is already there. */
export interface ByteSink {
  readonly position: number;
  write(bytes: Uint8Array): void;
  /** Overwrites bytes written earlier. */
  patch(position: number, bytes: Uint8Array): void;
  close(): void;
}

const bufferBytes = 1 << 18;

/** A new file, written synchronously through a buffer of 256 KiB: for worker threads only. */
export function fileSink(path: string): ByteSink {
  const descriptor = openSync(path, 'w');
  const buffer = new Uint8Array(bufferBytes);
  let flushed = 0;
  let buffered = 0;
  const writeFully = (bytes: Uint8Array, at: number) => {
    for (let done = 0; done < bytes.length; )
      done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
  };
  const flush = () => {
    writeFully(buffer.subarray(0, buffered), flushed);
    flushed += buffered;
    buffered = 0;
  };
  return {
    get position() {
      return flushed + buffered;
    },
    write(bytes) {
      if (buffered + bytes.length > bufferBytes) flush();
      if (bytes.length >= bufferBytes) {
        writeFully(bytes, flushed);
        flushed += bytes.length;
      } else {
        buffer.set(bytes, buffered);
        buffered += bytes.length;
      }
    },
    patch(position, bytes) {
      flush();
      writeFully(bytes, position);
    },
    close() {
      try {
        flush();
      } finally {
        closeSync(descriptor);
      }
    },
  };
}

/** Bytes gathered in memory; `bytes()` is what was written. */
export function memorySink(): ByteSink & { bytes(): Uint8Array } {
  let buffer = new Uint8Array(1 << 16);
  let length = 0;
  return {
    get position() {
      return length;
    },
    write(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = new Uint8Array(Math.max(buffer.length * 2, length + bytes.length));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(bytes, length);
      length += bytes.length;
    },
    patch: (position, bytes) => buffer.set(bytes, position),
    close: () => {},
    bytes: () => buffer.slice(0, length),
  };
}
