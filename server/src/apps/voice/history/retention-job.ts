import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { HistoryStore } from './store.js';

const EVERY_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** Forgets conversations in which nothing was said for VOICE_HISTORY_DAYS. */
export const historyRetentionJob = (
  { clock, config, database }: Pick<Platform, 'clock' | 'config' | 'database'>,
  store: HistoryStore,
): JobDefinition<null> => ({
  name: 'voice.history-retention',
  concurrency: 1,
  maxAttempts: 3,
  backoffMs: () => 60_000,
  everyMs: EVERY_MS,
  run: async () => {
    const before = clock.now() - config.VOICE_HISTORY_DAYS * DAY_MS;
    await database.transaction((tx) => store.forgetBefore(tx, before));
  },
});
