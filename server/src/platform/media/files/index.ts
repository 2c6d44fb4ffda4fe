import { createReadStream } from 'node:fs';
import { stat as statFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cutRange } from '../byte-range.js';
import { BUFFERED_READ_BYTES, checkMediaKey, checkMediaPrefix, type Media } from '../media.js';
import { close, fstat, open, readFully } from './descriptors.js';
import { openFolder } from './folder.js';

/**
 * Media as files under one folder, which is made when missing. What `put` acknowledged is on the disk (the file and its
 * name are flushed), and a half-written object is never visible under its key.
 *
 * @param root for example `DATA_DIR/media`; temporary files live in its `.tmp`, on the same file system
 * @param options.besideServer true for a process that is not the server, and must not tidy up after it
 */
export async function openFileMedia(
  root: string,
  options: { readonly besideServer?: boolean } = {},
): Promise<Media> {
  const folder = await openFolder(root, options.besideServer);
  return {
    put: async (key, source) => {
      checkMediaKey(key);
      return { key, ...(await folder.store(key, source)) };
    },
    stat: async (key) => {
      checkMediaKey(key);
      const found = await absentAsNull(statFile(join(root, key)));
      return found?.isFile() ? { key, size: found.size, modifiedAt: Math.trunc(found.mtimeMs) } : null;
    },
    read: async (key, range) => {
      checkMediaKey(key);
      const file = await absentAsNull(open(join(root, key)));
      if (file === null) return null;
      let isHandedOver = false;
      try {
        const found = fstat(file);
        if (!found.isFile()) return null;
        const { start, end } = range ? cutRange(range, found.size) : { start: 0, end: found.size - 1 };
        isHandedOver = end - start >= BUFFERED_READ_BYTES;
        if (isHandedOver) return createReadStream('', { fd: file, start, end, autoClose: true });
        return await readFully(file, start, end - start + 1);
      } finally {
        if (!isHandedOver) close(file);
      }
    },
    delete: async (key) => {
      checkMediaKey(key);
      await folder.remove(key);
    },
    list: (prefix) => {
      checkMediaPrefix(prefix);
      return folder.list(prefix);
    },
    ping: () => folder.probe(),
    close: async () => {},
  };
}

async function absentAsNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
