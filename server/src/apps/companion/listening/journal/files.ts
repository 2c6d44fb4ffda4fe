import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord } from './records.js';
import { longestRecord, recordsIn } from './records.js';

/** A part is removed when all of it has been heard; it holds one to two minutes of Opus. */
const partBytes = 1 << 19;
/** Read at once: a few seconds, so that streams take turns. */
const readBytes = 1 << 16;
const startsFile = 'starts';
const partName = (index: number): string => `${String(index).padStart(6, '0')}.part`;

/** A journal that is being written and followed: for a thread of its own, because all of it is synchronous. */
export interface Journal {
  /** Bytes on the disk. */
  readonly size: number;
  /** Whole records. On the disk (or at least with the system) when it returns. */
  append(records: Uint8Array): void;
  /**
   * The records behind the last ones that were read, a few seconds at most; none when all have been read. The result is
   * overwritten by the next call.
   *
   * @param position where the first of them begins, in samples
   */
  next(position: number): readonly JournalRecord[];
  /** Removes parts that end before the position. */
  forget(before: number): void;
  close(): void;
}

/** Starts an empty journal in a folder of its own. */
export function createJournal(folder: string): Journal {
  mkdirSync(folder, { recursive: true });
  let size = 0;
  const parts: { readonly index: number; bytes: number; start: number | undefined }[] = [];
  let writing: number | undefined;
  let reading: { index: number; fd: number; offset: number } | undefined;
  let buffer = Buffer.allocUnsafe(readBytes);

  const begin = () => {
    if (writing !== undefined) closeSync(writing);
    const index = (parts.at(-1)?.index ?? -1) + 1;
    writing = openSync(join(folder, partName(index)), 'wx');
    parts.push({ index, bytes: 0, start: undefined });
    return writing;
  };
  const enter = (index: number, position: number) => {
    if (reading) closeSync(reading.fd);
    const part = parts.find((one) => one.index === index);
    if (part) part.start = position;
    appendFileSync(join(folder, startsFile), `${index} ${position}\n`);
    reading = { index, fd: openSync(join(folder, partName(index)), 'r'), offset: 0 };
    return reading;
  };

  return {
    get size() {
      return size;
    },
    append(records) {
      const part = parts.at(-1);
      const fd = writing === undefined || !part || part.bytes >= partBytes ? begin() : writing;
      let written = 0;
      while (written < records.length) written += writeSync(fd, records, written);
      const current = parts.at(-1);
      if (current) current.bytes += records.length;
      size += records.length;
    },
    next(position) {
      const first = parts[0];
      if (!first) return [];
      let from = reading ?? enter(first.index, position);
      for (;;) {
        const part = parts.find(({ index }) => index === from.index);
        if (part && from.offset < part.bytes) break;
        const following = parts.find(({ index }) => index === from.index + 1);
        if (!following || following.bytes === 0) return [];
        from = enter(following.index, position);
      }
      for (;;) {
        const count = readSync(from.fd, buffer, 0, buffer.length, from.offset);
        const { records, length } = recordsIn(buffer.subarray(0, count));
        if (length > 0 || count === 0 || buffer.length > longestRecord * 2) {
          from.offset += length;
          return records;
        }
        // One record is longer than what was read.
        buffer = Buffer.allocUnsafe(buffer.length * 4);
      }
    },
    forget(before) {
      for (;;) {
        const [first, second] = parts;
        if (!first || second?.start === undefined || second.start > before) return;
        rmSync(join(folder, partName(first.index)), { force: true });
        size -= first.bytes;
        parts.shift();
      }
    },
    close() {
      if (writing !== undefined) closeSync(writing);
      if (reading) closeSync(reading.fd);
      writing = undefined;
      reading = undefined;
    },
  };
}

/** What a process left in a folder, part by part; `position`: where its first record begins, in samples. */
export function leftRecords(folder: string): { position: number; parts: Iterable<readonly JournalRecord[]> } {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.part'))
    .sort();
  const first = Number.parseInt(names[0] ?? '0', 10);
  return {
    position: startOf(folder, first),
    parts: (function* () {
      // A part's last record may be cut off where the process ended.
      for (const name of names) yield recordsIn(readFileSync(join(folder, name))).records;
    })(),
  };
}

function startOf(folder: string, part: number): number {
  const file = join(folder, startsFile);
  if (!existsSync(file)) return 0;
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${part} `));
  return Number(line?.split(' ')[1] ?? 0) || 0;
}
