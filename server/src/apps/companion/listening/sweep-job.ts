import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { Rooms } from '../rooms.js';
import { awaitsWords } from './patience.js';
import type { ListeningStore } from './store.js';

const EVERY_MS = 15_000;
const AT_ONCE = 200;
/** A node that does not come back within this time does not bring its journals back. */
const LOST_STREAM_MS = 7 * 24 * 3_600_000;

/** Ends the conversations that nobody ended, on whichever node they were, each once. */
export function sweepJob(
  { clock, database, log }: Platform,
  { conversations, summaries, events }: Rooms,
  store: ListeningStore,
): JobDefinition<null> {
  return {
    name: 'companion.sweep',
    concurrency: 1,
    maxAttempts: 1,
    backoffMs: () => EVERY_MS,
    everyMs: EVERY_MS,
    run: async ({ signal }) => {
      const now = clock.now();
      for (const row of await conversations.abandoned(now, AT_ONCE)) {
        if (signal.aborted) return;
        try {
          if (row.status === 'processing') {
            await database.transaction((tx) => summaries.enqueue(tx, row.user_id, row.id, { keep: false }));
            continue;
          }
          if (await awaitsWords(store, row, now)) continue;
          const ended = await conversations.close(row.user_id, row.id, { keep: false });
          if (ended) await events.processingStarted(row.user_id, row.id);
        } catch (error) {
          log.warn({ err: error, conversation: row.id }, 'an abandoned conversation could not be ended');
        }
      }
      await database.transaction((tx) => store.forgetStreams(tx, now - LOST_STREAM_MS));
    },
  };
}
