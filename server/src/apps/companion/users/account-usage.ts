import { type Database, withTables } from '../../../platform/database/database.js';
import { dayNumber, dayOf } from '../../../platform/limits/usage-ledger.js';
import { storedBytesOf } from '../../../platform/media/stored-bytes.js';
import type { AccountUsage } from '../../../platform/platform.js';
import type { CompanionTables } from '../tables.js';

/** Conversations by the day they began, and the minutes that were listened to. */
export async function accountUsage(
  { read }: Pick<Database, 'read'>,
  userId: string,
  since: number,
): Promise<AccountUsage> {
  const companion = withTables<CompanionTables>(read);
  const conversations = await companion
    .selectFrom('companion_conversations')
    .select((eb) => [dayNumber('created_at').as('day'), eb.fn.countAll<number>().as('count')])
    .where('user_id', '=', userId)
    .where('created_at', '>=', since)
    .groupBy(dayNumber('created_at'))
    .execute();
  const listened = await companion
    .selectFrom('companion_usage')
    .select(['day', 'transcription_seconds'])
    .where('user_id', '=', userId)
    .where('day', '>=', new Date(since).toISOString().slice(0, 10))
    .execute();
  return {
    ...(await storedBytesOf({ read }, userId, 'companion')),
    series: [
      {
        unit: 'conversations',
        days: new Map(conversations.map(({ day, count }) => [dayOf(Number(day)), Number(count)])),
      },
      {
        unit: 'minutes listened to',
        days: new Map(listened.map(({ day, transcription_seconds: s }) => [day, Math.round(s / 6) / 10])),
      },
    ],
  };
}
