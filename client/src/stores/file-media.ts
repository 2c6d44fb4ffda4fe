import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, syncDirectory } from './file-journal.js';
import type { MediaEntry, MediaKind, MediaStore } from './media-store.js';
import { MEDIA_KINDS } from './media-store.js';

/** Folders by kind (contract §7.8). */
const FOLDERS: Readonly<Record<MediaKind, string>> = {
  avatar: 'Avatars',
  audio: 'Audio',
  illustration: 'StoryIllustrations',
};

/**
 * Keeps media files in a folder, for Node: each beside a description of it, which is written last and removed first. A file
 * without one was cut off, and is removed at the next start.
 */
export async function openFileMediaStore(options: { readonly directory: string }): Promise<MediaStore> {
  const folderOf = (kind: MediaKind): string => join(options.directory, FOLDERS[kind]);
  const pathOf = ({ kind, key }: Pick<MediaEntry, 'kind' | 'key'>): string => join(folderOf(kind), key);
  const entries = new Map<string, MediaEntry>();

  async function load(kind: MediaKind): Promise<void> {
    await mkdir(folderOf(kind), { recursive: true });
    const names = await readdir(folderOf(kind));
    for (const name of names.filter((each) => each.endsWith('.json'))) {
      const entry = described(await readFile(join(folderOf(kind), name), 'utf8'));
      if (entry && names.includes(entry.key)) entries.set(entry.key, entry);
    }
    for (const name of names) {
      if (!entries.has(name.replace(/\.json$/, ''))) await rm(join(folderOf(kind), name), { force: true });
    }
  }
  for (const kind of MEDIA_KINDS) await load(kind);

  const describe = async (entry: MediaEntry): Promise<void> => {
    await replace(`${pathOf(entry)}.json`, JSON.stringify(entry));
    entries.set(entry.key, entry);
  };

  async function remove(entry: MediaEntry): Promise<void> {
    entries.delete(entry.key);
    await rm(`${pathOf(entry)}.json`, { force: true });
    await rm(pathOf(entry), { force: true });
  }

  return {
    put: async (entry, bytes) => {
      // The description of the former file does not fit the new bytes: for a moment there is none.
      await rm(`${pathOf(entry)}.json`, { force: true });
      await replace(pathOf(entry), bytes);
      await describe(entry);
      await syncDirectory(folderOf(entry.kind));
    },
    get: async (key) => {
      const entry = entries.get(key);
      const bytes = entry && (await readIfThere(pathOf(entry)));
      return entry && bytes ? { entry, bytes: new Uint8Array(bytes) } : undefined;
    },
    note: async (key, note) => {
      const entry = entries.get(key);
      if (entry) await describe({ ...entry, ...note });
    },
    delete: async (keys) => {
      const there = keys.flatMap((key) => entries.get(key) ?? []);
      for (const entry of there) await remove(entry);
      return there.map(({ key }) => key);
    },
    list: async () => [...entries.values()],
    clear: async () => {
      for (const entry of [...entries.values()]) await remove(entry);
    },
    close: async () => undefined,
  };
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.part`;
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function described(text: string): MediaEntry | null {
  try {
    return JSON.parse(text) as MediaEntry;
  } catch {
    return null; // cut off while it was written
  }
}
