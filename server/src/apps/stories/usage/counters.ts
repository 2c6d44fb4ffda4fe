import { sql } from 'kysely';
import { type Transaction, withTables } from '../../../platform/database/database.js';
import type { StoriesTables } from '../tables.js';

type Counter = 'total_stories' | 'total_audio' | 'total_illustrations';

/** One more of what a user has had made. */
export async function countMade(
  tx: Transaction,
  userId: string,
  counter: Counter,
  more: { readonly last_story_at?: number } = {},
): Promise<void> {
  const none = { total_stories: 0, total_audio: 0, total_illustrations: 0 };
  await withTables<StoriesTables>(tx)
    .insertInto('stories_profiles')
    .values({
      user_id: userId,
      ...none,
      last_story_at: null,
      preferred_language: null,
      ...more,
      [counter]: 1,
    })
    .onConflict((conflict) =>
      conflict
        .column('user_id')
        .doUpdateSet({ ...more, [counter]: sql<number>`stories_profiles.${sql.ref(counter)} + 1` }),
    )
    .execute();
}
