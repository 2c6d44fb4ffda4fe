import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract as createExtract } from 'tar-stream';
import { Value } from 'typebox/value';
import { CommandError } from '../command-line.js';
import {
  type EntryContent,
  type EntryName,
  FORMAT,
  FORMAT_VERSION,
  MANIFEST_ENTRY,
  Manifest,
  mediaEntry,
  parseEntryName,
  SECRETS_ENTRY,
  tableEntry,
} from './manifest.js';
import { inBytes, type Progress } from './progress.js';

/** One file of an archive; its bytes must be read before the next one is asked for. */
export interface ArchiveEntry {
  readonly path: string;
  readonly name: EntryName;
  readonly bytes: AsyncIterable<Buffer>;
}

/** A manifest of a million media objects has about 200 MB. */
const MANIFEST_LIMIT_BYTES = 400 * 1024 * 1024;
const NEWLINE = 0x0a;

const damaged = (why: string, options?: ErrorOptions) =>
  new CommandError(`The archive cannot be used: ${why} Nothing was restored.`, options);

/**
 * The entries of an archive, in its order.
 *
 * @throws CommandError when it is damaged or holds anything that no backup holds
 */
export async function* readArchive(file: string): AsyncIterable<ArchiveEntry> {
  const extract = createExtract();
  const source = createReadStream(file);
  const fed = pipeline(source, createGunzip(), extract as unknown as Writable);
  fed.catch(() => {}); // the iteration below fails with the same error
  try {
    for await (const entry of extract) {
      const path = entry.header.name;
      const name = parseEntryName(path);
      if (!name || entry.header.type !== 'file')
        throw damaged(`it contains ${JSON.stringify(path)}, which no backup has.`);
      yield { path, name, bytes: bytesOf(entry as AsyncIterable<Buffer>, file) };
    }
    await fed;
  } catch (error) {
    throw inWords(error, file);
  } finally {
    source.destroy();
    extract.destroy();
  }
}

/** The reader of an entry hears of damage in the same words as the one who asks for the next entry. */
async function* bytesOf(entry: AsyncIterable<Buffer>, file: string): AsyncIterable<Buffer> {
  try {
    yield* entry;
  } catch (error) {
    throw inWords(error, file);
  }
}

function inWords(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || error instanceof CommandError) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return new CommandError(`There is no file ${file}.`);
  if (code === 'EISDIR') return new CommandError(`${file} is a folder, not an archive.`);
  const isFormat = code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === '';
  return isFormat ? damaged(`it is damaged or not complete (${error.message}).`, { cause: error }) : error;
}

/**
 * Reads a whole archive and compares every entry with the manifest.
 *
 * @throws CommandError naming what is wrong
 */
export async function verifyArchive(file: string, progress: Progress): Promise<Manifest> {
  const found = new Map<string, EntryContent & { readonly lines: number }>();
  let manifest: Manifest | null = null;
  let read = 0;
  for await (const { path, name, bytes } of readArchive(file)) {
    if (found.has(path) || (manifest && name.kind === 'manifest'))
      throw damaged(`it contains ${path} twice.`);
    if (name.kind === 'manifest') {
      manifest = parseManifest(await wholeEntry(bytes));
      continue;
    }
    const hash = createHash('sha256');
    let size = 0;
    let lines = 0;
    for await (const chunk of bytes) {
      hash.update(chunk);
      size += chunk.byteLength;
      if (name.kind === 'table') lines += countNewlines(chunk);
      progress(() => `verifying: ${inBytes(read + size)} read`);
    }
    read += size;
    found.set(path, { size, sha256: hash.digest('hex'), lines });
  }
  if (!manifest) throw damaged(`it has no ${MANIFEST_ENTRY}, so it is not complete or no Earshot backup.`);
  compare(manifest, found);
  return manifest;
}

function compare(manifest: Manifest, found: Map<string, EntryContent & { readonly lines: number }>): void {
  const expected = [
    ...manifest.tables.map((table) => ({ ...table, path: tableEntry(table.name) })),
    ...manifest.media.map((object) => ({ ...object, path: mediaEntry(object.key) })),
    ...(manifest.secrets ? [{ ...manifest.secrets, path: SECRETS_ENTRY }] : []),
  ];
  for (const entry of expected) {
    const is = found.get(entry.path);
    if (!is) throw damaged(`${entry.path} is missing.`);
    found.delete(entry.path);
    const isSame =
      is.size === entry.size && is.sha256 === entry.sha256 && (!('rows' in entry) || is.lines === entry.rows);
    if (!isSame) throw damaged(`${entry.path} is not what was backed up.`);
  }
  const [surplus] = found.keys();
  if (surplus !== undefined) throw damaged(`it contains ${surplus}, which its manifest does not name.`);
}

function parseManifest(bytes: Buffer): Manifest {
  let manifest: unknown;
  try {
    manifest = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw damaged('its manifest cannot be read.', { cause: error });
  }
  if (!manifest || typeof manifest !== 'object' || !('format' in manifest) || manifest.format !== FORMAT)
    throw damaged('it is no Earshot backup.');
  if ('formatVersion' in manifest && Number(manifest.formatVersion) > FORMAT_VERSION)
    throw damaged('a newer Earshot wrote it. Update this one first.');
  if (!Value.Check(Manifest, manifest)) throw damaged('its manifest is not valid.');
  return manifest;
}

/** An entry that is small by its nature. */
export async function wholeEntry(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > MANIFEST_LIMIT_BYTES) throw damaged('one of its entries is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The lines of an entry, without their ends. */
export async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncIterable<string> {
  let rest: Buffer[] = [];
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
}

function countNewlines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
