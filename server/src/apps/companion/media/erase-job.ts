import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { belongsTo, prefixOf } from './keys.js';

/** Which objects to erase: some, or everything that a user who is gone left behind. */
export interface ErasePayload {
  readonly userId: string;
  readonly keys: readonly string[] | 'all';
}

export const ERASE_JOB = 'companion.erase-media';

/** Erases objects once the transaction that no longer names them is committed. */
export function eraseJob({ media, users }: Pick<Platform, 'media' | 'users'>): JobDefinition<ErasePayload> {
  return {
    name: ERASE_JOB,
    concurrency: 2,
    maxAttempts: 10,
    keepsFailed: true,
    backoffMs: (attempt) => Math.min(1_000 * 2 ** attempt, 600_000),
    run: async ({ payload: { userId, keys }, signal }) => {
      if (keys !== 'all') {
        // What came along with another user, who was merged into this one, is stored under their id.
        const owners = [userId, ...(await users.formerIds(userId))];
        for (const key of keys) if (owners.some((owner) => belongsTo(owner, key))) await media.delete(key);
        return;
      }
      for await (const { key } of media.list(prefixOf(userId))) {
        signal.throwIfAborted();
        await media.delete(key);
      }
    },
  };
}
