import { type Database, withTables } from '../../../platform/database/database.js';
import { dayNumber, dayOf } from '../../../platform/limits/usage-ledger.js';
import { storedBytesOf } from '../../../platform/media/stored-bytes.js';
import type { AccountUsage } from '../../../platform/platform.js';
import type { StoriesTables } from '../tables.js';

/** The stories that the user has, by the day they were written: the ledger of calls is forgotten after a week. */
export async function accountUsage(
  { read }: Pick<Database, 'read'>,
  userId: string,
  since: number,
): Promise<AccountUsage> {
  const rows = await withTables<StoriesTables>(read)
    .selectFrom('stories_stories')
    .select((eb) => [dayNumber('created_at').as('day'), eb.fn.countAll<number>().as('count')])
    .where('user_id', '=', userId)
    .where('created_at', '>=', since)
    .groupBy(dayNumber('created_at'))
    .execute();
  return {
    ...(await storedBytesOf({ read }, userId, 'stories')),
    series: [
      { unit: 'stories', days: new Map(rows.map(({ day, count }) => [dayOf(Number(day)), Number(count)])) },
    ],
  };
}
