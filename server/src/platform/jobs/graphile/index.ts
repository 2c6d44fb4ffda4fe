import { runMigrations } from 'graphile-worker';
import { sql } from 'kysely';
import { type Clock, systemClock } from '../../clock.js';
import type { Database, Transaction } from '../../database/database.js';
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
import { type BegunJob, begin } from './begin.js';
import { admitHeld, type Delivery, deliver, hasPlace, keyOf, lockOwner, withdraw } from './deliveries.js';
import { giveBack, heldBy, recoverFromTheDead, sayAlive, takeBack } from './nodes.js';
import { settle } from './settle.js';
import { announceCancelled, quietLogger, startWorkers, type Workers } from './workers.js';

export interface GraphileJobsOptions {
  /** The PostgreSQL database, whose schema holds `jobMigrations`. */
  readonly database: Database;
  /** The same database, for graphile-worker's own few connections. */
  readonly connectionString: string;
  readonly log: Log;
  readonly clock?: Clock;
  /** How often a node says that it is alive. */
  readonly heartbeatMs?: number;
  /** After so long without a word a node counts as dead, and its jobs run elsewhere. */
  readonly deadAfterMs?: number;
  /** How often a node looks for jobs whose time has come; all others are announced by the database. */
  readonly lookMs?: number;
}

/** Two nodes that start together must not both make graphile-worker's schema. */
const SCHEMA_LOCK = 7_241_095;
const RESTART_MS = 1_000;
const FORGET_FAILED_MS = 60 * 60 * 1000;

/**
 * Jobs on PostgreSQL. The row in `background_jobs` is the truth and says who may run when; graphile-worker carries deliveries
 * of rows to workers on any node and wakes them. Its schema is brought up to date before this resolves.
 */
