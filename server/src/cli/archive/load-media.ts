import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Media } from '../../platform/media/media.js';
import { CommandError } from '../command-line.js';
import { discard } from './load.js';
import type { Manifest } from './manifest.js';
import { inBytes, type Progress } from './progress.js';
import { readArchive, wholeEntry } from './read.js';
import { spool } from './write.js';

/** Objects up to this size are put from memory; larger ones go through a file. */
const IN_MEMORY_BYTES = 8 * 1024 * 1024;

/**
 * Stores the media of an archive. May be run again after it failed half way.
 *
 * @param folder for large objects on their way
 */
export async function loadMedia(
  media: Media,
  manifest: Manifest,
  archive: string,
  folder: string,
  progress: Progress,
): Promise<void> {
  const expected = new Map(manifest.media.map((object) => [object.key, object]));
  let count = 0;
  let total = 0;
  for await (const { name, bytes } of readArchive(archive)) {
    const object = name.kind === 'media' ? expected.get(name.key) : undefined;
    if (!object) {
      await discard(bytes);
      continue;
    }
    const stored = await media.put(object.key, await sourceOf(bytes, object.size, folder));
    if (stored.sha256 !== object.sha256) {
      await media.delete(object.key);
      throw new CommandError(`The archive changed while it was read (media/${object.key}). Start again.`);
    }
    count += 1;
    total += object.size;
    progress(() => `restoring media: ${count.toLocaleString('en')} objects, ${inBytes(total)}`);
  }
}

async function sourceOf(bytes: AsyncIterable<Buffer>, size: number, folder: string) {
  if (size <= IN_MEMORY_BYTES) return wholeEntry(bytes);
  const file = join(folder, 'restore-object');
  await rm(file, { force: true });
  await spool(file, bytes);
  return { file };
}
