import type { FileHandle } from 'node:fs/promises';
import { open, readFile, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { RowChange } from './tables.js';

/** A generation is a snapshot and the journal of the transactions after it. */
const snapshotIn = (directory: string): string => join(directory, 'snapshot.json');
const journalIn = (directory: string, generation: number): string =>
  join(directory, `journal-${generation}.ndjson`);

interface Snapshot {
  readonly generation: number;
  readonly rows: readonly RowChange[];
}

/** Checksum in eight hexadecimal digits, a space, the changes of one transaction as JSON. */
function lineOf(changes: readonly RowChange[]): string {
  const json = JSON.stringify(changes);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

/** Null when the line is not what was once written. */
function changesIn(line: string): readonly RowChange[] | null {
  const json = line.slice(9);
  if (line[8] !== ' ' || Number.parseInt(line.slice(0, 8), 16) !== crc32(json)) return null;
  return JSON.parse(json) as readonly RowChange[];
}

/** The files of the file store. */
export class FileJournal {
  readonly #directory: string;
  #generation: number;
  #file: FileHandle;
  #bytes: number;
  #failure: unknown = null;
  #snapshotBytes: number;
  /** Bytes at the end of the journal that were not a whole transaction. */
  readonly droppedBytes: number;

  private constructor(
    directory: string,
    generation: number,
    file: FileHandle,
    sizes: { bytes: number; snapshotBytes: number; droppedBytes: number },
  ) {
    this.#directory = directory;
    this.#generation = generation;
    this.#file = file;
    this.#bytes = sizes.bytes;
    this.#snapshotBytes = sizes.snapshotBytes;
    this.droppedBytes = sizes.droppedBytes;
  }

  static async open(
    directory: string,
    restore: (changes: readonly RowChange[]) => void,
  ): Promise<FileJournal> {
    const text = await readIfThere(snapshotIn(directory));
    const snapshot: Snapshot =
      text === '' ? { generation: 0, rows: [] } : (JSON.parse(text.toString()) as Snapshot);
    restore(snapshot.rows);
    const path = journalIn(directory, snapshot.generation);
    const content = await readIfThere(path);
    const bytes = replay(Buffer.from(content), restore);
    const droppedBytes = Buffer.byteLength(content) - bytes;
    if (droppedBytes > 0) await truncate(path, bytes);
    const file = await open(path, 'a');
    await file.datasync();
    await syncDirectory(directory);
    // What an interrupted compaction may have left.
    await rm(journalIn(directory, snapshot.generation - 1), { force: true });
    return new FileJournal(directory, snapshot.generation, file, {
      bytes,
      snapshotBytes: Buffer.byteLength(text),
      droppedBytes,
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  get snapshotBytes(): number {
    return this.#snapshotBytes;
  }

  async append(changes: readonly RowChange[]): Promise<void> {
    // After a failed write the end of the file is unknown: a line behind it could get lost at the next start.
    if (this.#failure !== null) throw this.#failure;
    const line = Buffer.from(lineOf(changes));
    try {
      await this.#file.appendFile(line);
      await this.#file.datasync();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    this.#bytes += line.byteLength;
  }

  /**
   * Writes all rows as the next generation's snapshot. The rename is the moment at which that generation begins; its
   * journal is there before, and the old one goes after it.
   */
  async compact(rows: Iterable<RowChange>): Promise<void> {
    const generation = this.#generation + 1;
    const next = await open(journalIn(this.#directory, generation), 'w');
    const text = JSON.stringify({ generation, rows: [...rows] } satisfies Snapshot);
    const temporary = `${snapshotIn(this.#directory)}.new`;
    const snapshot = await open(temporary, 'w');
    await snapshot.writeFile(text);
    await snapshot.sync();
    await snapshot.close();
    await next.sync();
    await rename(temporary, snapshotIn(this.#directory));
    await syncDirectory(this.#directory);
    const former = { file: this.#file, path: journalIn(this.#directory, this.#generation) };
    this.#generation = generation;
    this.#file = next;
    this.#bytes = 0;
    this.#snapshotBytes = Buffer.byteLength(text);
    await former.file.close();
    await rm(former.path, { force: true });
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Hands out the whole transactions from the beginning on, and tells how many bytes they take. */
function replay(content: Buffer, restore: (changes: readonly RowChange[]) => void): number {
  let start = 0;
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, start)) {
    const changes = changesIn(content.toString('utf8', start, end));
    if (changes === null) break;
    restore(changes);
    start = end + 1;
  }
  return start;
}

/** Empty when there is no such file. */
export async function readIfThere(path: string): Promise<Buffer | ''> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** So that a new name survives a power cut. Windows cannot and need not. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  await handle.sync();
  await handle.close();
}
