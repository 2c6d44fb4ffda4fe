import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errors } from '../../../platform/http/errors.js';
import { SIGNATURE_BYTES } from './file-types.js';

export interface ReceivedFile {
  /** SHA-256 as 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** How the file begins. */
  readonly start: Buffer;
}

/**
 * Writes a body to a file as it comes.
 *
 * @param size how many bytes it must have
 * @throws AppError 400 when there are more or fewer, also because the connection broke
 */
export async function receiveFile(body: Readable, path: string, size: number): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  let received = 0;
  const counted = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      received += chunk.length;
      if (received > size) throw wrongSize(size, 'more');
      hash.update(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(body, counted, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    if (body.readableAborted || isCutOff(error)) throw wrongSize(size, received, error);
    throw error;
  }
  if (received < size) throw wrongSize(size, received);
  return { sha256: hash.digest('hex'), start: await beginningOf(path) };
}

const wrongSize = (size: number, received: number | 'more', cause?: unknown) =>
  errors.validation(
    `The file was announced with ${size} bytes and came with ${received === 'more' ? 'more' : `only ${received}`}. Nothing was stored.`,
    { field: 'fileSize', cause },
  );

const isCutOff = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE');

async function beginningOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SIGNATURE_BYTES), 0, SIGNATURE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
