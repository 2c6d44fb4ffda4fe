import { type Transaction, withTables } from '../../../platform/database/database.js';
import type { AppliedMutationRow, StoriesTables } from '../tables.js';

/** How long it is remembered that a mutation was applied: longer than any device is away and comes back. */
export const MUTATIONS_KEPT_MS = 400 * 24 * 3_600_000;

/** The queries over `stories_applied_mutations`. */
export const appliedMutations = {
  /** Those of the mutations that were applied before, by their ids. */
  among: async (
    tx: Transaction,
    userId: string,
    mutationIds: readonly string[],
  ): Promise<Map<string, Pick<AppliedMutationRow, 'type' | 'entity_id'>>> => {
    if (mutationIds.length === 0) return new Map();
    const rows = await withTables<StoriesTables>(tx)
      .selectFrom('stories_applied_mutations')
      .select(['mutation_id', 'type', 'entity_id'])
      .where('user_id', '=', userId)
      .where('mutation_id', 'in', mutationIds)
      .execute();
    return new Map(rows.map(({ mutation_id, ...outcome }) => [mutation_id, outcome]));
  },

  remember: async (tx: Transaction, row: AppliedMutationRow): Promise<void> => {
    await withTables<StoriesTables>(tx).insertInto('stories_applied_mutations').values(row).execute();
  },

  forgetBefore: async (tx: Transaction, before: number): Promise<void> => {
    await withTables<StoriesTables>(tx)
      .deleteFrom('stories_applied_mutations')
      .where('applied_at', '<', before)
      .execute();
  },
};
