import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { pack as createPack } from 'tar-stream';

/** One file of an archive. */
export interface ArchiveEntry {
  /** With folders, separated by `/`. */
  readonly name: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Bytes; known before the content is read. */
  readonly size: number;
  readonly content: Buffer | Readable;
}

/**
 * A `tar.gz` of entries that are read one after the other, no faster than the archive is. When whoever reads it goes away,
 * the iteration ends; when an entry fails, the archive breaks off, so that nobody takes it for whole.
 */
export function archiveOf(entries: AsyncIterable<ArchiveEntry>): Gzip {
  const pack = createPack();
  // Audio does not get smaller and texts do at any level, so a fast one.
  const archive = createGzip({ level: 3 });
  const written = pipeline(pack, archive);
  const write = async () => {
    for await (const { name, modifiedAt, size, content } of entries) {
      if (archive.destroyed) return;
      const entry = pack.entry({ name, size, mtime: new Date(modifiedAt), mode: 0o600 });
      const source = Buffer.isBuffer(content) ? Readable.from(size > 0 ? [content] : []) : content;
      await pipeline(source, entry as unknown as Writable);
    }
    pack.finalize();
  };
  write().catch((error: unknown) => pack.destroy(error instanceof Error ? error : new Error(String(error))));
  written.catch(() => {}); // whoever reads the archive sees it break off
  return archive;
}

/** A JSON file, for people to read. */
export const jsonEntry = (name: string, modifiedAt: number, value: unknown): ArchiveEntry => {
  const content = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return { name, modifiedAt, size: content.byteLength, content };
};
