import type { Kysely } from 'kysely';
import type { PlatformTables } from '../../database/tables.js';
import type { Outcome } from '../attempt.js';
import { asFailed, nextBeat } from '../records.js';
import type { JobTables } from '../tables.js';
import type { ClaimedJob } from './claim.js';

/** Writes how an attempt ended; nothing when the row is no longer this attempt's. */
export async function settle(
  db: Kysely<PlatformTables & JobTables>,
  job: ClaimedJob,
  outcome: Outcome,
  node: string,
  now: number,
): Promise<void> {
  const change = changeAfter(job, outcome, now);
  if (change === null) return;
  if (change === 'remove') {
    await db
      .deleteFrom('background_jobs')
      .where('id', '=', job.id)
      .where('node', '=', node)
      .where('attempts', '=', job.attempt)
      .execute();
    return;
  }
  await db
    .updateTable('background_jobs')
    .set(change)
    .where('id', '=', job.id)
    .where('node', '=', node)
    .where('state', '=', 'running')
    .where('attempts', '=', job.attempt)
    .execute();
}

function changeAfter(job: ClaimedJob, outcome: Outcome, now: number) {
  const waiting = { state: 'waiting' as const, node: null };
  const { everyMs } = job.definition;
  switch (outcome.kind) {
    case 'cancelled':
    case 'lost':
      return null;
    case 'retry':
      return { ...waiting, run_at: outcome.at };
    case 'later':
      return { ...waiting, run_at: outcome.at, attempts: job.attempt - 1 };
    case 'stopping':
      return { ...waiting, attempts: job.attempt - 1 };
    case 'done':
      return everyMs === undefined ? 'remove' : nextRun(job, everyMs, now);
    case 'exhausted':
      return everyMs === undefined
        ? asFailed(job.definition, outcome.reason, now)
        : nextRun(job, everyMs, now);
  }
}

function nextRun(job: ClaimedJob, everyMs: number, now: number) {
  return { state: 'waiting' as const, node: null, attempts: 0, run_at: nextBeat(job.dueAt, everyMs, now) };
}
