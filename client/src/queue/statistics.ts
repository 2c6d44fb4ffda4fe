import type { EntityType } from '../wire/index.js';
import type { Operation, OperationKind } from './operation.js';

/** What the queue holds (contract §7.5). */
export interface QueueStatistics {
  readonly total: number;
  readonly ready: number;
  /** In backoff. */
  readonly waiting: number;
  /** Tried no more, kept for inspection. */
  readonly failed: number;
  readonly byType: Readonly<Partial<Record<EntityType, number>>>;
  readonly byOperation: Readonly<Partial<Record<OperationKind, number>>>;
}

export function queueStatistics(operations: readonly Operation[], now: number): QueueStatistics {
  const byType: Partial<Record<EntityType, number>> = {};
  const byOperation: Partial<Record<OperationKind, number>> = {};
  let failed = 0;
  let waiting = 0;
  for (const { entityType, kind, exhausted, nextAttemptAt } of operations) {
    byType[entityType] = (byType[entityType] ?? 0) + 1;
    byOperation[kind] = (byOperation[kind] ?? 0) + 1;
    if (exhausted) failed += 1;
    else if (nextAttemptAt > now) waiting += 1;
  }
  const total = operations.length;
  return { total, ready: total - failed - waiting, waiting, failed, byType, byOperation };
}
