import type { Transaction } from '../../database/database.js';
import type { JobDefinition } from '../jobs.js';
import { withJobs } from '../tables.js';
import { type Delivery, hasPlace, lockOwner } from './deliveries.js';

/** A row that this node runs. */
export interface BegunJob extends Delivery {
  readonly definition: JobDefinition<unknown>;
  readonly owner: string;
  readonly payload: unknown;
  readonly attempt: number;
  readonly dueAt: number;
}

/** Marks a delivered row as running here, or returns null when there is nothing to run (any more, or yet). */
export async function begin(
  tx: Transaction,
  definition: JobDefinition<unknown>,
  { id, delivery }: Delivery,
  node: string,
): Promise<BegunJob | null> {
  const db = withJobs(tx);
  const found = await db
    .selectFrom('background_jobs')
    .select(['owner', 'state'])
    .where('id', '=', id)
    .where('delivery', '=', delivery)
    .where('state', 'in', ['ready', 'waiting'])
    .executeTakeFirst();
  if (!found) return null;
  if (found.state === 'waiting') {
    // It waited for its time outside its owner's places; now it needs one.
    await lockOwner(tx, definition.name, found.owner);
    if (!(await hasPlace(tx, definition, found.owner))) {
      await db
        .updateTable('background_jobs')
        .set({ state: 'held' })
        .where('id', '=', id)
        .where('delivery', '=', delivery)
        .where('state', '=', 'waiting')
        .execute();
      return null;
    }
  }
  const row = await db
    .updateTable('background_jobs')
    .set((eb) => ({ state: 'running' as const, node, attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('delivery', '=', delivery)
    .where('state', '=', found.state)
    .returning(['payload', 'attempts', 'run_at'])
    .executeTakeFirst();
  if (!row) return null;
  return {
    id,
    delivery,
    definition,
    owner: found.owner,
    payload: JSON.parse(row.payload ?? 'null'),
    attempt: row.attempts,
    dueAt: row.run_at,
  };
}
