import { EventEmitter } from 'node:events';
import { Logger, type Runner, run, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import { sql } from 'kysely';
import pg from 'pg';
import type { Transaction } from '../../database/database.js';
import type { Log } from '../../log.js';
import type { JobDefinition } from '../jobs.js';
import type { Delivery } from './deliveries.js';

export interface WorkersOptions {
  readonly connectionString: string;
  readonly definitions: readonly JobDefinition<unknown>[];
  readonly log: Log;
  /** Runs one delivery. Rejects only when it must be delivered again. */
  readonly work: (definition: JobDefinition<unknown>, delivery: Delivery, node: string) => Promise<void>;
  /** Told of every running job that was cancelled, on whichever node it runs. */
  readonly onCancelled: (id: string) => void;
}

export interface Workers {
  /** What the rows that are running here carry as `node`. */
  readonly node: string;
  /** Makes up to so many idle workers look for jobs now. */
  nudge(count: number): void;
  /** Settles when the workers have ended, by `stop` or because they lost the database. */
  readonly ended: Promise<void>;
  /** Takes no new jobs and waits for the running ones. */
  stop(): Promise<void>;
}

/**
 * Announces to all nodes, when `tx` commits, that a running job was cancelled. On graphile-worker's own channel, which every
 * node listens to already; to graphile-worker it says that zero jobs were added.
 */
export async function announceCancelled(tx: Transaction, id: string): Promise<void> {
  await sql`select pg_notify('jobs:insert', ${JSON.stringify({ count: 0, cancelled: id })})`.execute(tx);
}

function cancelledBy(payload: string | undefined): string | null {
  const match = /"cancelled":"([0-9a-f-]+)"/.exec(payload ?? '');
  return match?.[1] ?? null;
}

/** Nobody waits for this: jobs are announced, and due ones are looked for by us with one query for all workers. */
const POLL_MS = 60_000;
/** One listens, one fetches, the rest writes what has ended. */
const CONNECTIONS = 4;
/**
 * How long a pool that ends may take once its work is done. graphile-worker miscounts the batches that failed together when
 * the database went away, and then waits for ever; what it still had to write is taken back as the work of a dead node is.
 */
const ENDING_MS = 3_000;

/** Starts one pool of graphile-worker's workers, with as many of them as all kinds together may run. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { definitions, log } = options;
  const fetches = new Fetches(definitions);
  const events: WorkerEvents = new EventEmitter();
  const made: { pool?: WorkerPool } = {};
  const connections = openConnections(options.connectionString);
  const atWork = new Set<Promise<void>>();
  const ending = new Promise<void>((resolve) => events.once('pool:gracefulShutdown', () => resolve()));
  events.on('pool:create', ({ workerPool }) => {
    made.pool = workerPool;
  });
  // Announcements were missed while nobody listened.
  events.on('pool:listen:success', ({ workerPool }) => workerPool.nudge(fetches.capacity));
  events.on('pool:listen:notification', ({ message }) => {
    const id = cancelledBy(message.payload);
    if (id !== null) options.onCancelled(id);
  });
  events.on('job:start', ({ job }) => fetches.fetched(job.task_identifier));
  events.on('worker:getJob:empty', () => fetches.fetched(null));
  events.on('worker:getJob:error', () => fetches.fetched(null));
  events.on('job:complete', ({ job }) => fetches.finished(job.task_identifier));

  const runner: Runner = await run({
    pgPool: connections,
    concurrency: fetches.capacity,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    parsedCronItems: [],
    events,
    logger: quietLogger(log),
    forbiddenFlags: () => fetches.begin(),
    // Its un-batched way to write the end of a job leaves a promise floating, and a lost database would end the process.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: Object.fromEntries(
      definitions.map((definition) => [
        definition.name,
        async (payload: unknown) => {
          const work = options.work(definition, payload as Delivery, made.pool?.id ?? '');
          atWork.add(work);
          await work.finally(() => atWork.delete(work));
        },
      ]),
    ),
  }).catch(async (error: unknown) => {
    await connections.end();
    throw error;
  });
  const endedByItself = runner.promise.catch((error: unknown) => {
    log.error({ err: error }, 'the workers of the job queue ended');
  });
  const endedLate = ending.then(async () => {
    while (atWork.size > 0) await Promise.allSettled(atWork);
    await new Promise((resolve) => setTimeout(resolve, ENDING_MS).unref());
  });
  // Not waited for: a connection that its pool still uses would hold up whoever waits for the workers.
  const ended = Promise.race([endedByItself, endedLate]).finally(() => void connections.end());
  const { pool } = made;
  if (!pool) throw new Error('graphile-worker did not say that it made its pool.');
  return {
    node: pool.id,
    ended,
    nudge: (count) => {
      // A pool that is ending refuses to be nudged.
      if (!pool._shuttingDown) pool.nudge(count);
    },
    stop: async () => {
      runner.stop().catch((error: unknown) => {
        log.warn({ err: error }, 'the workers of the job queue did not stop cleanly');
      });
      await ended;
    },
  };
}

function openConnections(connectionString: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: CONNECTIONS,
    keepAlive: true,
    application_name: 'earshot',
  });
  // Whoever uses a connection that breaks is told by its query; without a listener the process would end.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/**
 * Lets one worker fetch at a time and names the kinds that are at their limit, which makes the limit of each kind exact:
 * graphile-worker itself knows only one number for all.
 */
class Fetches {
  readonly #running = new Map<string, number>();
  readonly #limits: ReadonlyMap<string, number>;
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  constructor(definitions: readonly JobDefinition<unknown>[]) {
    this.#limits = new Map(definitions.map(({ name, concurrency }) => [name, concurrency]));
  }

  get capacity(): number {
    return [...this.#limits.values()].reduce((sum, limit) => sum + limit, 0);
  }

  /** Waits for the turn to fetch. @returns the kinds not to fetch, which every job carries as its flag */
  async begin(): Promise<string[]> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
    return [...this.#limits]
      .filter(([name, limit]) => (this.#running.get(name) ?? 0) >= limit)
      .map(([name]) => name);
  }

  fetched(name: string | null): void {
    if (name !== null) this.#running.set(name, (this.#running.get(name) ?? 0) + 1);
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }

  finished(name: string): void {
    this.#running.set(name, (this.#running.get(name) ?? 1) - 1);
  }
}

/** graphile-worker's errors in our log; the rest is chatter. */
export function quietLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error({}, `job queue: ${message}`);
  });
}
