import { mkdir } from 'node:fs/promises';
import { FileJournal } from './file-journal.js';
import { lockFolder } from './file-lock.js';
import type { LocalStore } from './local-store.js';
import { clearCollections } from './local-store.js';
import { createTablesStore, Tables } from './tables.js';

export { openFileMediaStore } from './file-media.js';

export interface FileStoreOptions {
  /** A folder of its own; made when it is missing. One process at a time. */
  readonly directory: string;
  /** Bytes of journal after which everything is written anew as one snapshot. */
  readonly compactAfterBytes?: number;
  /** Hears of a journal that ended in the middle of a line: a write that was cut off before it was acknowledged. */
  readonly onTornJournal?: (droppedBytes: number) => void;
}

const COMPACT_AFTER_BYTES = 4 * 1024 * 1024;

/**
 * Keeps everything in memory and, for Node, in a folder: a snapshot and a journal of what was written since. Each
 * transaction is one line with a checksum, flushed to the disk before it counts.
 *
 * @throws Error when the folder holds a snapshot that cannot be read, or another process has it open
 */
export async function openFileStore(options: FileStoreOptions): Promise<LocalStore> {
  await mkdir(options.directory, { recursive: true });
  const unlock = await lockFolder(options.directory);
  const tables = new Tables();
  const journal = await FileJournal.open(options.directory, (changes) => {
    for (const change of changes) tables.apply(change);
  }).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  if (journal.droppedBytes > 0) options.onTornJournal?.(journal.droppedBytes);
  const limit = options.compactAfterBytes ?? COMPACT_AFTER_BYTES;
  const store = createTablesStore(tables, async (changes) => {
    // Before the new line, since the snapshot is made of what has been applied so far.
    if (journal.bytes > Math.max(limit, journal.snapshotBytes)) await journal.compact(tables.changes());
    await journal.append(changes);
  });
  return {
    ...store,
    wipe: async () => {
      await clearCollections(store);
      // The old rows are still in the files until those are written anew.
      await store.read(() => journal.compact(tables.changes()));
    },
    close: async () => {
      // In turn, so that a transaction under way ends first.
      await store.read(async () => undefined);
      await journal.close();
      await unlock();
    },
  };
}
