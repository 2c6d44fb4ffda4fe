import { dailyUsage, recordUsage } from '../../../platform/limits/usage-ledger.js';
import type { AccountUsage, Platform } from '../../../platform/platform.js';
import type { VoiceCaller } from '../callers.js';

const TURNS_METER = 'voice.turns';

/**
 * Counts the answers that accounts were given, in whichever protocol. Who comes with no account, or only a key of the
 * upstream, is not counted; what cannot be counted is logged, for the answer is worth more.
 */
export const createUsageService = ({
  clock,
  database,
  log,
}: Pick<Platform, 'clock' | 'database' | 'log'>) => ({
  count: async ({ account }: VoiceCaller): Promise<void> => {
    if (!account) return;
    const usage = { owner: account.userId, meter: TURNS_METER, amount: 1, at: clock.now() };
    try {
      await database.transaction((tx) => recordUsage(tx, usage));
    } catch (error) {
      log.error({ err: error }, 'an answer could not be counted');
    }
  },
  ofAccount: async (owner: string, since: number): Promise<AccountUsage> => ({
    series: [
      { unit: 'answers', days: await dailyUsage(database.read, { owner, meter: TURNS_METER, since }) },
    ],
  }),
});

export type UsageService = ReturnType<typeof createUsageService>;
