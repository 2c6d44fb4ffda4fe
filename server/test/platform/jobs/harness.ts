import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { Database, Dialect } from '../../../src/platform/database/database.js';
import { openPostgres } from '../../../src/platform/database/postgres/index.js';
import { graphileJobs } from '../../../src/platform/jobs/graphile/index.js';
import type { JobDefinition, Jobs, NewJob } from '../../../src/platform/jobs/jobs.js';
import { sqliteJobs } from '../../../src/platform/jobs/sqlite/index.js';
import { jobMigrations } from '../../../src/platform/jobs/tables.js';
import { testDatabase } from '../../support/databases.js';
import { recordedLog } from '../../support/log.js';
import { tcpWithOutages } from '../../support/outages.js';

/** A node: its jobs, and how it dies. */
export interface TestNode {
  readonly jobs: Jobs;
  /** Cuts it off, as `kill -9` would: it renews nothing and writes nothing from now on. */
  die(): Promise<void>;
  /** Ends the cut of {@link die}, as when a network comes back. */
  revive(): Promise<void>;
}

export interface JobsCluster {
  readonly database: Database;
  node(): Promise<TestNode>;
  /** Stops all nodes and removes the database. */
  remove(): Promise<void>;
}

/** An empty database and nodes on it. Leases are short, so that a dead node is noticed within about a second. */
export async function jobsCluster(dialect: Dialect): Promise<JobsCluster> {
  const made = await testDatabase(dialect, jobMigrations);
  const ends: (() => Promise<void>)[] = [];
  const log = recordedLog();
  return {
    database: made.database,
    node: async () => {
      if (dialect === 'sqlite') {
        const jobs = sqliteJobs({ database: made.database, log, leaseMs: 600 });
        ends.push(() => jobs.stop(0));
        return { jobs, die: async () => {}, revive: async () => {} };
      }
      const way = await tcpWithOutages(await urlOf(made.database));
      const database = openPostgres(way.url, { poolSize: 6 });
      const jobs = await graphileJobs({
        database,
        connectionString: way.url,
        log,
        heartbeatMs: 150,
        deadAfterMs: 600,
        lookMs: 50,
      });
      let dead = false;
      ends.push(async () => {
        if (dead) await way.restore();
        await jobs.stop(0);
        await database.close();
        await way.cut();
      });
      return {
        jobs,
        die: async () => {
          dead = true;
          await way.cut();
        },
        revive: async () => {
          dead = false;
          await way.restore();
        },
      };
    },
    remove: async () => {
      for (const end of ends.splice(0)) await end();
      await made.remove();
    },
  };
}

async function urlOf(database: Database): Promise<string> {
  const { sql } = await import('kysely');
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(database.read);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${rows[0]?.name}`;
  return url.href;
}

/** A kind of work with unhurried defaults. */
export function kind<P>(part: Pick<JobDefinition<P>, 'run'> & Partial<JobDefinition<P>>): JobDefinition<P> {
  return { name: `test.${randomUUID()}`, concurrency: 2, maxAttempts: 3, backoffMs: () => 10, ...part };
}

/** Enqueues in a transaction of its own. */
export const enqueue = <P>(database: Database, jobs: Jobs, job: NewJob<P>): Promise<void> =>
  database.transaction((tx) => jobs.enqueue(tx, job));

/** A promise to be kept from outside. */
export function gate(): { readonly passed: Promise<void>; open(): void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** Waits until the signal aborts and then throws its reason, as well-behaved work does. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
