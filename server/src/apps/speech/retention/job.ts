import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import { forgetUsageBefore } from '../../../platform/limits/usage-ledger.js';
import type { Platform } from '../../../platform/platform.js';
import { TOMBSTONES_KEPT_MS } from '../files/service.js';
import type { FileStore } from '../files/store.js';
import { failAbandoned } from '../generation/job.js';
import { generationKey } from '../generation/payload.js';
import { fileIdOf, MEDIA_PREFIX, mediaKeyOf } from '../media-keys.js';
import type { PlaybackStore } from '../playback/store.js';

export const RETENTION_JOB = 'speech.retention';

/** Expiry holds at once when reading; this only frees the disk, so it need not hurry. */
const EVERY_MS = 10 * 60_000;
const BATCH = 200;
const PLAYBACK_KEPT_MS = 30 * 24 * 3_600_000;
/** The longest period that any limit looks back to, and some more. */
const USAGE_KEPT_MS = 40 * 24 * 3_600_000;
/** Younger audio may belong to a row that is about to become ready. */
const ORPHAN_AGE_MS = 3_600_000;

/** Frees what is past its time: files, tombstones, playback positions, orphaned audio and half-made pieces. */
export function retentionJob(
  platform: Platform,
  files: FileStore,
  playback: PlaybackStore,
): JobDefinition<null> {
  const { clock, database, log, media, scratchDirectory } = platform;

  const expireDueFiles = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const due = await files.due(clock.now(), BATCH);
      for (const file of due) await media.delete(mediaKeyOf(file.id, file.format));
      await database.transaction(async (tx) => {
        for (const file of due) await files.becomeExpired(tx, file.id, file.expires_at);
      });
      if (due.length < BATCH) return;
    }
  };

  const removeOrphanedAudio = async () => {
    let batch: { key: string; id: string }[] = [];
    const flush = async () => {
      const living = await files.livingIds(batch.map(({ id }) => id));
      for (const { key, id } of batch) {
        if (living.has(id)) continue;
        await media.delete(key);
        log.info({ key }, 'removed audio that belongs to no file');
      }
      batch = [];
    };
    for await (const entry of media.list(MEDIA_PREFIX)) {
      if (entry.modifiedAt > clock.now() - ORPHAN_AGE_MS) continue;
      batch.push({ key: entry.key, id: fileIdOf(entry.key) });
      if (batch.length === BATCH) await flush();
    }
    await flush();
  };

  const removeAbandonedPieces = async () => {
    for (const name of await readdir(scratchDirectory)) {
      if (!name.startsWith('speech-')) continue;
      const folder = join(scratchDirectory, name);
      const { mtimeMs } = await stat(folder);
      if (mtimeMs < clock.now() - ORPHAN_AGE_MS * 24) await rm(folder, { recursive: true, force: true });
    }
  };

  return {
    name: RETENTION_JOB,
    concurrency: 1,
    maxAttempts: 1,
    backoffMs: () => EVERY_MS,
    everyMs: EVERY_MS,
    run: async ({ signal }) => {
      await expireDueFiles(signal);
      await failAbandoned(platform, files, generationKey);
      await removeOrphanedAudio();
      await removeAbandonedPieces();
      const now = clock.now();
      await database.transaction(async (tx) => {
        await files.forgetTombstones(tx, now - TOMBSTONES_KEPT_MS);
        await playback.forgetBefore(tx, now - PLAYBACK_KEPT_MS);
        await forgetUsageBefore(tx, now - USAGE_KEPT_MS);
        await tx
          .insertInto('maintenance_runs')
          .values({ name: RETENTION_JOB, finished_at: now })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ finished_at: now }))
          .execute();
      });
    },
  };
}
