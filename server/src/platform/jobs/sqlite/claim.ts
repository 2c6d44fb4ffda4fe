import type { Kysely } from 'kysely';
import type { PlatformTables } from '../../database/tables.js';
import type { JobDefinition } from '../jobs.js';
import type { JobTables } from '../tables.js';

type JobsDb = Kysely<PlatformTables & JobTables>;

/** Room for jobs of one kind. */
export interface Place {
  readonly definition: JobDefinition<unknown>;
  readonly free: number;
  /** How many of each owner are running. */
  readonly owners: ReadonlyMap<string, number>;
  /** The owner who was served last. */
  readonly lastTurn: string;
}

export interface ClaimedJob {
  readonly definition: JobDefinition<unknown>;
  readonly id: string;
  readonly owner: string;
  readonly payload: unknown;
  readonly attempt: number;
  readonly dueAt: number;
}

/**
 * Leases as many due jobs as there is room for: owners take turns, and each owner's jobs come in the order of their time.
 *
 * @param mine ids that run in this process, whatever their lease says
 */
export async function claim(
  db: JobsDb,
  places: readonly Place[],
  mine: readonly string[],
  lease: { readonly node: string; readonly until: number },
  now: number,
): Promise<ClaimedJob[]> {
  await db
    .updateTable('background_jobs')
    .set({ state: 'waiting', node: null })
    .where('state', '=', 'running')
    .where('lease_until', '<=', now)
    .where('id', 'not in', [...mine])
    .execute();
  const claimed: ClaimedJob[] = [];
  for (const place of places) claimed.push(...(await fill(db, place, lease, now)));
  return claimed;
}

async function fill(
  db: JobsDb,
  { definition, free, owners, lastTurn }: Place,
  lease: { readonly node: string; readonly until: number },
  now: number,
): Promise<ClaimedJob[]> {
  const claimed: ClaimedJob[] = [];
  const counts = new Map(owners);
  let turn = lastTurn;
  while (claimed.length < free) {
    const row =
      (await nextOf(db, definition, counts, '>', turn, now)) ??
      (await nextOf(db, definition, counts, '>=', '', now));
    if (!row) break;
    await db
      .updateTable('background_jobs')
      .set({ state: 'running', node: lease.node, lease_until: lease.until, attempts: row.attempts + 1 })
      .where('seq', '=', row.seq)
      .execute();
    turn = row.owner;
    counts.set(turn, (counts.get(turn) ?? 0) + 1);
    claimed.push({
      definition,
      id: row.id,
      owner: row.owner,
      payload: JSON.parse(row.payload ?? 'null'),
      attempt: row.attempts + 1,
      dueAt: row.run_at,
    });
  }
  return claimed;
}

/** The first due job of the first owner after (or from) `turn` who may run one more. */
function nextOf(
  db: JobsDb,
  { name, perOwner = Number.POSITIVE_INFINITY }: JobDefinition<unknown>,
  counts: ReadonlyMap<string, number>,
  after: '>' | '>=',
  turn: string,
  now: number,
) {
  const full = [...counts].filter(([owner, n]) => owner !== '' && n >= perOwner).map(([owner]) => owner);
  return db
    .selectFrom('background_jobs')
    .select(['seq', 'id', 'owner', 'payload', 'attempts', 'run_at'])
    .where('state', '=', 'waiting')
    .where('name', '=', name)
    .where('owner', after, turn)
    .where('owner', 'not in', full)
    .where('run_at', '<=', now)
    .orderBy('owner')
    .orderBy('run_at')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
}

/** The next instant at which a row becomes due or a lease that is nobody's any more ends; null when there is none. */
export async function nextDue(db: JobsDb, mine: readonly string[], now: number): Promise<number | null> {
  const waiting = await db
    .selectFrom('background_jobs')
    .select((eb) => eb.fn.min('run_at').as('at'))
    .where('state', '=', 'waiting')
    .where('run_at', '>', now)
    .executeTakeFirst();
  const leased = await db
    .selectFrom('background_jobs')
    .select((eb) => eb.fn.min('lease_until').as('at'))
    .where('state', '=', 'running')
    .where('id', 'not in', [...mine])
    .executeTakeFirst();
  const instants = [waiting?.at, leased?.at].filter((at) => typeof at === 'number');
  return instants.length === 0 ? null : Math.min(...instants);
}
