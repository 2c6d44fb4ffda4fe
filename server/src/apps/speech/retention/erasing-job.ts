import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transaction } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { FileStore } from '../files/store.js';
import { generationKey } from '../generation/payload.js';
import { mediaKeyOf } from '../media-keys.js';

export const ERASING_JOB = 'speech.erase';

/** Audio whose rows are gone with their owner. */
interface ErasingPayload {
  readonly files: readonly { readonly id: string; readonly format: string }[];
}

const BATCH = 500;
const ATTEMPTS = 12;
const LONGEST_WAIT_MS = 3_600_000;

/** In the transaction that removes a user: stops what is being made, and sees to it that the audio goes. */
export async function eraseUser(
  { jobs, clock }: Platform,
  store: FileStore,
  tx: Transaction,
  userId: string,
): Promise<void> {
  const files = await store.allOf(tx, userId);
  for (const { id, status } of files) {
    if (status === 'generating') await jobs.cancel(tx, generationKey(id));
  }
  await enqueueErasing({ jobs, clock }, tx, files);
}

/** Sees to it that the audio of files whose rows are gone or expired goes, too, when `tx` commits. */
export async function enqueueErasing(
  { jobs, clock }: Pick<Platform, 'jobs' | 'clock'>,
  tx: Transaction,
  files: ErasingPayload['files'],
): Promise<void> {
  for (let from = 0; from < files.length; from += BATCH) {
    const batch = files.slice(from, from + BATCH).map(({ id, format }) => ({ id, format }));
    await jobs.enqueue<ErasingPayload>(tx, {
      name: ERASING_JOB,
      payload: { files: batch },
      uniqueKey: `${ERASING_JOB}:${uuidV7(clock.now())}`,
    });
  }
}

/** Erases audio and unfinished pieces of removed users. What it misses in the end, the retention job finds as orphans. */
export const erasingJob = ({ media, scratchDirectory }: Platform): JobDefinition<ErasingPayload> => ({
  name: ERASING_JOB,
  concurrency: 1,
  maxAttempts: ATTEMPTS,
  keepsFailed: true,
  backoffMs: (attempt) => Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** attempt),
  run: async ({ payload, signal }) => {
    for (const { id, format } of payload.files) {
      signal.throwIfAborted();
      await media.delete(mediaKeyOf(id, format));
      await rm(join(scratchDirectory, `speech-${id}`), { recursive: true, force: true });
    }
  },
});
