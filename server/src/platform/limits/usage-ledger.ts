import { type Kysely, sql } from 'kysely';
import type { Transaction } from '../database/database.js';
import type { PlatformTables } from '../database/tables.js';
import { uuidV7 } from '../ids.js';

/** What an owner used of something that is limited, for example 1,200 characters of `speech.characters`. */
export interface Usage {
  readonly owner: string;
  readonly meter: string;
  readonly amount: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Appends a use, in the transaction of the write that it pays for. What a request began as somebody who is merged by now counts, too. */
export async function recordUsage(tx: Transaction, usage: Usage): Promise<void> {
  await tx
    .insertInto('usage_ledger')
    .values(({ fn, selectFrom, val }) => ({
      id: uuidV7(usage.at),
      ...usage,
      owner: fn.coalesce(
        selectFrom('merged_users').select('user_id').where('former_id', '=', usage.owner),
        val(usage.owner),
      ),
    }))
    .execute();
}

/** The sum of what the owner used since an instant (inclusive, milliseconds since the epoch). */
export async function totalUsage(
  db: Kysely<PlatformTables>,
  of: { readonly owner: string; readonly meter: string; readonly since: number },
): Promise<number> {
  const row = await db
    .selectFrom('usage_ledger')
    .select((eb) => eb.fn.sum<number | string | null>('amount').as('total'))
    .where('owner', '=', of.owner)
    .where('meter', '=', of.meter)
    .where('at', '>=', of.since)
    .executeTakeFirst();
  return Number(row?.total ?? 0);
}

/** A UTC day's number since the epoch, of a column that holds epoch milliseconds. Both databases divide whole numbers wholly. */
export const dayNumber = (column: string) => sql<number>`${sql.ref(column)} / 86400000`;

/** `2026-01-31`. */
export const dayOf = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10);

/** What the owner used since an instant (inclusive, milliseconds since the epoch), by UTC day. */
export async function dailyUsage(
  db: Kysely<PlatformTables>,
  of: { readonly owner: string; readonly meter: string; readonly since: number },
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('usage_ledger')
    .select((eb) => [dayNumber('at').as('day'), eb.fn.sum<number | string>('amount').as('amount')])
    .where('owner', '=', of.owner)
    .where('meter', '=', of.meter)
    .where('at', '>=', of.since)
    .groupBy(dayNumber('at'))
    .execute();
  return new Map(rows.map(({ day, amount }) => [dayOf(Number(day)), Number(amount)]));
}

/** Drops uses before an instant (milliseconds since the epoch) that no period looks back to any more. */
export async function forgetUsageBefore(tx: Transaction, before: number): Promise<void> {
  await tx.deleteFrom('usage_ledger').where('at', '<', before).execute();
}
