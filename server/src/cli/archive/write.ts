import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as createPack } from 'tar-stream';
import type { EntryContent } from './manifest.js';

/** A `tar.gz` in the making. */
export interface ArchiveWriter {
  addBytes(name: string, bytes: Uint8Array): Promise<void>;
  /** @param size of the file, which must not change any more */
  addFile(name: string, path: string, size: number): Promise<void>;
  /** Resolves once the archive is on the disk. */
  finish(): Promise<void>;
  /** Lets go of the file when something went wrong. */
  abandon(): Promise<void>;
}

/** Begins an archive that only its owner may read: it holds users' texts and the server's secret. */
export function createArchive(path: string): ArchiveWriter {
  const pack = createPack();
  // Audio does not get smaller and rows do at any level, so the fastest one.
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  const written = pipeline(pack, createGzip({ level: 1 }), file);
  const failed = written.then(() => new Promise<never>(() => {}));
  failed.catch(() => {}); // whoever waits for an entry, or for the end, hears of it
  const add = async (name: string, size: number, source: Readable) => {
    const entry = pack.entry({ name, size, mode: 0o600 }) as unknown as Writable;
    await Promise.race([pipeline(source, entry), failed]);
  };
  return {
    addBytes: (name, bytes) =>
      add(name, bytes.byteLength, Readable.from(bytes.byteLength > 0 ? [bytes] : [])),
    addFile: (name, path, size) => add(name, size, createReadStream(path)),
    finish: async () => {
      pack.finalize();
      await written;
    },
    abandon: async () => {
      pack.destroy();
      await written.catch(() => {}); // it is given up already, for another reason
    },
  };
}

export const contentOf = (bytes: Uint8Array): EntryContent => ({
  size: bytes.byteLength,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** Writes what comes to a new file, so that its size is known before it goes into an archive. */
export async function spool(path: string, source: AsyncIterable<Uint8Array>): Promise<EntryContent> {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.byteLength;
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}
