import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { KeptPlace } from '../conversations/presenter.js';
import type { CompanionProfileRow } from '../tables.js';
import { noUsage, type ProfileChange, type ProfileStore, type UsageAmounts } from './store.js';

export const usagePeriods = ['today', 'monthly', 'yearly', 'all_time'] as const;
export type UsagePeriod = (typeof usagePeriods)[number];

/** What was used in a period, and when. */
export interface Usage {
  readonly total: UsageAmounts;
  readonly history: readonly ({ readonly date: string } & UsageAmounts)[];
}

export function createUserService(
  { database, clock }: Pick<Platform, 'database' | 'clock'>,
  store: ProfileStore,
) {
  const change = (userId: string, changes: ProfileChange) =>
    database.transaction((tx) => store.change(tx, userId, changes, clock.now()));

  return {
    profile: (userId: string): Promise<CompanionProfileRow | null> => store.find(userId),

    setLanguage: async (userId: string, language: string): Promise<void> => {
      if (language.trim() === '') throw errors.badRequest('language must not be empty');
      await change(userId, { language: language.trim() });
    },

    setPlace: (userId: string, place: KeptPlace) => change(userId, { geolocation: JSON.stringify(place) }),

    setRecordings: (userId: string, isAllowed: boolean) =>
      change(userId, { store_recordings: isAllowed ? 1 : 0 }),

    setCloudSync: (userId: string, isOn: boolean) => change(userId, { private_cloud_sync: isOn ? 1 : 0 }),

    setPreferredApp: (userId: string, appId: string | null) => change(userId, { preferred_app_id: appId }),

    /** The zone is kept even when push is off: summaries are told in it. */
    setDevice: (userId: string, token: string | null, timeZone: string | null) =>
      database.transaction(async (tx) => {
        const now = clock.now();
        if (timeZone !== null) await store.change(tx, userId, { time_zone: timeZone }, now);
        if (token !== null) await store.setDevice(tx, userId, { token, timeZone }, now);
      }),

    usage: async (userId: string, period: UsagePeriod): Promise<Usage> => {
      const today = new Date(clock.now()).toISOString().slice(0, 10);
      const since = {
        today,
        monthly: `${today.slice(0, 8)}01`,
        yearly: `${today.slice(0, 5)}01-01`,
        all_time: null,
      }[period];
      const days = await store.usage(userId, since);
      // A year is told by its months, everything by its years.
      const width = { today: 10, monthly: 10, yearly: 7, all_time: 4 }[period];
      const history = new Map<string, UsageAmounts>();
      for (const day of days) {
        const date = day.day.slice(0, width);
        history.set(date, sum(history.get(date) ?? noUsage, day));
      }
      return {
        total: days.reduce<UsageAmounts>(sum, noUsage),
        history: [...history].map(([date, amounts]) => ({ date, ...amounts })),
      };
    },
  };
}

export type CompanionUsers = ReturnType<typeof createUserService>;

const sum = (a: UsageAmounts, b: UsageAmounts): UsageAmounts => ({
  transcription_seconds: a.transcription_seconds + b.transcription_seconds,
  words_transcribed: a.words_transcribed + b.words_transcribed,
  insights_gained: a.insights_gained + b.insights_gained,
  memories_created: a.memories_created + b.memories_created,
});
