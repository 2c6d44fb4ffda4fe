import { errors } from '../../../platform/http/errors.js';
import { parseInstant } from '../../../platform/http/timestamps.js';
import type { AccountProfile } from '../../../platform/identity/accounts/accounts.js';
import type { Caller } from '../../../platform/identity/caller.js';
import type { Platform } from '../../../platform/platform.js';
import type { UsageService } from '../services.js';
import type { UserStore } from './store.js';

const DEFAULT_PERIOD_MS = 30 * 86_400_000;

/** A user's own account as the stories see it. */
export function createUserService(
  { accounts, clock, database }: Pick<Platform, 'accounts' | 'clock' | 'database'>,
  store: UserStore,
  usage: UsageService,
) {
  /** Somebody without an e-mail account has what their credential says of them. */
  const accountOf = async ({ userId, firebase }: Caller): Promise<AccountProfile> => {
    const account = await accounts.profile(userId);
    if (account) return account;
    const cameAt = await store.cameAt(userId);
    if (cameAt === undefined) throw errors.unauthorized('Authentication required');
    return {
      id: userId,
      name: firebase?.name ?? '',
      email: firebase?.email ?? '',
      emailVerified: firebase?.emailVerified ?? false,
      image: firebase?.picture ?? null,
      createdAt: cameAt,
      updatedAt: cameAt,
    };
  };

  const profile = async (caller: Caller) => {
    const [account, counters, counts] = await Promise.all([
      accountOf(caller),
      store.profile(caller.userId),
      store.counts(caller.userId),
    ]);
    return { account, counters, counts };
  };

  return {
    profile,

    /** A name is kept with the account; who has none keeps what their credential says. */
    update: async (
      caller: Caller,
      change: {
        readonly name?: string | null | undefined;
        readonly preferredLanguage?: string | null | undefined;
      },
    ) => {
      const { name, preferredLanguage } = change;
      if (name != null) await accounts.updateProfile(caller.userId, { name });
      if (preferredLanguage !== undefined) {
        await database.transaction((tx) => store.setLanguage(tx, caller.userId, preferredLanguage));
      }
      return profile(caller);
    },

    /** What was used in a period, and what the limits leave. @throws AppError 400 for a period that is none */
    usage: async (
      userId: string,
      period: { readonly startDate?: string | undefined; readonly endDate?: string | undefined },
    ) => {
      const { startDate, endDate } = period;
      const end = endDate === undefined ? clock.now() : parseInstant(endDate, 'endDate');
      const start = startDate === undefined ? end - DEFAULT_PERIOD_MS : parseInstant(startDate, 'startDate');
      if (start > end) throw errors.validation('startDate must not be after endDate', { field: 'startDate' });
      const [operations, limits, counters] = await Promise.all([
        store.usage(userId, start, end),
        usage.states(userId),
        store.profile(userId),
      ]);
      return { start, end, operations, limits, counters };
    },

    /** Removes the account with everything that any app keeps for it; media follow durably. */
    remove: (userId: string): Promise<void> => accounts.remove(userId),
  };
}

export type UserService = ReturnType<typeof createUserService>;
