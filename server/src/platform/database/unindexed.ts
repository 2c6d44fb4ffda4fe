import { type RawBuilder, sql } from 'kysely';
import type { Dialect } from './database.js';

/**
 * A column for a condition that no index is to serve. `user_id = ? and id in (…)` is found by the ids; SQLite, which keeps
 * no statistics here, takes the equality for narrower and reads all rows that the user has.
 */
export const unindexed = (dialect: Dialect, column: string): RawBuilder<string> =>
  dialect === 'sqlite' ? sql`+${sql.ref(column)}` : sql`${sql.ref(column)}`;
