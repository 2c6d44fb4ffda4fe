import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Database, Transaction } from '../database.js';
import { databaseFailure } from '../failures.js';
import type { PlatformTables } from '../tables.js';
import { parserFor } from './column-types.js';
import { openReplica } from './replica.js';

export interface PostgresOptions {
  /** Connections that this process may hold. */
  readonly poolSize?: number;
  /** Told of connections that broke while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void;
  /** A copy of this database for reads that tolerate its lag. */
  readonly replica?: {
    readonly connectionString: string;
    /** Told once that the replica has gone and the primary is asked instead, and once that it is back (null). */
    readonly onChange: (reason: Error | null) => void;
  };
}

/** How often a transaction that lost a deadlock or serialization race is run again. */
const TRANSACTION_ATTEMPTS = 4;

/**
 * Opens a pool on a PostgreSQL server. All integers of this product fit a double exactly, so `bigint` is read as number.
 *
 * @param connectionString `postgres://user:password@host:port/database`
 */
export function openPostgres(connectionString: string, options: PostgresOptions = {}): Database {
  const settings = {
    max: options.poolSize ?? 20,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    keepAlive: true,
    application_name: 'earshot',
    types: { getTypeParser: parserFor },
  };
  const pool = new pg.Pool({ ...settings, connectionString });
  pool.on('error', (error) => options.onIdleError?.(error));
  // The running statement rejects by itself; without a listener the broken connection would also end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const read = new Kysely<PlatformTables>({ dialect: new PostgresDialect({ pool }) });
  const replica =
    options.replica &&
    openReplica(
      { ...settings, connectionString: options.replica.connectionString, query_timeout: 30_000 },
      pool,
      options.replica.onChange,
    );
  return {
    dialect: 'postgres',
    read,
    replica: replica?.read ?? read,
    transaction: async (work) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await read.transaction().execute((tx) => work(tx as unknown as Transaction));
        } catch (error) {
          if (attempt === TRANSACTION_ATTEMPTS || databaseFailure(error) !== 'retry') throw error;
        }
      }
    },
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    ping: async () => {
      await sql`select 1`.execute(read);
    },
    ...(replica ? { pingReplica: replica.ping } : {}),
    close: async () => {
      await replica?.close();
      await read.destroy();
    },
  };
}
