import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';

/**
 * Who operates this server: accounts that were named on the command line of its machine (`earshot users operator`), and
 * nobody else. No account becomes one by being the first, and no e-mail address makes one: neither proves anything.
 */
export interface ServerOperators {
  has(userId: string): Promise<boolean>;
  /** False until the first one is named. */
  any(): Promise<boolean>;
  add(userId: string): Promise<void>;
  /** @returns false when the user was none */
  remove(userId: string): Promise<boolean>;
}

export const createServerOperators = (database: Database, clock: Clock): ServerOperators => ({
  has: async (userId) => {
    const row = await database.read
      .selectFrom('server_operators')
      .select('user_id')
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row !== undefined;
  },
  any: async () => {
    const row = await database.read
      .selectFrom('server_operators')
      .select('user_id')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  },
  add: async (userId) => {
    await database.transaction((tx) =>
      tx
        .insertInto('server_operators')
        .values({ user_id: userId, named_at: clock.now() })
        .onConflict((conflict) => conflict.column('user_id').doNothing())
        .execute(),
    );
  },
  remove: (userId) =>
    database.transaction(async (tx) => {
      const { numDeletedRows } = await tx
        .deleteFrom('server_operators')
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    }),
});
