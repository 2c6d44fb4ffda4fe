import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { databaseFailure } from '../failures.js';
import type { PlatformTables } from '../tables.js';

export interface Replica {
  /** Asks the replica, and the primary while the replica cannot be reached. For single statements only. */
  readonly read: Kysely<PlatformTables>;
  /** Throws when the replica itself does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** How long the replica is left alone before it is looked for again. */
const RETRY_MS = 5_000;
/** SQLSTATE of a statement that took too long: on the primary it would only take as long again. */
const QUERY_CANCELED = '57014';

/**
 * Reads from a copy of the database that may lag behind. A statement that fails there is asked of the primary, because
 * replicas also cancel what stands in the way of catching up, and know a new table later.
 *
 * @param onChange told once that the replica has gone (with the reason), and once that it is back (null)
 */
export function openReplica(
  settings: pg.PoolConfig,
  primary: pg.Pool,
  onChange: (reason: Error | null) => void,
): Replica {
  const replica = new pg.Pool(settings);
  replica.on('connect', (client) => client.on('error', () => {}));
  replica.on('error', () => {
    // The pool replaces idle connections by itself; the next statement shows whether the replica has gone.
  });
  let probe: NodeJS.Timeout | undefined;
  let isAway = false;

  const ping = async (): Promise<void> => {
    await replica.query('select 1');
  };
  const lookAgain = (): void => {
    probe = setTimeout(() => {
      ping().then(() => {
        isAway = false;
        onChange(null);
      }, lookAgain);
    }, RETRY_MS).unref();
  };
  const leave = (reason: Error): void => {
    if (isAway) return;
    isAway = true;
    onChange(reason);
    lookAgain();
  };
  const ask = async (text: string, values: unknown[]): Promise<pg.QueryResult> => {
    if (!isAway) {
      try {
        return await replica.query(text, values);
      } catch (error) {
        const isStatement = error instanceof pg.DatabaseError;
        if (isStatement && error.code === QUERY_CANCELED) throw error;
        if (!isStatement || databaseFailure(error) === 'unavailable') leave(error as Error);
      }
    }
    return primary.query(text, values);
  };

  const client = { query: ask, release: () => {} } as unknown as PostgresPoolClient;
  const pool: PostgresPool = { connect: async () => client, end: async () => {} };
  return {
    read: new Kysely<PlatformTables>({ dialect: new PostgresDialect({ pool }) }),
    ping,
    close: async () => {
      clearTimeout(probe);
      isAway = true;
      await replica.end();
    },
  };
}
