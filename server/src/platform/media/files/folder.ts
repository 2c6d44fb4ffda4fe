import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, opendir, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { MediaEntry, MediaSource, StoredMedia } from '../media.js';

const TEMPORARY = '.tmp';
/** A temporary file that has not been written to for so long is nobody's any more, whatever its process number says. */
const ABANDONED_MS = 60 * 60 * 1000;
/** Enough for a file system to need a block for it. */
const PROBE_BYTES = 4096;

export interface Folder {
  /** Puts the bytes under the name durably: all of them or none. */
  store(key: string, source: MediaSource): Promise<Omit<StoredMedia, 'key'>>;
  remove(key: string): Promise<void>;
  list(prefix: string): AsyncIterable<MediaEntry>;
  /** Throws when nothing can be written. */
  probe(): Promise<void>;
}

/**
 * Makes the folder when missing and removes what a process that died left half written.
 *
 * @param besideServer leaves half-written files alone: in a container of its own a server has the same process number
 */
export async function openFolder(root: string, besideServer = false): Promise<Folder> {
  const temporary = join(root, TEMPORARY);
  await mkdir(temporary, { recursive: true });
  if (!besideServer) await sweep(temporary);
  const known = new Set<string>();

  const ensureFolder = async (folder: string): Promise<void> => {
    if (known.has(folder)) return;
    const first = await mkdir(folder, { recursive: true });
    // A new folder is durable once its parent's listing is.
    if (first) for (let at = folder; at.length >= first.length; at = dirname(at)) await flush(dirname(at));
    known.add(folder);
  };

  const place = async (file: string, key: string): Promise<void> => {
    const target = join(root, key);
    const folder = dirname(target);
    await ensureFolder(folder);
    try {
      await rename(file, target);
    } catch (error) {
      // Somebody removed the folder by hand: make it again, once.
      if (!hasCode(error, 'ENOENT') || !known.delete(folder)) throw error;
      await ensureFolder(folder);
      await rename(file, target);
    }
    await flush(folder);
  };

  return {
    store: async (key, source) => {
      const file = join(temporary, `${process.pid}-${randomUUID()}`);
      try {
        const written =
          source instanceof Uint8Array ? await write(file, source) : await takeOver(source.file, file);
        await place(file, key);
        return written;
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      }
    },
    remove: async (key) => {
      const target = join(root, key);
      try {
        await unlink(target);
        await flush(dirname(target));
      } catch (error) {
        if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
      }
    },
    list: (prefix) => walk(root, prefix),
    probe: async () => {
      const file = join(temporary, `${process.pid}-${randomUUID()}`);
      try {
        await write(file, Buffer.alloc(PROBE_BYTES));
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}

async function write(file: string, bytes: Uint8Array): Promise<Omit<StoredMedia, 'key'>> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(bytes);
    return await durable(handle, createHash('sha256').update(bytes).digest('hex'));
  } finally {
    await handle.close();
  }
}

/** Moves a file (copies it from another file system) to `target`, flushed. */
async function takeOver(source: string, target: string): Promise<Omit<StoredMedia, 'key'>> {
  try {
    await rename(source, target);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    await copyFile(source, target);
    await unlink(source);
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(target), hash);
  const handle = await open(target, 'r+');
  try {
    return await durable(handle, hash.digest('hex'));
  } finally {
    await handle.close();
  }
}

async function durable(handle: FileHandle, sha256: string): Promise<Omit<StoredMedia, 'key'>> {
  await handle.sync();
  const { size, mtimeMs } = await handle.stat();
  return { size, sha256, modifiedAt: Math.trunc(mtimeMs) };
}

/** Makes the names in a folder durable. Windows cannot open folders, and needs no such thing. */
async function flush(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function* walk(root: string, prefix: string): AsyncIterable<MediaEntry> {
  const slash = prefix.lastIndexOf('/');
  const folders = [slash < 0 ? '' : prefix.slice(0, slash + 1)];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await opendir(join(root, folder)).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw error;
    });
    for await (const entry of entries) {
      const key = folder + entry.name;
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) {
        if (key.startsWith(prefix) || prefix.startsWith(`${key}/`)) folders.push(`${key}/`);
      } else if (key.startsWith(prefix)) {
        const found = await stat(join(root, key)).catch(() => null);
        if (found) yield { key, size: found.size, modifiedAt: Math.trunc(found.mtimeMs) };
      }
    }
  }
}

async function sweep(temporary: string): Promise<void> {
  for await (const { name } of await opendir(temporary)) {
    const file = join(temporary, name);
    const owner = Number.parseInt(name, 10);
    const found = await stat(file).catch(() => null);
    const recent = found !== null && Date.now() - found.mtimeMs < ABANDONED_MS;
    if (recent && owner !== process.pid && isRunning(owner)) continue;
    await rm(file, { force: true, recursive: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return Number.isInteger(pid) && process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
