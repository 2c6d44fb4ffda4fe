import { withTables } from '../../../platform/database/database.js';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { StoriesTables } from '../tables.js';

const DAY_MS = 24 * 3_600_000;
/** How long the ledger and finished orders are kept (contract §4). */
const KEPT_MS = 7 * DAY_MS;
/** How long an answer is given again for the same `Idempotency-Key`. */
const ANSWERS_KEPT_MS = DAY_MS;

/** Forgets what nobody looks back to any more: the ledger, finished orders and remembered answers. */
export function pruneJob({ clock, database }: Pick<Platform, 'clock' | 'database'>): JobDefinition<null> {
  return {
    name: 'stories.prune',
    concurrency: 1,
    maxAttempts: 3,
    backoffMs: (attempt) => 10_000 * attempt,
    everyMs: 3_600_000,
    run: async () => {
      const now = clock.now();
      await database.transaction(async (tx) => {
        const stories = withTables<StoriesTables>(tx);
        await stories
          .deleteFrom('stories_generation_usage')
          .where('created_at', '<', now - KEPT_MS)
          .execute();
        await stories
          .deleteFrom('stories_generations')
          .where('created_at', '<', now - KEPT_MS)
          .where('status', '!=', 'processing')
          .execute();
        await stories
          .deleteFrom('stories_idempotent_answers')
          .where('created_at', '<', now - ANSWERS_KEPT_MS)
          .execute();
      });
    },
  };
}
