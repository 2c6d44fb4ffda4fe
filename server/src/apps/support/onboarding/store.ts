import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { SupportOnboardingRow, SupportTables } from '../tables.js';
import type { TaskId } from './checklist.js';

export type OnboardingRecord = Readonly<Selectable<SupportOnboardingRow>>;

const within = (tx: Transaction) => withTables<SupportTables>(tx);

/** The queries over `support_onboarding`, and over what proves that a task was done. */
export function createOnboardingStore(database: Database) {
  const read = withTables<SupportTables>(database.read);
  return {
    find: (appId: string, tx?: Transaction): Promise<OnboardingRecord | undefined> =>
      (tx ? within(tx) : read)
        .selectFrom('support_onboarding')
        .selectAll()
        .where('app_id', '=', appId)
        .executeTakeFirst(),

    save: async (tx: Transaction, row: OnboardingRecord): Promise<void> => {
      const { app_id: _key, ...change } = row;
      await within(tx)
        .insertInto('support_onboarding')
        .values(row)
        .onConflict((conflict) => conflict.column('app_id').doUpdateSet(change))
        .execute();
    },

    /** The tasks that were done whether or not anybody ticked them off. */
    proven: async (appId: string): Promise<readonly TaskId[]> => {
      const device = read.selectFrom('support_devices').select('id').where('app_id', '=', appId).limit(1);
      const [installed, identified, message, colleague] = await Promise.all([
        device.executeTakeFirst(),
        device.where('user_id', 'is not', null).executeTakeFirst(),
        read
          .selectFrom('support_messages')
          .select('id')
          .where('app_id', '=', appId)
          .limit(1)
          .executeTakeFirst(),
        read
          .selectFrom('support_invitations')
          .select('id')
          .where('app_id', '=', appId)
          .limit(1)
          .executeTakeFirst(),
      ]);
      return [
        ...(installed ? (['sdk_installed'] as const) : []),
        ...(message ? (['first_message_sent'] as const) : []),
        ...(identified ? (['user_identified'] as const) : []),
        ...(colleague ? (['team_invited'] as const) : []),
      ];
    },
  };
}

export type OnboardingStore = ReturnType<typeof createOnboardingStore>;
