import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { CompanionProfileRow, CompanionTables, CompanionUsageRow } from '../tables.js';

export type ProfileChange = Partial<Omit<CompanionProfileRow, 'user_id' | 'created_at' | 'updated_at'>>;
export type UsageAmounts = Omit<CompanionUsageRow, 'user_id' | 'day'>;

export const noUsage: UsageAmounts = {
  transcription_seconds: 0,
  words_transcribed: 0,
  insights_gained: 0,
  memories_created: 0,
};

/** The queries over what this app keeps of a user beside the account. */
export function createProfileStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  const within = (tx: Transaction) => withTables<CompanionTables>(tx);

  return {
    find: async (userId: string, tx?: Transaction): Promise<CompanionProfileRow | null> =>
      (await (tx ? within(tx) : read)
        .selectFrom('companion_profiles')
        .selectAll()
        .where('user_id', '=', userId)
        .executeTakeFirst()) ?? null,

    change: async (tx: Transaction, userId: string, change: ProfileChange, now: number): Promise<void> => {
      const row: CompanionProfileRow = {
        user_id: userId,
        language: null,
        time_zone: null,
        store_recordings: null,
        private_cloud_sync: 0,
        preferred_app_id: null,
        geolocation: null,
        speech_profile_key: null,
        created_at: now,
        updated_at: now,
        ...change,
      };
      await within(tx)
        .insertInto('companion_profiles')
        .values(row)
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ ...change, updated_at: now }))
        .execute();
    },

    /** One token belongs to one user: the last one who told it. */
    setDevice: async (
      tx: Transaction,
      userId: string,
      device: { readonly token: string; readonly timeZone: string | null },
      now: number,
    ): Promise<void> => {
      const values = { user_id: userId, time_zone: device.timeZone, updated_at: now };
      await within(tx)
        .insertInto('companion_devices')
        .values({ token: device.token, ...values })
        .onConflict((conflict) => conflict.column('token').doUpdateSet(values))
        .execute();
    },

    deviceTokens: async (userId: string): Promise<string[]> =>
      (
        await read.selectFrom('companion_devices').select('token').where('user_id', '=', userId).execute()
      ).map(({ token }) => token),

    forgetDevice: async (tx: Transaction, token: string): Promise<void> => {
      await within(tx).deleteFrom('companion_devices').where('token', '=', token).execute();
    },

    addUsage: async (
      tx: Transaction,
      userId: string,
      day: string,
      amounts: Partial<UsageAmounts>,
    ): Promise<void> => {
      const added = { ...noUsage, ...amounts };
      await within(tx)
        .insertInto('companion_usage')
        .values({ user_id: userId, day, ...added })
        .onConflict((conflict) =>
          conflict.columns(['user_id', 'day']).doUpdateSet((eb) => ({
            transcription_seconds: eb(
              'companion_usage.transcription_seconds',
              '+',
              added.transcription_seconds,
            ),
            words_transcribed: eb('companion_usage.words_transcribed', '+', added.words_transcribed),
            insights_gained: eb('companion_usage.insights_gained', '+', added.insights_gained),
            memories_created: eb('companion_usage.memories_created', '+', added.memories_created),
          })),
        )
        .execute();
    },

    /** By day, ascending; `since` is a day or null for all of them. */
    usage: (userId: string, since: string | null): Promise<CompanionUsageRow[]> => {
      let query = read.selectFrom('companion_usage').selectAll().where('user_id', '=', userId);
      if (since !== null) query = query.where('day', '>=', since);
      return query.orderBy('day').execute();
    },
  };
}

export type ProfileStore = ReturnType<typeof createProfileStore>;
