import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { Log } from '../../log.js';
import { type Attempt, concluded, startAttempt, untilDone } from '../attempt.js';
import type { JobDefinition, Jobs } from '../jobs.js';
import {
  asNew,
  Definitions,
  ensureRecurring,
  findRetriable,
  forgetFailed,
  insertJob,
  jobQueries,
} from '../records.js';
import { withJobs } from '../tables.js';
import { type ClaimedJob, claim, nextDue, type Place } from './claim.js';
import { settle } from './settle.js';

export { jobMigrations } from '../tables.js';

export interface SqliteJobsOptions {
  readonly database: Database;
  readonly log: Log;
  readonly clock?: Clock;
  /** Milliseconds after which a running job that nobody renews is run again. */
  readonly leaseMs?: number;
}

const LEASE_MS = 30_000;
/** Looks again at the latest after so long, should the machine have slept or its clock have been set. */
const LONGEST_SLEEP_MS = 60_000;

interface Running {
  readonly job: ClaimedJob;
  readonly attempt: Attempt;
  readonly settled: Promise<void>;
}

/**
 * Jobs as leased rows of the SQLite file. Only one process runs on a file, so `start` takes over at once what an earlier
 * process left running. An idle queue costs nothing: a commit of `enqueue` wakes it, else one timer for the next due row.
 */
export function sqliteJobs(options: SqliteJobsOptions): Jobs {
  return new SqliteJobs(options);
}

class SqliteJobs implements Jobs {
  readonly #database: Database;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #node = randomUUID();
  readonly #definitions = new Definitions();
  readonly #running = new Map<string, Running>();
  /** Whose turn was last, by name of the job. */
  readonly #turns = new Map<string, string>();
  #state: 'new' | 'started' | 'stopped' = 'new';
  #claiming: Promise<void> | null = null;
  /** The claim under way was asked for again after it had begun to look. */
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;

  readonly counts: Jobs['counts'];
  readonly failed: Jobs['failed'];
  readonly has: Jobs['has'];
  readonly waiting: Jobs['waiting'];

