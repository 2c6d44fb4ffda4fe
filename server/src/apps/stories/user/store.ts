import type { Database, Transaction } from '../../../platform/database/database.js';
import { withTables } from '../../../platform/database/database.js';
import type { StoriesTables, StoryProfileRow } from '../tables.js';

/** What one kind of engine calls came to in a period. */
export interface OperationUsage {
  readonly operation: string;
  readonly requests: number;
  readonly successful: number;
  readonly failed: number;
  /** US dollars. */
  readonly cost: number;
  readonly tokens: number;
  readonly averageDurationMs: number | null;
}

const NEW_PROFILE: Omit<StoryProfileRow, 'user_id'> = {
  total_stories: 0,
  total_audio: 0,
  total_illustrations: 0,
  last_story_at: null,
  preferred_language: null,
};

/** The queries over `stories_profiles` and what is counted of a user. */
export function createUserStore(database: Database) {
  const read = withTables<StoriesTables>(database.read);
  return {
    profile: (userId: string): Promise<StoryProfileRow> => readProfile(database.read, userId),

    setLanguage: async (tx: Transaction, userId: string, language: string | null): Promise<void> => {
      await withTables<StoriesTables>(tx)
        .insertInto('stories_profiles')
        .values({ ...NEW_PROFILE, user_id: userId, preferred_language: language })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ preferred_language: language }))
        .execute();
    },

    /** When the user first came here (epoch ms); undefined when there is no such user any more. */
    cameAt: async (userId: string): Promise<number | undefined> => {
      const row = await read
        .selectFrom('users')
        .select('created_at')
        .where('id', '=', userId)
        .executeTakeFirst();
      return row?.created_at;
    },

    /** How much the user has. */
    counts: async (userId: string) => {
      const of = async (table: 'stories_heroes' | 'stories_stories' | 'stories_custom_events') => {
        const { rows } = await read
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as('rows'))
          .where('user_id', '=', userId)
          .executeTakeFirstOrThrow();
        return Number(rows);
      };
      const [heroes, stories, customEvents] = await Promise.all([
        of('stories_heroes'),
        of('stories_stories'),
        of('stories_custom_events'),
      ]);
      return { heroes, customEvents, stories };
    },

    /** Engine calls that began from `start` up to `end` (epoch ms), by operation. */
    usage: async (userId: string, start: number, end: number): Promise<readonly OperationUsage[]> => {
      const rows = await read
        .selectFrom('stories_generation_usage')
        .select((eb) => [
          'operation',
          eb.fn.countAll<number>().as('requests'),
          eb.fn.countAll<number>().filterWhere('success', '=', 1).as('successful'),
          eb.fn.countAll<number>().filterWhere('success', '=', 0).as('failed'),
          eb.fn.sum<number | null>('cost').as('cost'),
          eb.fn.sum<number | null>('tokens').as('tokens'),
          eb.fn.avg<number | null>('duration_ms').as('duration'),
        ])
        .where('user_id', '=', userId)
        .where('created_at', '>=', start)
        .where('created_at', '<=', end)
        .groupBy('operation')
        .orderBy('operation')
        .execute();
      return rows.map((row) => ({
        operation: row.operation,
        requests: Number(row.requests),
        successful: Number(row.successful),
        failed: Number(row.failed),
        cost: Number(row.cost ?? 0),
        tokens: Number(row.tokens ?? 0),
        averageDurationMs: row.duration === null ? null : Math.round(Number(row.duration)),
      }));
    },
  };
}

export type UserStore = ReturnType<typeof createUserStore>;

/** The counters of a user, zero for somebody new. */
export async function readProfile(read: Database['read'], userId: string): Promise<StoryProfileRow> {
  const row = await withTables<StoriesTables>(read)
    .selectFrom('stories_profiles')
    .selectAll()
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row ?? { ...NEW_PROFILE, user_id: userId };
}
