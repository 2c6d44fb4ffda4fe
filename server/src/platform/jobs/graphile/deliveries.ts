import { sql } from 'kysely';
import type { Transaction } from '../../database/database.js';
import type { JobDefinition } from '../jobs.js';
import { withJobs } from '../tables.js';

/** What graphile-worker carries: which row to run. The row itself is the truth; another delivery of it is void. */
export interface Delivery {
  readonly id: string;
  readonly delivery: number;
}

/** First half of the advisory lock that makes one owner's admissions of one kind happen one after another. */
const ADMISSION_LOCK = 7_241_094;

/** Hands a row to graphile-worker when `tx` commits. */
export async function deliver(
  tx: Transaction,
  name: string,
  { id, delivery }: Delivery,
  runAt: number | null,
): Promise<void> {
  const at = runAt === null ? null : new Date(runAt).toISOString();
  await sql`select graphile_worker.add_job(
    identifier => ${name}::text,
    payload => ${JSON.stringify({ id, delivery })}::json,
    run_at => ${at}::timestamptz,
    job_key => ${keyOf({ id, delivery })}::text,
    flags => array[${name}]::text[]
  )`.execute(tx);
}

/** Takes a delivery back that nobody has begun. */
export async function withdraw(tx: Transaction, delivery: Delivery): Promise<void> {
  await sql`select graphile_worker.remove_job(${keyOf(delivery)}::text)`.execute(tx);
}

/** The name of a delivery in graphile-worker's queue. */
export const keyOf = ({ id, delivery }: Delivery): string => `${id}:${delivery}`;

/**
 * How many jobs of one owner and kind may be under way (running, or ready in graphile-worker's queue) at once. The rest is
 * held back, so graphile-worker's first-come-first-served queue never has more than a few of one owner before another's.
 */
const placesOf = ({ perOwner, concurrency }: JobDefinition<unknown>): number => perOwner ?? concurrency;

/** Waits for its turn to admit jobs of an owner. Must be taken before rows are written, always, or deadlocks follow. */
export async function lockOwner(tx: Transaction, name: string, owner: string): Promise<void> {
  if (owner === '') return;
  await sql`select pg_advisory_xact_lock(${ADMISSION_LOCK}::int, hashtext(${`${name}\n${owner}`}))`.execute(
    tx,
  );
}

/** True when one more job of the owner may be under way. The caller holds the owner's lock. */
export async function hasPlace(
  tx: Transaction,
  definition: JobDefinition<unknown>,
  owner: string,
): Promise<boolean> {
  return owner === '' || (await underWay(tx, definition.name, owner)) < placesOf(definition);
}

/** Moves the owner's oldest held jobs into the places that are free. The caller holds the owner's lock. */
export async function admitHeld(
  tx: Transaction,
  definition: JobDefinition<unknown>,
  owner: string,
): Promise<void> {
  if (owner === '') return;
  const free = placesOf(definition) - (await underWay(tx, definition.name, owner));
  if (free <= 0) return;
  const held = await withJobs(tx)
    .selectFrom('background_jobs')
    .select(['id', 'delivery'])
    .where('state', '=', 'held')
    .where('name', '=', definition.name)
    .where('owner', '=', owner)
    .orderBy('run_at')
    .orderBy('seq')
    .limit(free)
    .execute();
  for (const row of held) {
    const next = { id: row.id, delivery: row.delivery + 1 };
    await withJobs(tx)
      .updateTable('background_jobs')
      .set({ state: 'ready', delivery: next.delivery })
      .where('id', '=', row.id)
      .execute();
    await deliver(tx, definition.name, next, null);
  }
}

async function underWay(tx: Transaction, name: string, owner: string): Promise<number> {
  const row = await withJobs(tx)
    .selectFrom('background_jobs')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('state', 'in', ['ready', 'running'])
    .where('name', '=', name)
    .where('owner', '=', owner)
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}