  constructor({ database, log, clock = systemClock, leaseMs = LEASE_MS }: SqliteJobsOptions) {
    this.#database = database;
    this.#log = log;
    this.#clock = clock;
    this.#leaseMs = leaseMs;
    ({
      counts: this.counts,
      failed: this.failed,
      has: this.has,
      waiting: this.waiting,
    } = jobQueries(database, this.#definitions));
  }

  define<P>(definition: JobDefinition<P>): void {
    this.#definitions.add(definition);
  }

  enqueue: Jobs['enqueue'] = async (tx, job) => {
    this.#definitions.enqueuable(job.name);
    const id = await insertJob(tx, job, 'waiting', this.#clock.now());
    // The claim's transaction stands behind this one, so it sees the row if, and only if, this one commits.
    if (id !== null) this.#wake();
  };

  cancel: Jobs['cancel'] = async (tx, uniqueKey) => {
    const row = await withJobs(tx)
      .deleteFrom('background_jobs')
      .where('unique_key', '=', uniqueKey)
      .where('recurring', '=', 0)
      .returning(['id', 'state'])
      .executeTakeFirst();
    if (row?.state === 'running') this.#background(this.#abortMissing());
  };

  retry: Jobs['retry'] = async (id) => {
    const isRetried = await this.#database.transaction(async (tx) => {
      const db = withJobs(tx);
      const found = await findRetriable(db, id);
      if (!found || !this.#definitions.retries(found.name)) return false;
      await db
        .updateTable('background_jobs')
        .set({ state: 'waiting', ...asNew(this.#clock.now()) })
        .where('id', '=', id)
        .execute();
      return true;
    });
    if (isRetried) this.#wake();
    return isRetried;
  };

  async start(): Promise<void> {
    const now = this.#clock.now();
    await this.#database.transaction(async (tx) => {
      const db = withJobs(tx);
      await db
        .updateTable('background_jobs')
        .set({ state: 'waiting', node: null })
        .where('state', '=', 'running')
        .execute();
      for (const definition of this.#definitions.all()) {
        if (definition.everyMs !== undefined) await ensureRecurring(db, definition, now);
      }
      await forgetFailed(db, now);
    });
    this.#state = 'started';
    this.#renewal = setInterval(() => this.#background(this.#renew()), this.#leaseMs / 3).unref();
    this.#wake();
  }

  async stop(graceMs: number): Promise<void> {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
    await this.#claiming;
    await settledWithin([...this.#running.values()], graceMs);
    const late = [...this.#running.values()];
    for (const { attempt } of late) attempt.abort('stopping');
    await Promise.all(late.map(({ settled }) => settled));
    clearInterval(this.#renewal);
  }

  #wake(): void {
    if (this.#state !== 'started') return;
    if (this.#claiming) {
      this.#again = true;
      return;
    }
    this.#claiming = this.#claim().finally(() => {
      this.#claiming = null;
      if (this.#again) this.#wake();
    });
  }

  async #claim(): Promise<void> {
    try {
      const { claimed, due } = await this.#database.transaction(async (tx) => {
        // Set here, not before: whoever asks from now on may have committed too late for this look.
        this.#again = false;
        const db = withJobs(tx);
        const now = this.#clock.now();
        const lease = { node: this.#node, until: now + this.#leaseMs };
        return {
          claimed: await claim(db, this.#places(), [...this.#running.keys()], lease, now),
          due: await nextDue(db, [...this.#running.keys()], now),
        };
      });
      for (const job of claimed) this.#begin(job);
      this.#sleepUntil(due);
    } catch (error) {
      this.#log.error({ err: error }, 'waiting jobs cannot be read; trying again');
      this.#sleepUntil(this.#clock.now() + 1_000);
    }
  }

  /** What could be begun now, by kind. */
  #places(): Place[] {
    return this.#definitions.all().map((definition) => {
      const owners = new Map<string, number>();
      let running = 0;
      for (const { job } of this.#running.values()) {
        if (job.definition !== definition) continue;
        running += 1;
        owners.set(job.owner, (owners.get(job.owner) ?? 0) + 1);
      }
      return {
        definition,
        free: definition.concurrency - running,
        owners,
        lastTurn: this.#turns.get(definition.name) ?? '',
      };
    });
  }

  #begin(job: ClaimedJob): void {
    this.#turns.set(job.definition.name, job.owner);
    const attempt = startAttempt(job.definition, job, () => this.#clock.now());
    const settled = this.#finish(job, attempt);
    this.#running.set(job.id, { job, attempt, settled });
    // Claimed while `stop` was waiting for the claim.
    if (this.#state === 'stopped') attempt.abort('stopping');
  }

  async #finish(job: ClaimedJob, attempt: Attempt): Promise<void> {
    const ended = await attempt.outcome;
    const now = this.#clock.now();
    const outcome = await concluded(ended, job, now, this.#log);
    await untilDone(
      () => this.#database.transaction((tx) => settle(withJobs(tx), job, outcome, this.#node, now)),
      () => this.#state === 'stopped',
      this.#log,
    );
    this.#running.delete(job.id);
    this.#wake();
  }

  async #renew(): Promise<void> {
    if (this.#running.size === 0) return;
    await this.#database.transaction(async (tx) => {
      await withJobs(tx)
        .updateTable('background_jobs')
        .set({ lease_until: this.#clock.now() + this.#leaseMs })
        .where('node', '=', this.#node)
        .where('state', '=', 'running')
        .execute();
    });
    await this.#abortMissing();
  }

  /** Aborts what runs here but whose row is gone (cancelled) or somebody else's by now. */
  async #abortMissing(): Promise<void> {
    const before = [...this.#running.values()];
    const rows = await this.#database.transaction(async (tx) =>
      withJobs(tx)
        .selectFrom('background_jobs')
        .select(['id', 'node'])
        .where('state', '=', 'running')
        .execute(),
    );
    const nodes = new Map(rows.map((row) => [row.id, row.node]));
    for (const { job, attempt } of before) {
      if (!nodes.has(job.id)) attempt.abort('cancelled');
      else if (nodes.get(job.id) !== this.#node) attempt.abort('lost');
    }
  }

  #sleepUntil(due: number | null): void {
    clearTimeout(this.#timer);
    if (this.#state !== 'started') return;
    const wait = due === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, due - this.#clock.now());
    this.#timer = setTimeout(() => this.#wake(), Math.max(0, wait)).unref();
  }

  #background(work: Promise<void>): void {
    work.catch((error: unknown) => this.#log.error({ err: error }, 'the leases of jobs cannot be kept'));
  }
}

async function settledWithin(running: readonly Running[], graceMs: number): Promise<void> {
  if (running.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs);
  });
  await Promise.race([Promise.all(running.map(({ settled }) => settled)), grace]);
  clearTimeout(timer);
}
