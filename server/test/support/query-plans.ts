import type { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Database } from '../../src/platform/database/database.js';
import type { Migration } from '../../src/platform/database/migrations.js';
import { kyselyOver } from '../../src/platform/database/sqlite/dialect.js';
import { type TestDatabase, testDatabase } from './databases.js';

export interface WatchedDatabase {
  /** For stores: what they read is noted. */
  readonly database: Database;
  /** The statements of this test, in order. */
  readonly seen: readonly CompiledQuery[];
  /** What SQLite says that it will do for what was asked, one line a step. */
  plansOf(ask: Promise<unknown>): Promise<string[]>;
}

/** An empty SQLite database whose statements are watched, for the tests of the surrounding `describe`. */
export function watchedDatabase(migrations: readonly Migration[]): WatchedDatabase {
  let made: TestDatabase;
  let database: Database;
  let seen: CompiledQuery[] = [];
  beforeAll(async () => {
    made = await testDatabase('sqlite', migrations);
    const { read } = made.database;
    const noted = kyselyOver({
      executeQuery: <Row>(query: CompiledQuery) => {
        seen.push(query);
        return read.executeQuery(query as CompiledQuery<Row>);
      },
      streamQuery: () => {
        throw new Error('No list is streamed.');
      },
    });
    database = { ...made.database, read: noted, replica: noted };
  });
  afterAll(() => made.remove());
  beforeEach(() => {
    seen = [];
  });
  return {
    get database() {
      return database;
    },
    get seen() {
      return seen;
    },
    plansOf: async (ask) => {
      await ask;
      const steps: string[] = [];
      for (const query of seen) {
        const { rows } = await made.database.read.executeQuery<{ detail: string }>({
          ...query,
          sql: `explain query plan ${query.sql}`,
        });
        steps.push(...rows.map(({ detail }) => detail));
      }
      return steps;
    },
  };
}
