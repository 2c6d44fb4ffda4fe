import type { Kysely } from 'kysely';
import type { Database, Transaction } from '../database/database.js';
import type { PlatformTables } from '../database/tables.js';
import { uuidV7 } from '../ids.js';
import type { FailedJob, JobDefinition, Jobs, NewJob } from './jobs.js';
import { FAILED_JOBS_KEPT_MS } from './jobs.js';
import { type JobState, type JobTables, withJobs } from './tables.js';

type JobsDb = Kysely<PlatformTables & JobTables>;

/** The kinds of work of a node, by name. */
export class Definitions {
  readonly #byName = new Map<string, JobDefinition<unknown>>();

  add<P>(definition: JobDefinition<P>): void {
    if (this.#byName.has(definition.name)) throw new Error(`The job ${definition.name} is defined twice.`);
    this.#byName.set(definition.name, definition as JobDefinition<unknown>);
  }

  get(name: string): JobDefinition<unknown> {
    const definition = this.#byName.get(name);
    if (!definition) throw new Error(`The job ${name} is not defined.`);
    return definition;
  }

  /** @throws when the job is recurring: those enqueue themselves */
  enqueuable(name: string): JobDefinition<unknown> {
    const definition = this.get(name);
    if (definition.everyMs !== undefined)
      throw new Error(`The job ${name} is recurring; it enqueues itself.`);
    return definition;
  }

  /** True when what failed of this kind can be run again on this node. */
  retries(name: string): boolean {
    return this.#byName.get(name)?.keepsFailed === true;
  }

  all(): readonly JobDefinition<unknown>[] {
    return [...this.#byName.values()];
  }
}

/** @returns the id of the new row, or null when its key is taken */
export async function insertJob<P>(
  tx: Transaction,
  job: NewJob<P>,
  state: JobState,
  now: number,
): Promise<string | null> {
  const row = await withJobs(tx)
    .insertInto('background_jobs')
    .values({
      id: uuidV7(now),
      name: job.name,
      owner: job.owner ?? '',
      unique_key: job.uniqueKey ?? null,
      payload: JSON.stringify(job.payload ?? null),
      state,
      recurring: 0,
      run_at: job.runAt ?? now,
    })
    .onConflict((conflict) => conflict.column('unique_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

/**
 * Makes the one row of a recurring job, due at once; when there is one already, makes sure that a shortened interval counts.
 *
 * @returns the id of a row made or moved now, else null
 */
export async function ensureRecurring(
  db: JobsDb,
  definition: JobDefinition<unknown>,
  now: number,
): Promise<string | null> {
  const { name, everyMs = 0 } = definition;
  const made = await db
    .insertInto('background_jobs')
    .values({
      id: uuidV7(now),
      name,
      owner: '',
      unique_key: `recurring:${name}`,
      payload: 'null',
      state: 'waiting',
      recurring: 1,
      run_at: now,
    })
    .onConflict((conflict) => conflict.column('unique_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return made.id;
  const moved = await db
    .updateTable('background_jobs')
    .set({ run_at: now + everyMs })
    .where('unique_key', '=', `recurring:${name}`)
    .where('state', '=', 'waiting')
    .where('run_at', '>', now + everyMs)
    .returning('id')
    .executeTakeFirst();
  return moved?.id ?? null;
}

/** When a recurring job that was due at `due` runs next: on its beat, skipping what was missed. */
export function nextBeat(due: number, everyMs: number, now: number): number {
  return due + everyMs * Math.max(1, Math.ceil((now - due) / everyMs));
}

/** The parts of the port that are the same question to the same table on both databases. */
export function jobQueries(
  database: Database,
  definitions: Definitions,
): Pick<Jobs, 'counts' | 'failed' | 'has' | 'waiting'> {
  const db = withJobs(database.read);
  return {
    counts: async () => {
      const rows = await db
        .selectFrom('background_jobs')
        .select((eb) => ['state', 'recurring', eb.fn.countAll<number>().as('n')])
        .groupBy(['state', 'recurring'])
        .execute();
      const sum = (keep: (row: { state: JobState; recurring: number }) => boolean) =>
        rows.filter(keep).reduce((total, row) => total + Number(row.n), 0);
      return {
        queued: sum(
          (row) =>
            row.recurring === 0 && (row.state === 'waiting' || row.state === 'ready' || row.state === 'held'),
        ),
        running: sum((row) => row.state === 'running'),
        failed: sum((row) => row.state === 'failed'),
      };
    },
    waiting: async () => {
      const kinds = definitions.all().filter(({ everyMs }) => everyMs === undefined);
      const rows = await db
        .selectFrom('background_jobs')
        .select((eb) => ['name', eb.fn.countAll<number>().as('n')])
        .where('state', 'in', ['waiting', 'ready', 'held'])
        .where('recurring', '=', 0)
        .groupBy('name')
        .execute();
      const counted = new Map(rows.map((row) => [row.name, Number(row.n)]));
      return new Map(kinds.map(({ name }) => [name, counted.get(name) ?? 0]));
    },
    failed: async (limit) => {
      const rows = await db
        .selectFrom('background_jobs')
        .select(['id', 'name', 'error', 'attempts', 'failed_at', 'payload'])
        .where('state', '=', 'failed')
        .orderBy('failed_at', 'desc')
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map(
        ({ id, name, error, attempts, failed_at, payload }): FailedJob => ({
          id,
          name,
          reason: error ?? '',
          attempts,
          failedAt: failed_at ?? 0,
          canRetry: payload !== null && definitions.retries(name),
        }),
      );
    },
    has: async (uniqueKey) => {
      const row = await db
        .selectFrom('background_jobs')
        .select('id')
        .where('unique_key', '=', uniqueKey)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

/** What an exhausted job's row becomes: countable, with nothing of the user's in it but what its kind says is harmless. */
export const asFailed = ({ keepsFailed }: JobDefinition<unknown>, reason: unknown, now: number) => ({
  state: 'failed' as const,
  unique_key: null,
  ...(keepsFailed ? {} : { payload: null }),
  node: null,
  failed_at: now,
  error: errorName(reason),
});

/** What a failed job's row becomes when it is to run again. */
export const asNew = (now: number) => ({
  attempts: 0,
  run_at: now,
  error: null,
  failed_at: null,
});

/** The kind and owner of a failed job that can run again, or undefined. */
export const findRetriable = (db: JobsDb, id: string) =>
  db
    .selectFrom('background_jobs')
    .select(['name', 'owner', 'delivery'])
    .where('id', '=', id)
    .where('state', '=', 'failed')
    .where('payload', 'is not', null)
    .executeTakeFirst();

export async function forgetFailed(db: JobsDb, now: number): Promise<void> {
  await db
    .deleteFrom('background_jobs')
    .where('state', '=', 'failed')
    .where('failed_at', '<', now - FAILED_JOBS_KEPT_MS)
    .execute();
}

function errorName(reason: unknown): string {
  if (!(reason instanceof Error)) return typeof reason;
  return 'code' in reason && typeof reason.code === 'string' ? `${reason.name} ${reason.code}` : reason.name;
}
