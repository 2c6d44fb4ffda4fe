import type { Transaction } from '../database/database.js';

/** A kind of background work. All nodes define the same ones before {@link Jobs.start}. */
export interface JobDefinition<P> {
  /** Unique, for example `speech.generate`. */
  readonly name: string;
  /** How many may run at once on one node. */
  readonly concurrency: number;
  /** How many of one owner may run at once, over all nodes. */
  readonly perOwner?: number;
  /** How often it is tried before it counts as failed. */
  readonly maxAttempts: number;
  /** Milliseconds to wait after attempt number `attempt` (1, 2 …) failed. */
  readonly backoffMs: (attempt: number) => number;
  /**
   * Makes the job recurring: one run per interval over all nodes together, the first soon after the start. Its payload is
   * null; it must not be enqueued. A run that exhausts its attempts is told and logged, and the next interval comes.
   */
  readonly everyMs?: number;
  /**
   * What failed for good keeps its payload as long as its row, so that the operator can have it tried again. Only for
   * payloads that hold ids and no key or text of a user's, and for work that may be done after `exhausted` was told.
   */
  readonly keepsFailed?: boolean;
  /** Does the work. It may be run again after a crash, so it must be safe to repeat. Must end soon after `signal` aborts. */
  run(job: RunningJob<P>): Promise<void>;
  /** Told once when the last attempt has failed or the work said {@link DoNotRetry}. Not told of cancelled jobs. */
  exhausted?(payload: P, reason: unknown): Promise<void>;
}

export interface RunningJob<P> {
  readonly id: string;
  readonly payload: P;
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborts when the job is cancelled, when its lease was lost, or when the server must stop now. */
  readonly signal: AbortSignal;
}

export interface NewJob<P> {
  readonly name: string;
  /** Anything that JSON can hold. */
  readonly payload: P;
  /** Whose turn it takes: owners with waiting jobs of one kind are served in turn. Jobs without one share one turn. */
  readonly owner?: string;
  /** At most one waiting or running job per key; enqueuing it again is a no-op. Unique over all names. */
  readonly uniqueKey?: string;
  /** Not before this instant (milliseconds since the epoch). */
  readonly runAt?: number;
}

export interface JobCounts {
  /** Waiting, those that wait for their time included; recurring jobs are not counted while they wait. */
  readonly queued: number;
  readonly running: number;
  /** Exhausted within the last 7 days. */
  readonly failed: number;
}

/** A job that has failed for good. */
export interface FailedJob {
  readonly id: string;
  readonly name: string;
  /** Name and code of the last error; never its message, which may quote a user. */
  readonly reason: string;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly failedAt: number;
  /** Whether its payload was kept, so that {@link Jobs.retry} can run it again. */
  readonly canRetry: boolean;
}

/**
 * The jobs port: durable background work, enqueued in the transaction of the write that needs it. Adapters: `sqlite/`
 * (leased rows in the same file) and `graphile/` (graphile-worker on the same PostgreSQL).
 *
 * Every committed job is run at least once, also when the process dies in the middle of it.
 */
export interface Jobs {
  define<P>(definition: JobDefinition<P>): void;
  /** Starts waiting for a run when `tx` commits; nothing happens when it rolls back. */
  enqueue<P>(tx: Transaction, job: NewJob<P>): Promise<void>;
  /** When `tx` commits: a waiting job is gone; a running one, on any node, has its signal aborted and is not tried again. */
  cancel(tx: Transaction, uniqueKey: string): Promise<void>;
  /** Begins to run jobs. Without it (a node that only serves requests) jobs can still be enqueued and cancelled. */
  start(): Promise<void>;
  /** Takes no new jobs; running ones get `graceMs`, then are aborted and handed back without using up an attempt. */
  stop(graceMs: number): Promise<void>;
  counts(): Promise<JobCounts>;
  /** How many jobs of each defined kind wait, those that wait for their time included; recurring kinds are left out. */
  waiting(): Promise<ReadonlyMap<string, number>>;
  /** What failed for good within the last 7 days, newest first. */
  failed(limit: number): Promise<readonly FailedJob[]>;
  /**
   * Has a failed job run again at once, with all its attempts before it.
   *
   * @returns false when no failed job has this id, or its payload was not kept
   */
  retry(id: string): Promise<boolean>;
  /** True while a job with this key is waiting or running. */
  has(uniqueKey: string): Promise<boolean>;
}

/** Thrown by `run` to be tried again at an instant without using up an attempt, for example when the upstream says so. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';

  /** @param at milliseconds since the epoch */
  constructor(
    readonly at: number,
    reason = 'The job asked to be run later.',
    options?: ErrorOptions,
  ) {
    super(reason, options);
  }
}

/** Thrown by `run` when trying again cannot help: the job is exhausted at once. `cause` is what `exhausted` is told. */
export class DoNotRetry extends Error {
  override readonly name = 'DoNotRetry';
}

/** How long exhausted jobs stay known to the operator, without their payload unless the kind keeps it. */
export const FAILED_JOBS_KEPT_MS = 7 * 24 * 60 * 60 * 1000;