export async function graphileJobs(options: GraphileJobsOptions): Promise<Jobs> {
  await options.database.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(${SCHEMA_LOCK})`.execute(tx);
    await runMigrations({ connectionString: options.connectionString, logger: quietLogger(options.log) });
  });
  return new GraphileJobs(options);
}

interface Running {
  readonly job: BegunJob;
  readonly attempt: Attempt;
  readonly settled: Promise<void>;
}

class GraphileJobs implements Jobs {
  readonly #database: Database;
  readonly #connectionString: string;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #heartbeatMs: number;
  readonly #deadAfterMs: number;
  readonly #lookMs: number;
  readonly #definitions = new Definitions();
  readonly #running = new Map<string, Running>();
  /** The keys of the deliveries that workers of this node are at. */
  readonly #atWork = new Set<string>();
  /** Those that the database believes to be here and that were not at the last heartbeat. */
  #unknown: ReadonlySet<string> = new Set();
  #workers: Workers | null = null;
  #keepingWorkers: Promise<void> = Promise.resolve();
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  readonly counts: Jobs['counts'];
  readonly failed: Jobs['failed'];
  readonly has: Jobs['has'];
  readonly waiting: Jobs['waiting'];

  constructor(options: GraphileJobsOptions) {
    this.#database = options.database;
    this.#connectionString = options.connectionString;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    this.#heartbeatMs = options.heartbeatMs ?? 5_000;
    this.#deadAfterMs = options.deadAfterMs ?? 25_000;
    this.#lookMs = options.lookMs ?? 1_000;
    ({
      counts: this.counts,
      failed: this.failed,
      has: this.has,
      waiting: this.waiting,
    } = jobQueries(options.database, this.#definitions));
  }

  define<P>(definition: JobDefinition<P>): void {
    this.#definitions.add(definition);
  }

  enqueue: Jobs['enqueue'] = async (tx, job) => {
    const definition = this.#definitions.enqueuable(job.name);
    const now = this.#clock.now();
    const { owner = '', runAt = now } = job;
    const later = runAt > now;
    if (!later) await lockOwner(tx, job.name, owner);
    const place = later || (await hasPlace(tx, definition, owner));
    const id = await insertJob(tx, job, later ? 'waiting' : place ? 'ready' : 'held', now);
    if (id !== null && place) await deliver(tx, job.name, { id, delivery: 0 }, later ? runAt : null);
  };

  cancel: Jobs['cancel'] = async (tx, uniqueKey) => {
    const found = await withJobs(tx)
      .selectFrom('background_jobs')
      .select(['name', 'owner'])
      .where('unique_key', '=', uniqueKey)
      .where('recurring', '=', 0)
      .executeTakeFirst();
    if (!found) return;
    await lockOwner(tx, found.name, found.owner);
    const row = await withJobs(tx)
      .deleteFrom('background_jobs')
      .where('unique_key', '=', uniqueKey)
      .where('recurring', '=', 0)
      .returning(['id', 'state', 'delivery'])
      .executeTakeFirst();
    if (!row) return;
    // Announced when, and only when, the transaction commits; to all nodes, this one included.
    if (row.state === 'running') await announceCancelled(tx, row.id);
    else await withdraw(tx, row);
    // A running one keeps its worker until it has noticed; its owner's next job may come in already.
    await admitHeld(tx, this.#definitions.get(found.name), found.owner);
  };

  retry: Jobs['retry'] = (id) =>
    this.#database.transaction(async (tx) => {
      const found = await findRetriable(withJobs(tx), id);
      if (!found || !this.#definitions.retries(found.name)) return false;
      await lockOwner(tx, found.name, found.owner);
      const place = await hasPlace(tx, this.#definitions.get(found.name), found.owner);
      const delivery = found.delivery + 1;
      const row = await withJobs(tx)
        .updateTable('background_jobs')
        .set({ state: place ? 'ready' : 'held', delivery, ...asNew(this.#clock.now()) })
        .where('id', '=', id)
        // Another node may have been asked the same.
        .where('state', '=', 'failed')
        .where('delivery', '=', found.delivery)
        .returning('id')
        .executeTakeFirst();
      if (row && place) await deliver(tx, found.name, { id, delivery }, null);
      return row !== undefined;
    });

  async start(): Promise<void> {
    await this.#database.transaction(async (tx) => {
      await recoverFromTheDead(tx, this.#deadAfterMs);
      for (const definition of this.#definitions.all()) {
        if (definition.everyMs !== undefined) await this.#ensureBeat(tx, definition);
      }
      await forgetFailed(withJobs(tx), this.#clock.now());
    });
    this.#workers = await this.#openWorkers();
    this.#keepingWorkers = this.#keepWorkers(this.#workers);
    this.#repeat(this.#heartbeatMs, 'this node cannot say that it is alive', () => this.#beat());
    this.#repeat(this.#lookMs, 'jobs whose time has come cannot be looked for', () => this.#look());
    this.#repeat(FORGET_FAILED_MS, 'old failed jobs cannot be removed', () =>
      this.#database.transaction((tx) => forgetFailed(withJobs(tx), this.#clock.now())),
    );
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const workers = this.#workers;
    if (!workers) return;
    const stopping = workers.stop();
    const abort = setTimeout(() => {
      for (const { attempt } of this.#running.values()) attempt.abort('stopping');
    }, graceMs);
    await stopping;
    clearTimeout(abort);
    await this.#keepingWorkers;
    await this.#database
      .transaction((tx) => takeBack(tx, [workers.node]))
      .catch((error: unknown) =>
        this.#log.warn({ err: error }, 'this node could not sign off; its jobs are taken over later'),
      );
  }

  async #ensureBeat(tx: Transaction, definition: JobDefinition<unknown>): Promise<void> {
    const db = withJobs(tx);
    const id = await ensureRecurring(db, definition, this.#clock.now());
    if (id === null) return;
    const row = await db
      .updateTable('background_jobs')
      .set((eb) => ({ delivery: eb('delivery', '+', 1) }))
      .where('id', '=', id)
      .returning(['delivery', 'run_at'])
      .executeTakeFirstOrThrow();
    await deliver(tx, definition.name, { id, delivery: row.delivery }, row.run_at);
  }

  async #openWorkers(): Promise<Workers> {
    const workers = await startWorkers({
      connectionString: this.#connectionString,
      definitions: this.#definitions.all(),
      log: this.#log,
      work: (definition, delivery, node) => this.#work(definition, delivery, node),
      onCancelled: (id) => this.#running.get(id)?.attempt.abort('cancelled'),
    });
    try {
      await this.#database.transaction((tx) => sayAlive(tx, workers.node));
    } catch (error) {
      await workers.stop();
      throw error;
    }
    return workers;
  }

  /** graphile-worker's pool ends itself when it cannot write how a job ended; then its jobs go back and a new one begins. */
  async #keepWorkers(first: Workers): Promise<void> {
    for (let workers: Workers | undefined = first; workers; ) {
      await workers.ended;
      if (this.#stopped) return;
      const { node } = workers;
      workers = await untilDone<Workers>(
        async () => {
          await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
          await this.#database.transaction((tx) => takeBack(tx, [node]));
          return this.#openWorkers();
        },
        () => this.#stopped,
        this.#log,
      );
      if (workers) this.#workers = workers;
      if (this.#stopped) await workers?.stop();
    }
  }

  async #work(definition: JobDefinition<unknown>, delivery: Delivery, node: string): Promise<void> {
    const key = keyOf(delivery);
    this.#atWork.add(key);
    await this.#carryOut(definition, delivery, node).finally(() => this.#atWork.delete(key));
  }

  async #carryOut(definition: JobDefinition<unknown>, delivery: Delivery, node: string): Promise<void> {
    const job = await untilDone(
      () => this.#database.transaction((tx) => begin(tx, definition, delivery, node)),
      () => this.#stopped,
      this.#log,
    );
    if (job === undefined) throw new Error('The node stopped before it could begin the job.');
    if (job === null) return;
    const attempt = startAttempt(definition, job, () => this.#clock.now());
    const settled = this.#finish(job, attempt, node);
    this.#running.set(job.id, { job, attempt, settled });
    await settled;
  }

  async #finish(job: BegunJob, attempt: Attempt, node: string): Promise<void> {
    const ended = await attempt.outcome;
    const now = this.#clock.now();
    const outcome = await concluded(ended, job, now, this.#log);
    await untilDone(
      () => this.#database.transaction((tx) => settle(tx, job, outcome, node, now)),
      () => this.#stopped,
      this.#log,
    );
    if (this.#running.get(job.id)?.attempt === attempt) this.#running.delete(job.id);
  }

  async #beat(): Promise<void> {
    const node = this.#workers?.node;
    if (!node) return;
    const before = [...this.#running.values()];
    const rows = await this.#database.transaction(async (tx) => {
      await sayAlive(tx, node);
      await this.#reconcile(tx, node);
      const dead = await recoverFromTheDead(tx, this.#deadAfterMs);
      if (dead.length > 0) this.#log.warn({ nodes: dead }, 'took over the jobs of nodes that fell silent');
      if (before.length === 0) return [];
      return withJobs(tx)
        .selectFrom('background_jobs')
        .select(['id', 'delivery'])
        .where(
          'id',
          'in',
          before.map(({ job }) => job.id),
        )
        .execute();
    });
    const deliveries = new Map(rows.map((row) => [row.id, row.delivery]));
    for (const { job, attempt } of before) {
      if (!deliveries.has(job.id)) attempt.abort('cancelled');
      else if (deliveries.get(job.id) !== job.delivery) attempt.abort('lost');
    }
  }

  /** Gives back what this node holds without knowing. Twice unknown, because between fetching and knowing there is a moment. */
  async #reconcile(tx: Transaction, node: string): Promise<void> {
    const unknown = (await heldBy(tx, node)).filter((key) => !this.#atWork.has(key));
    const lost = unknown.filter((key) => this.#unknown.has(key));
    this.#unknown = new Set(unknown);
    if (lost.length > 0) await giveBack(tx, node, lost);
  }

  async #look(): Promise<void> {
    const due = await withJobs(this.#database.read)
      .selectFrom('background_jobs')
      .select('id')
      .where('state', 'in', ['ready', 'waiting'])
      .where('run_at', '<=', this.#clock.now())
      .limit(100)
      .execute();
    if (due.length > 0 && !this.#stopped) this.#workers?.nudge(due.length);
  }

  /** Does `work` again and again with a pause between; says once per outage that it fails. */
  #repeat(everyMs: number, failure: string, work: () => Promise<void>): void {
    let failing = false;
    const again = (): void => {
      if (this.#stopped) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        work()
          .then(
            () => {
              failing = false;
            },
            (error: unknown) => {
              if (!failing && !this.#stopped) this.#log.error({ err: error }, failure);
              failing = true;
            },
          )
          .finally(again);
      }, everyMs);
      this.#timers.add(timer);
      timer.unref();
    };
    again();
  }
}
