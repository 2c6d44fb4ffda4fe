import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { mediaInUse } from '../files/references.js';
import type { UploadStore } from '../files/upload-store.js';
import { UPLOAD_SCRATCH } from '../files/uploads.js';
import type { ReadingStore } from '../reading/store.js';
import { appliedMutations, MUTATIONS_KEPT_MS } from '../sync/store.js';

export const RETENTION_JOB = 'stories.retention';

const EVERY_MS = 3_600_000;
const BATCH = 200;
const DAY_MS = 24 * 3_600_000;
/** Clients give up on a listening report after 7 days (contract §7.5). */
const PLAYS_KEPT_MS = 30 * DAY_MS;
/** How long a confirmation may be repeated. */
const CONFIRMED_KEPT_MS = 90 * DAY_MS;

/** Frees what is past its time: abandoned uploads, plays that nobody reports on, mutations that nobody repeats. */
export function retentionJob(
  platform: Pick<Platform, 'clock' | 'database' | 'media' | 'scratchDirectory'>,
  { uploads, reading }: { readonly uploads: UploadStore; readonly reading: ReadingStore },
): JobDefinition<null> {
  const { clock, database, media, scratchDirectory } = platform;

  const removeAbandonedUploads = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const abandoned = await uploads.abandoned(clock.now(), BATCH);
      for (const { user_id, media_key } of abandoned) {
        // A hero's `avatarUrl` may show it without a confirmation.
        const shown = await mediaInUse(database.read, user_id, [media_key]);
        if (!shown.has(media_key)) await media.delete(media_key);
      }
      const ids = abandoned.map(({ id }) => id);
      await database.transaction((tx) => uploads.remove(tx, ids));
      if (abandoned.length < BATCH) return;
    }
  };

  /** Of a process that died while bytes were coming in. */
  const removeHalfFiles = async () => {
    for (const name of await readdir(scratchDirectory)) {
      if (!name.startsWith(UPLOAD_SCRATCH)) continue;
      const file = join(scratchDirectory, name);
      const found = await stat(file).catch(() => null);
      if (found && found.mtimeMs < clock.now() - EVERY_MS) await rm(file, { force: true });
    }
  };

  return {
    name: RETENTION_JOB,
    concurrency: 1,
    maxAttempts: 3,
    backoffMs: () => 60_000,
    everyMs: EVERY_MS,
    run: async ({ signal }) => {
      await removeAbandonedUploads(signal);
      await removeHalfFiles();
      const now = clock.now();
      await database.transaction(async (tx) => {
        await uploads.forgetConfirmedBefore(tx, now - CONFIRMED_KEPT_MS);
        await reading.forgetPlaysBefore(tx, now - PLAYS_KEPT_MS);
        await appliedMutations.forgetBefore(tx, now - MUTATIONS_KEPT_MS);
      });
    },
  };
}
