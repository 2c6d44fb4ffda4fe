import * as fs from 'node:fs';
import { promisify } from 'node:util';

// Plain descriptors: `fs.promises` wraps each in a FileHandle, which costs more than reading a small cached file.

/** Opens a file for reading. */
export const open: (path: string) => Promise<number> = promisify((path: string, done: fs.NoParamCallback) =>
  fs.open(path, 'r', done as (error: NodeJS.ErrnoException | null, file?: number) => void),
) as unknown as (path: string) => Promise<number>;

/** What is known of an open file is in memory, so asking costs less than having a thread ask. */
export const fstat = (file: number): fs.Stats => fs.fstatSync(file);

/** Lets go of a file that was only read: nothing is written, so nothing is waited for. */
export const close = (file: number): void => fs.closeSync(file);

/** Reads exactly `length` bytes, or fewer when the file ends before. */
export function readFully(file: number, start: number, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.allocUnsafe(length);
    const readFrom = (offset: number): void => {
      fs.read(file, bytes, offset, length - offset, start + offset, (error, count) => {
        if (error) reject(error);
        else if (count === 0 || offset + count === length) resolve(bytes.subarray(0, offset + count));
        else readFrom(offset + count);
      });
    };
    if (length === 0) resolve(bytes);
    else readFrom(0);
  });
}
