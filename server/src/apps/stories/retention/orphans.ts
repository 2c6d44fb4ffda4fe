import { withTables } from '../../../platform/database/database.js';
import type { JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { mediaKinds } from '../files/media-keys.js';
import { mediaInUse } from '../files/references.js';
import type { StoriesTables } from '../tables.js';

const DAY_MS = 24 * 3_600_000;
/** Far longer than anything takes from its file to its row. */
const AGE_MS = 7 * DAY_MS;
const BATCH = 500;
const OWN_KEY = /^[a-z]+\/([^/]+)\/(\d{13})-[^/]+$/;

/**
 * Erases media that no row names: what a process left that died between a file and its row, more often than its job was
 * tried. Media of users whom this database does not know are left alone: they may be those of another server.
 */
export function orphansJob({
  clock,
  database,
  log,
  media,
  users,
}: Pick<Platform, 'clock' | 'database' | 'log' | 'media' | 'users'>): JobDefinition<null> {
  const stories = withTables<StoriesTables>(database.read);

  const eraseUnnamed = async (owner: string, keys: readonly string[]): Promise<number> => {
    const userId = await users.current(owner);
    const isKnown = await stories
      .selectFrom('users')
      .select('id')
      .where('id', '=', userId)
      .executeTakeFirst();
    if (!isKnown) return 0;
    const uploads = await stories
      .selectFrom('stories_uploads')
      .select('media_key')
      .where('media_key', 'in', keys)
      .execute();
    const uploaded = new Set(uploads.map(({ media_key }) => media_key));
    const shown = await mediaInUse(database.read, userId, keys);
    const unnamed = keys.filter((key) => !shown.has(key) && !uploaded.has(key));
    for (const key of unnamed) await media.delete(key);
    return unnamed.length;
  };

  return {
    name: 'stories.orphans',
    concurrency: 1,
    maxAttempts: 3,
    backoffMs: () => 60_000,
    everyMs: DAY_MS,
    run: async ({ signal }) => {
      const before = clock.now() - AGE_MS;
      const waiting = new Map<string, string[]>();
      let erased = 0;
      const eraseWaiting = async () => {
        for (const [userId, keys] of waiting) erased += await eraseUnnamed(userId, keys);
        waiting.clear();
      };
      let count = 0;
      for (const kind of mediaKinds) {
        for await (const { key } of media.list(`${kind}/`)) {
          signal.throwIfAborted();
          const [, userId, madeAt] = OWN_KEY.exec(key) ?? [];
          if (userId === undefined || Number(madeAt) > before) continue;
          waiting.set(userId, [...(waiting.get(userId) ?? []), key]);
          count += 1;
          if (count % BATCH === 0) await eraseWaiting();
        }
      }
      await eraseWaiting();
      if (erased > 0) log.info({ erased }, 'media of the stories that no row names were erased');
    },
  };
}
