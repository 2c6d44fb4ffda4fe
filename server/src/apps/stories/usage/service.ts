import type { Database, Transaction } from '../../../platform/database/database.js';
import { withTables } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { CallOutcome, LimitedOperation, LimitState, UsageService } from '../services.js';
import type { StoriesTables } from '../tables.js';
import { limitedOperations, limitsOf, WINDOW_MS } from './limits.js';
import { lockOwner } from './owner-lock.js';

const WORDS: Readonly<Record<LimitedOperation, string>> = {
  story_generation: 'stories',
  audio_generation: 'narrations',
  avatar_generation: 'avatars',
  illustration_generation: 'illustrations',
  ai_assistant: 'requests to the assistant',
};

/** Limits over the ledger's rows of the last 60 minutes (contract §6): one row for each call of an engine, none for refused ones. */
export function createUsageService({
  clock,
  config,
  database,
}: Pick<Platform, 'clock' | 'config' | 'database'>): UsageService {
  const limits = limitsOf(config);

  const stateOf = async (
    db: Database['read'],
    userId: string,
    operation: LimitedOperation,
    now: number,
  ): Promise<LimitState> => {
    const { used, oldest } = await withTables<StoriesTables>(db)
      .selectFrom('stories_generation_usage')
      .select((eb) => [eb.fn.sum<number | null>('units').as('used'), eb.fn.min('created_at').as('oldest')])
      .where('user_id', '=', userId)
      .where('operation', '=', operation)
      .where('units', '>', 0)
      .where('created_at', '>', now - WINDOW_MS)
      .executeTakeFirstOrThrow();
    const limit = limits[operation];
    return {
      limit,
      remaining: Math.max(0, limit - Number(used ?? 0)),
      resetAt: (oldest === null ? now : Number(oldest)) + WINDOW_MS,
    };
  };

  const take = async (tx: Transaction, userId: string, operation: LimitedOperation, units: number) => {
    await lockOwner(database, tx, userId);
    const now = clock.now();
    const { limit, remaining, resetAt } = await stateOf(tx, userId, operation, now);
    if (remaining >= units) return now;
    throw errors.rateLimited(
      `You have made as many ${WORDS[operation]} as an hour allows (${limit}). Please come back later.`,
      {
        retryAfterSeconds: (resetAt - now) / 1_000,
        details: { operation, limit, remaining, resetAt },
      },
    );
  };

  const settle = async (tx: Transaction, usageId: string, outcome: CallOutcome) => {
    const { success, tokens = null, cost = null, durationMs, error = null } = outcome;
    await withTables<StoriesTables>(tx)
      .updateTable('stories_generation_usage')
      .set({
        success: success ? 1 : 0,
        tokens,
        cost,
        duration_ms: Math.round(durationMs),
        error,
        // What failed is on the record, but nobody has used it: who tries again must not run out.
        ...(success ? {} : { units: 0 }),
      })
      .where('id', '=', usageId)
      .execute();
  };

  return {
    reserve: async (tx, userId, operation, model, units = 1, id = uuidV7(clock.now())) => {
      const stories = withTables<StoriesTables>(tx);
      const known = await stories
        .selectFrom('stories_generation_usage')
        .select('id')
        .where('id', '=', id)
        .executeTakeFirst();
      if (known) return id;
      const now = await take(tx, userId, operation, units);
      await stories
        .insertInto('stories_generation_usage')
        .values({
          id,
          user_id: userId,
          operation,
          model,
          units,
          tokens: null,
          cost: null,
          duration_ms: null,
          success: null,
          error: null,
          created_at: now,
        })
        .execute();
      return id;
    },
    check: async (tx, userId, operation) => {
      await take(tx, userId, operation, 1);
    },
    settle: (usageId, outcome, tx) =>
      tx ? settle(tx, usageId, outcome) : database.transaction((own) => settle(own, usageId, outcome)),
    states: async (userId) => {
      const now = clock.now();
      const found = await Promise.all(
        limitedOperations.map(async (operation) => [
          operation,
          await stateOf(database.read, userId, operation, now),
        ]),
      );
      return Object.fromEntries(found) as Record<LimitedOperation, LimitState>;
    },
  };
}
