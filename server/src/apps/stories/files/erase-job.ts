import type { Transaction } from '../../../platform/database/database.js';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { belongsTo, mediaKinds, prefixOf } from './media-keys.js';
import { mediaInUse } from './references.js';

/** Which objects to erase: some, or everything that a user who is gone left behind. */
export interface ErasePayload {
  readonly userId: string;
  readonly keys: readonly string[] | 'all';
}

const ERASE_JOB = 'stories.erase-media';

/** Erases the objects once the transaction is committed, however often the process dies in between. */
export const enqueueErasing = (
  jobs: Platform['jobs'],
  tx: Transaction,
  payload: ErasePayload,
): Promise<void> => jobs.enqueue<ErasePayload>(tx, { name: ERASE_JOB, payload, owner: payload.userId });

/** Erases media. What another row of the user still shows stays. */
export function eraseJob({
  database,
  media,
  users,
}: Pick<Platform, 'database' | 'media' | 'users'>): JobDefinition<ErasePayload> {
  return {
    name: ERASE_JOB,
    concurrency: 2,
    maxAttempts: 10,
    keepsFailed: true,
    backoffMs: (attempt) => Math.min(1_000 * 2 ** attempt, 600_000),
    run: async ({ payload: { userId, keys }, signal }) => {
      if (keys === 'all') {
        for (const kind of mediaKinds) {
          for await (const { key } of media.list(prefixOf(kind, userId))) {
            signal.throwIfAborted();
            await media.delete(key);
          }
        }
        return;
      }
      // Enqueued before its user was merged into another, or for what came along with one.
      const current = await users.current(userId);
      const owners = [userId, ...(await users.formerIds(current))];
      const own = keys.filter((key) => owners.some((owner) => belongsTo(owner, key)));
      const inUse = await mediaInUse(database.read, current, own);
      for (const key of own) {
        if (!inUse.has(key)) await media.delete(key);
      }
    },
  };
}
