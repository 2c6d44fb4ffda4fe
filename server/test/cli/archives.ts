import { readFileSync, writeFileSync } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract as createExtract, pack as createPack } from 'tar-stream';

export interface Entry {
  readonly name: string;
  readonly bytes: Buffer;
  readonly type?: 'file' | 'symlink';
}

/** The entries of an archive, read without the code under test. */
export async function entriesOf(file: string): Promise<Entry[]> {
  const extract = createExtract();
  const fed = pipeline(Readable.from([gunzipSync(readFileSync(file))]), extract as unknown as Writable);
  const entries: Entry[] = [];
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    entries.push({ name: entry.header.name, bytes: Buffer.concat(chunks) });
  }
  await fed;
  return entries;
}

/** Writes an archive of any entries, also of such as no backup has. */
export async function writeEntries(file: string, entries: readonly Entry[]): Promise<void> {
  const pack = createPack();
  for (const { name, bytes, type = 'file' } of entries) {
    if (type === 'symlink') pack.entry({ name, type, linkname: '/etc/passwd' });
    else pack.entry({ name }, bytes);
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  writeFileSync(file, gzipSync(Buffer.concat(chunks)));
}
