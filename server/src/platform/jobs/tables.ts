import type { Generated, Kysely } from 'kysely';
import type { Transaction } from '../database/database.js';
import type { Migration } from '../database/migrations.js';
import type { PlatformTables } from '../database/tables.js';

/**
 * `waiting`: for its time or for a free place. `running`: held by `node`. `failed`: exhausted, kept for the operator.
 * On PostgreSQL also `ready` (handed to graphile-worker) and `held` (its owner has enough of the kind under way).
 */
export type JobState = 'waiting' | 'ready' | 'held' | 'running' | 'failed';

export interface BackgroundJobRow {
  /** First come, first served. */
  seq: Generated<number>;
  id: string;
  name: string;
  /** Empty when the job has none. */
  owner: string;
  unique_key: string | null;
  /** JSON; null once failed, because it may hold a sealed key, unless its kind says that it never does. */
  payload: string | null;
  state: JobState;
  /** 1 for the one row of a recurring job. */
  recurring: number;
  /** Started so far, the running one included. */
  attempts: Generated<number>;
  run_at: number;
  node: string | null;
  /** SQLite: a running job whose lease has passed is run again. */
  lease_until: Generated<number>;
  /** PostgreSQL: counts how often it was handed to graphile-worker; an earlier delivery is void. */
  delivery: Generated<number>;
  /** Name and code of the last error; never its message, which may quote the user. */
  error: string | null;
  failed_at: number | null;
}

// A type, not an interface: kysely asks for an index signature.
export type JobTables = {
  background_jobs: BackgroundJobRow;
  /** PostgreSQL: the nodes that run jobs, and when they last said so by the database's clock. */
  job_nodes: { id: string; seen_at: number };
};

export const jobMigrations: readonly Migration[] = [
  {
    id: 'jobs-001-background-jobs',
    statements: (dialect) => [
      `create table background_jobs (
        seq ${dialect === 'sqlite' ? 'integer primary key autoincrement' : 'bigint generated always as identity primary key'},
        id text not null unique,
        name text not null,
        owner text not null,
        unique_key text unique,
        payload text,
        state text not null,
        recurring bigint not null,
        attempts bigint not null default 0,
        run_at bigint not null,
        node text,
        lease_until bigint not null default 0,
        delivery bigint not null default 0,
        error text,
        failed_at bigint
      )`,
      'create index background_jobs_by_turn on background_jobs(state, name, owner, run_at, seq)',
      'create index background_jobs_by_time on background_jobs(state, run_at)',
      ...(dialect === 'postgres'
        ? ['create table job_nodes (id text primary key, seen_at bigint not null)']
        : []),
    ],
  },
];

/** The same handle, knowing the tables of the jobs port. */
export const withJobs = (db: Kysely<PlatformTables> | Transaction): Kysely<PlatformTables & JobTables> =>
  db.withTables<JobTables>();
