import type { Transaction } from '../../database/database.js';
import type { Outcome } from '../attempt.js';
import { asFailed, nextBeat } from '../records.js';
import { withJobs } from '../tables.js';
import type { BegunJob } from './begin.js';
import { admitHeld, deliver, lockOwner } from './deliveries.js';

/** Writes how an attempt ended and lets the owner's next job in; nothing when the row is no longer this attempt's. */
export async function settle(
  tx: Transaction,
  job: BegunJob,
  outcome: Outcome,
  node: string,
  now: number,
): Promise<void> {
  await lockOwner(tx, job.definition.name, job.owner);
  await write(tx, job, outcome, node, now);
  await admitHeld(tx, job.definition, job.owner);
}

async function write(
  tx: Transaction,
  job: BegunJob,
  outcome: Outcome,
  node: string,
  now: number,
): Promise<void> {
  const { everyMs } = job.definition;
  switch (outcome.kind) {
    case 'cancelled':
    case 'lost':
      return;
    case 'retry':
      return again(tx, job, node, { attempts: job.attempt, runAt: outcome.at });
    case 'later':
      return again(tx, job, node, { attempts: job.attempt - 1, runAt: outcome.at });
    case 'stopping':
      return again(tx, job, node, { attempts: job.attempt - 1, runAt: null });
    case 'done':
      if (everyMs !== undefined) break;
      await withJobs(tx)
        .deleteFrom('background_jobs')
        .where('id', '=', job.id)
        .where('delivery', '=', job.delivery)
        .where('node', '=', node)
        .execute();
      return;
    case 'exhausted':
      if (everyMs !== undefined) break;
      await withJobs(tx)
        .updateTable('background_jobs')
        .set(asFailed(job.definition, outcome.reason, now))
        .where('id', '=', job.id)
        .where('delivery', '=', job.delivery)
        .where('node', '=', node)
        .execute();
      return;
  }
  return again(tx, job, node, { attempts: 0, runAt: nextBeat(job.dueAt, everyMs, now) });
}

/** Delivers the row anew: at once (it keeps its place) or at an instant. */
async function again(
  tx: Transaction,
  job: BegunJob,
  node: string,
  { attempts, runAt }: { readonly attempts: number; readonly runAt: number | null },
): Promise<void> {
  const delivery = job.delivery + 1;
  const row = await withJobs(tx)
    .updateTable('background_jobs')
    .set({
      state: runAt === null ? 'ready' : 'waiting',
      node: null,
      attempts,
      delivery,
      ...(runAt === null ? {} : { run_at: runAt }),
    })
    .where('id', '=', job.id)
    .where('delivery', '=', job.delivery)
    .where('node', '=', node)
    .returning('id')
    .executeTakeFirst();
  if (row) await deliver(tx, job.definition.name, { id: job.id, delivery }, runAt);
}
