import type { Environment } from '../environment.js';
import type { ListeningReport } from '../listening/report.js';
import type { Operation, OperationKind } from '../queue/operation.js';
import { operationsOf } from '../queue/queue.js';
import type { StoredRecord } from '../records/record.js';
import type { StoreTransaction } from '../stores/local-store.js';
import type { EntityType } from '../wire/entities.js';
import type { SyncMutation } from '../wire/sync.js';
import { PUSH_LIMIT } from '../wire/sync.js';
import { buildListening, buildMutation } from './mutations.js';

/** One item of a push, with what its answer concerns. */
export type BatchItem =
  | { readonly mutation: SyncMutation; readonly operation: Operation }
  | { readonly mutation: SyncMutation; readonly report: ListeningReport };

/** Creates, updates, plays, deletes (contract §7.4). */
const PHASE: Readonly<Record<OperationKind, number>> = { create: 0, update: 1, play: 2, delete: 3 };
/** A story needs its hero and its event; deletes go the other way round. */
const TYPE_ORDER: Readonly<Record<EntityType, number>> = {
  hero: 0,
  customEvent: 1,
  story: 2,
  illustration: 3,
};
/** Well below the server's limit for a body. */
const BATCH_BYTES = 512 * 1024;

function inOrder(a: Operation, b: Operation): number {
  const byType = TYPE_ORDER[a.entityType] - TYPE_ORDER[b.entityType];
  return (
    PHASE[a.kind] - PHASE[b.kind] ||
    (a.kind === 'delete' ? -byType : byType) ||
    b.priority - a.priority ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : 1)
  );
}

export interface BatchOptions {
  readonly environment: Environment;
  /** Also what is in backoff. */
  readonly ignoreBackoff: boolean;
  /** Operations that have had their share of this cycle. */
  readonly exclude: (operationId: string) => boolean;
}

/**
 * Chooses what to send next and writes down that it is being sent, in the caller's transaction. Of one entity only the first
 * operation is taken (plays apart, which depend on nothing but the entity); what waits for a create that is taken now ends
 * the batch, so that the phases keep their order.
 */
export async function takeBatch(tx: StoreTransaction, options: BatchOptions): Promise<readonly BatchItem[]> {
  const items: BatchItem[] = [];
  const taken = new Set<string>();
  let bytes = 0;
  const fits = (mutation: SyncMutation): boolean => {
    bytes += JSON.stringify(mutation).length * 2;
    return items.length === 0 || (items.length < PUSH_LIMIT && bytes <= BATCH_BYTES);
  };
  for (const operation of [...(await tx.all('operations'))].sort(inOrder)) {
    if (!isReady(operation, options) || !(await isFirst(tx, operation))) continue;
    const record = await tx.get('records', operation.recordId);
    if (!record) {
      await tx.delete('operations', operation.id);
      continue;
    }
    const built = operation.sent ? { mutation: operation.sent } : await buildMutation(tx, operation, record);
    if ('obstacle' in built) {
      if (built.obstacle.kind === 'impossible') await giveUp(tx, operation, record, built.obstacle.reason);
      else if (taken.has(built.obstacle.forRecord)) return items;
      continue;
    }
    if (!fits(built.mutation)) return items;
    const sending = { ...operation, sent: built.mutation };
    if (operation.sent === null) await writeDown(tx, sending, record);
    items.push({ mutation: built.mutation, operation: sending });
    if (operation.kind === 'create') taken.add(record.id);
  }
  for (const report of await tx.all('listening')) {
    if (options.exclude(report.id)) continue;
    const mutation = await buildListening(tx, report);
    if (!mutation) continue;
    if (!fits(mutation)) return items;
    items.push({ mutation, report });
  }
  return items;
}

function isReady(operation: Operation, { environment, ignoreBackoff, exclude }: BatchOptions): boolean {
  if (operation.exhausted !== null || exclude(operation.id)) return false;
  return ignoreBackoff || operation.nextAttemptAt <= environment.now();
}

async function isFirst(tx: StoreTransaction, operation: Operation): Promise<boolean> {
  const before = (await operationsOf(tx, operation.recordId)).filter(({ kind }) => kind !== 'play');
  if (operation.kind === 'play') return before[0]?.kind !== 'create';
  return before[0]?.id === operation.id;
}

/** Before it is sent: from here on it may have happened. */
async function writeDown(tx: StoreTransaction, operation: Operation, record: StoredRecord): Promise<void> {
  await tx.put('operations', operation);
  if (operation.kind !== 'update') return;
  await tx.put('records', {
    ...record,
    sentChanges: { ...record.sentChanges, ...operation.sent?.fields },
    pendingChanges: null,
  });
}

async function giveUp(
  tx: StoreTransaction,
  operation: Operation,
  record: StoredRecord,
  reason: string,
): Promise<void> {
  await tx.put('operations', { ...operation, exhausted: 'rejected', error: reason });
  await tx.put('records', { ...record, status: 'failed', failedOperation: 'create', syncError: reason });
}
