import { dailyUsage, totalUsage } from '../../../platform/limits/usage-ledger.js';
import type { AccountUsage, Platform } from '../../../platform/platform.js';
import { CHARACTERS_METER, startOfUtcDay } from '../files/service.js';
import type { FileStore } from '../files/store.js';
import { RETENTION_JOB } from '../retention/job.js';

/** What one user has used: living files, their bytes, and today's (UTC) files and characters. */
export function createUsageService({ clock, config, database }: Platform, files: FileStore) {
  const startedAt = clock.now();
  return {
    ofAccount: async (owner: string, since: number): Promise<AccountUsage> => {
      const now = clock.now();
      const days = await dailyUsage(database.read, { owner, meter: CHARACTERS_METER, since });
      const { bytes } = await files.usage(owner, now, startOfUtcDay(now));
      return { series: [{ unit: 'characters spoken', days }], storedBytes: bytes };
    },
    of: async (userId: string) => {
      const now = clock.now();
      const today = startOfUtcDay(now);
      const charactersToday = await totalUsage(database.read, {
        owner: userId,
        meter: CHARACTERS_METER,
        since: today,
      });
      const cleanup = await database.read
        .selectFrom('maintenance_runs')
        .select('finished_at')
        .where('name', '=', RETENTION_JOB)
        .executeTakeFirst();
      return {
        ...(await files.usage(userId, now, today)),
        charactersToday,
        charactersPerDay: config.SPEECH_CHARACTERS_PER_DAY,
        /** Epoch ms; the start of the process before the first clean-up has ended. */
        lastCleanup: cleanup?.finished_at ?? startedAt,
      };
    },
  };
}

export type UsageService = ReturnType<typeof createUsageService>;
