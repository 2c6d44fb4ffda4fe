import type { Changes } from '../../platform/changes/changes.js';
import { type Database, type Transaction, withTables } from '../../platform/database/database.js';
import type { StoriesTables } from './tables.js';

/** What a write is stamped with: the owner's number that `changes.next` gave for it, and the instant. */
export interface Stamp {
  readonly version: number;
  readonly now: number;
}

/** The kinds of rows that devices sync, by the names of the wire, and where they are kept. */
export const recordTables = {
  hero: 'stories_heroes',
  story: 'stories_stories',
  illustration: 'stories_illustrations',
  customEvent: 'stories_custom_events',
} as const;
export type RecordKind = keyof typeof recordTables;

/** What all stores of synced rows share: every write is stamped and noted in the owner's sequence. */
export function recordStore(database: Database, changes: Changes, kind: RecordKind) {
  const read = withTables<StoriesTables>(database.read);
  const table = recordTables[kind];
  return {
    /** Queries in a transaction, or outside of one. */
    on: (tx: Transaction | null | undefined) => (tx ? withTables<StoriesTables>(tx) : read),

    /**
     * The `updated_at` of a write: later than that of every other row of the owner, also when many are written within
     * a millisecond, so that "strictly later than the latest I have" skips nothing.
     */
    instant: async (tx: Transaction, userId: string, now: number): Promise<number> => {
      const { latest } = await withTables<StoriesTables>(tx)
        .selectFrom(table)
        .select((eb) => eb.fn.max('updated_at').as('latest'))
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow();
      return Math.max(now, Number(latest ?? 0) + 1);
    },

    noteWrite: (tx: Transaction, userId: string, id: string, version: number): Promise<void> =>
      changes.log(tx, userId, { seq: version, type: kind, id, deleted: false }),
  };
}
