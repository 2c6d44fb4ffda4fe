import { sql } from 'kysely';
import { type Transaction, withTables } from '../../platform/database/database.js';
import type { Adoption } from '../../platform/identity/identity-links.js';
import type { Platform } from '../../platform/platform.js';
import { recordTables } from './record-store.js';
import type { StoriesTables } from './tables.js';

/** Rows whose keys are unique for each user: where both have one, the account's own stays. */
const KEYED = [
  ['stories_milestones', ['milestone_id']],
  ['stories_idempotent_answers', ['key']],
  ['stories_applied_mutations', ['mutation_id']],
  ['stories_imported_items', ['kind', 'local_id']],
] as const;

/** How an account takes in the stories of a sign-in that is linked to it: behind its own in the order in which devices sync. */
export function storiesAdoption({ changes, clock }: Pick<Platform, 'changes' | 'clock'>): Adoption {
  return {
    adopt: async (tx, from, to) => {
      const growth = await changes.append(tx, from, to);
      for (const table of Object.values(recordTables))
        await restamp(tx, table, { from, to, growth, now: clock.now() });
      for (const [table, columns] of KEYED) await dropKnown(tx, table, columns, from, to);
      await renameOrders(tx, from, to);
      await joinProfiles(tx, from, to);
    },
    adopted: async (_, to) => {
      const { latest } = await changes.state(to);
      await changes.announce(to, latest);
    },
  };
}

/** Devices find rows by their version, or by an `updated_at` that is later than all they have seen. */
async function restamp(
  tx: Transaction,
  table: (typeof recordTables)[keyof typeof recordTables],
  { from, to, growth, now }: { from: string; to: string; growth: number; now: number },
): Promise<void> {
  const name = sql.table(table);
  const { latest } = await withTables<StoriesTables>(tx)
    .selectFrom(table)
    .select((eb) => eb.fn.max('updated_at').as('latest'))
    .where('user_id', 'in', [from, to])
    .executeTakeFirstOrThrow();
  const newest = Math.max(now, Number(latest ?? 0));
  await sql`update ${name} set version = version + ${growth}, updated_at = place + ${newest}
    from (
      select id as placed_id, row_number() over (order by updated_at, id) as place from ${name} where user_id = ${from}
    ) as placed
    where placed_id = id`.execute(tx);
}

async function dropKnown(
  tx: Transaction,
  table: string,
  columns: readonly string[],
  from: string,
  to: string,
): Promise<void> {
  const name = sql.table(table);
  const same = sql.join(
    columns.map((column) => sql`own.${sql.ref(column)} = ${sql.ref(`${table}.${column}`)}`),
    sql` and `,
  );
  await sql`delete from ${name} where user_id = ${from}
    and exists (select 1 from ${name} as own where own.user_id = ${to} and ${same})`.execute(tx);
}

/** What is being made goes on. Two orders for the same at the same time stay two, and a key names the account's own. */
async function renameOrders(tx: Transaction, from: string, to: string): Promise<void> {
  const stories = withTables<StoriesTables>(tx);
  const own = stories.selectFrom('stories_generations').where('user_id', '=', to);
  await stories
    .updateTable('stories_generations')
    .set({ fingerprint: sql<string>`fingerprint || ' ' || id` })
    .where('user_id', '=', from)
    .where('status', '=', 'processing')
    .where('fingerprint', 'in', own.where('status', '=', 'processing').select('fingerprint'))
    .execute();
  await stories
    .updateTable('stories_generations')
    .set({ idempotency_key: null })
    .where('user_id', '=', from)
    .where('idempotency_key', 'in', own.where('idempotency_key', 'is not', null).select('idempotency_key'))
    .execute();
}

/** Counters add up; the account's own language stays. */
async function joinProfiles(tx: Transaction, from: string, to: string): Promise<void> {
  const stories = withTables<StoriesTables>(tx);
  const of = (userId: string) =>
    stories.selectFrom('stories_profiles').selectAll().where('user_id', '=', userId).executeTakeFirst();
  const [theirs, own] = [await of(from), await of(to)];
  if (!theirs || !own) return;
  await stories
    .updateTable('stories_profiles')
    .set({
      total_stories: own.total_stories + theirs.total_stories,
      total_audio: own.total_audio + theirs.total_audio,
      total_illustrations: own.total_illustrations + theirs.total_illustrations,
      last_story_at: Math.max(own.last_story_at ?? 0, theirs.last_story_at ?? 0) || null,
      preferred_language: own.preferred_language ?? theirs.preferred_language,
    })
    .where('user_id', '=', to)
    .execute();
  await stories.deleteFrom('stories_profiles').where('user_id', '=', from).execute();
}
