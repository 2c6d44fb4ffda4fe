import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.js';
import { withJobs } from '../tables.js';
import { deliver } from './deliveries.js';

/** Milliseconds since the epoch by the database's clock: the nodes' own clocks may disagree. */
const NOW = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** Says that a node is alive. */
export async function sayAlive(tx: Transaction, node: string): Promise<void> {
  await withJobs(tx)
    .insertInto('job_nodes')
    .values({ id: node, seen_at: NOW })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: NOW }))
    .execute();
}

/**
 * Takes back what nodes held that have not been heard of for `deadAfterMs`, and delivers it anew.
 *
 * @returns the names of those nodes
 */
export async function recoverFromTheDead(tx: Transaction, deadAfterMs: number): Promise<string[]> {
  const silent = await withJobs(tx)
    .deleteFrom('job_nodes')
    .where('seen_at', '<', sql<number>`${NOW} - ${deadAfterMs}`)
    .returning('id')
    .execute();
  // Died before it first said that it was alive.
  const unknown = await sql<{ id: string }>`
    select distinct locked_by as id from graphile_worker.jobs
    where locked_by is not null and locked_at < now() - ${deadAfterMs} * interval '1 millisecond'
      and locked_by not in (select id from job_nodes)`.execute(tx);
  const dead = [...new Set([...silent, ...unknown.rows].map(({ id }) => id))];
  if (dead.length > 0) await takeBack(tx, dead);
  return dead;
}

/** Takes back what the given nodes hold and delivers it anew. The attempts that they were at count. */
export async function takeBack(tx: Transaction, nodes: readonly string[]): Promise<void> {
  const db = withJobs(tx);
  await db
    .deleteFrom('job_nodes')
    .where('id', 'in', [...nodes])
    .execute();
  await sql`select graphile_worker.force_unlock_workers(${[...nodes]}::text[])`.execute(tx);
  await deliverAnew(tx, sql<boolean>`node = any(${[...nodes]}::text[])`);
}

/** The deliveries (by their keys) that the database believes `node` to be at: fetched by it, or begun. */
export async function heldBy(tx: Transaction, node: string): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    select key from graphile_worker.jobs where locked_by = ${node} and key is not null
    union
    select id || ':' || delivery from background_jobs where state = 'running' and node = ${node}`.execute(tx);
  return rows.map(({ key }) => key);
}

/**
 * Makes deliveries free again that `node` holds without knowing: the answer to its fetch, or to its beginning, was lost with
 * the connection. graphile-worker itself would leave them locked for four hours.
 */
export async function giveBack(tx: Transaction, node: string, keys: readonly string[]): Promise<void> {
  await sql`update graphile_worker._private_jobs set locked_at = null, locked_by = null
    where locked_by = ${node} and key = any(${[...keys]}::text[])`.execute(tx);
  await deliverAnew(tx, sql<boolean>`node = ${node} and id || ':' || delivery = any(${[...keys]}::text[])`);
}

/** Delivers the running rows of which `isMeant` holds once more; what was delivered before is void. */
async function deliverAnew(tx: Transaction, isMeant: RawBuilder<boolean>): Promise<void> {
  const rows = await withJobs(tx)
    .updateTable('background_jobs')
    .set((eb) => ({ state: 'ready' as const, node: null, delivery: eb('delivery', '+', 1) }))
    .where('state', '=', 'running')
    .where(isMeant)
    .returning(['id', 'name', 'delivery'])
    .execute();
  for (const { name, ...delivery } of rows) await deliver(tx, name, delivery, null);
}
