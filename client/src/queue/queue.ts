import type { Environment } from '../environment.js';
import type { StoredRecord } from '../records/record.js';
import type { StoreReader, StoreTransaction } from '../stores/local-store.js';
import { backoffMs } from './backoff.js';
import type { Operation, OperationKind, Priority } from './operation.js';
import { MAX_ATTEMPTS, PRIORITY } from './operation.js';

/** Order within one entity. */
export const KIND_ORDER: Readonly<Record<OperationKind, number>> = {
  create: 0,
  update: 1,
  play: 2,
  delete: 3,
};

/** The operations of one entity in the order in which they have to happen; what was sent already comes first. */
export async function operationsOf(tx: StoreReader, recordId: string): Promise<readonly Operation[]> {
  const operations = await tx.where('operations', 'recordId', recordId);
  return [...operations].sort(
    (a, b) =>
      KIND_ORDER[a.kind] - KIND_ORDER[b.kind] ||
      Number(b.sent !== null) - Number(a.sent !== null) ||
      a.createdAt - b.createdAt,
  );
}

function newOperation(
  environment: Environment,
  record: StoredRecord,
  kind: OperationKind,
  priority: Priority,
): Operation {
  return {
    id: environment.newId(),
    entityType: record.type,
    recordId: record.id,
    kind,
    priority,
    createdAt: environment.now(),
    attemptCount: 0,
    lastAttemptAt: null,
    nextAttemptAt: 0,
    error: null,
    sent: null,
    exhausted: null,
  };
}

/**
 * Puts an operation into the queue, unless one of the same entity and kind is there that can still take it in (plays are
 * always their own). One that had given up is taken up again.
 */
export async function enqueue(
  tx: StoreTransaction,
  environment: Environment,
  record: StoredRecord,
  kind: OperationKind,
  priority: Priority = PRIORITY.medium,
): Promise<Operation> {
  const same =
    kind === 'play'
      ? undefined
      : (await operationsOf(tx, record.id)).find(
          (operation) => operation.kind === kind && operation.sent === null,
        );
  const operation = same
    ? { ...revived(same), priority: Math.max(same.priority, priority) as Priority }
    : newOperation(environment, record, kind, priority);
  await tx.put('operations', operation);
  return operation;
}

/** Ready at once, with all its attempts before it. */
export const revived = (operation: Operation): Operation => ({
  ...operation,
  attemptCount: 0,
  nextAttemptAt: 0,
  error: null,
  exhausted: null,
});

/** After an attempt that failed because of this operation. Past the last attempt it is kept, and tried no more. */
export function failedAttempt(operation: Operation, error: string, environment: Environment): Operation {
  const attemptCount = operation.attemptCount + 1;
  const now = environment.now();
  return {
    ...operation,
    attemptCount,
    lastAttemptAt: now,
    nextAttemptAt: now + backoffMs(attemptCount, environment),
    error,
    exhausted: attemptCount >= MAX_ATTEMPTS ? 'attempts' : null,
  };
}

/** Takes up again what was given up of one entity. @returns whether there was anything */
export async function reviveOperations(tx: StoreTransaction, recordId: string): Promise<boolean> {
  const given = (await operationsOf(tx, recordId)).filter(({ exhausted }) => exhausted !== null);
  for (const operation of given) await tx.put('operations', revived(operation));
  return given.length > 0;
}

export async function removeOperations(
  tx: StoreTransaction,
  recordId: string,
  which: (operation: Operation) => boolean = () => true,
): Promise<void> {
  for (const operation of await operationsOf(tx, recordId)) {
    if (which(operation)) await tx.delete('operations', operation.id);
  }
}
