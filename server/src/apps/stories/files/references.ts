import type { Kysely } from 'kysely';
import { withTables } from '../../../platform/database/database.js';
import type { PlatformTables } from '../../../platform/database/tables.js';
import type { StoriesTables } from '../tables.js';

/** Those of the user's keys that a hero, story, illustration or custom event still shows. */
export async function mediaInUse(
  db: Kysely<PlatformTables>,
  userId: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const queries = withTables<StoriesTables>(db);
  const found = await Promise.all([
    queries
      .selectFrom('stories_heroes')
      .select('avatar_key as key')
      .where('user_id', '=', userId)
      .where('avatar_key', 'in', keys)
      .execute(),
    queries
      .selectFrom('stories_stories')
      .select('audio_key as key')
      .where('user_id', '=', userId)
      .where('audio_key', 'in', keys)
      .execute(),
    queries
      .selectFrom('stories_illustrations')
      .select('image_key as key')
      .where('user_id', '=', userId)
      .where('image_key', 'in', keys)
      .execute(),
    queries
      .selectFrom('stories_custom_events')
      .select('pictogram_key as key')
      .where('user_id', '=', userId)
      .where('pictogram_key', 'in', keys)
      .execute(),
  ]);
  return new Set(found.flat().flatMap(({ key }) => (key === null ? [] : [key])));
}
