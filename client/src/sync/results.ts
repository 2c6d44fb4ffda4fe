import type { ConflictContext } from '../conflicts/apply.js';
import { meetServerVersion } from '../conflicts/apply.js';
import { moveIntents } from '../generation/intents.js';
import { moveReports } from '../listening/report.js';
import type { Operation } from '../queue/operation.js';
import { enqueue, failedAttempt, operationsOf, removeOperations } from '../queue/queue.js';
import { forgetRecord } from '../records/edits.js';
import type { StoredRecord } from '../records/record.js';
import { serverKeyOf } from '../records/record.js';
import { findByServerId } from '../records/references.js';
import type { StoreTransaction } from '../stores/local-store.js';
import type { SyncResult } from '../wire/sync.js';
import type { BatchItem } from './batch.js';
import { asSynced, localise, meetDeletion, takeIn } from './server-values.js';

/** Takes in the answer to one item. An item that is not in the queue any more was answered before. */
export async function takeResult(
  tx: StoreTransaction,
  context: ConflictContext,
  item: BatchItem,
  result: SyncResult,
): Promise<void> {
  if ('report' in item) {
    if (PASSING.includes(result.reason?.code ?? '')) return;
    // Told, or refused for good because its story is gone: nothing a person could do about it.
    await tx.delete('listening', item.report.id);
    if (isDone(result)) await takeNow(tx, context, item.mutation.type, result);
    return;
  }
  const operation = await tx.get('operations', item.operation.id);
  const record = operation && (await tx.get('records', operation.recordId));
  if (!operation || !record) return;
  if (isDone(result)) await takeDone(tx, context, operation, record, result);
  else if (result.status === 'conflict') await takeConflict(tx, context, operation, record, result);
  else await takeRefusal(tx, context, operation, record, result);
}

/** The request failed because of this item alone. */
export async function takeFailure(
  tx: StoreTransaction,
  context: ConflictContext,
  item: BatchItem,
  failure: { readonly message: string; readonly final: boolean },
): Promise<void> {
  if ('report' in item) {
    if (failure.final) await tx.delete('listening', item.report.id);
    return;
  }
  const operation = await tx.get('operations', item.operation.id);
  const record = operation && (await tx.get('records', operation.recordId));
  if (operation && record) await noteAttempt(tx, context, operation, record, failure);
}

async function noteAttempt(
  tx: StoreTransaction,
  context: ConflictContext,
  operation: Operation,
  record: StoredRecord,
  failure: { readonly message: string; readonly final: boolean },
): Promise<void> {
  if (failure.final && (await dropForDeletion(tx, operation, record))) return;
  const failed = failedAttempt(operation, failure.message, context.environment);
  await tx.put('operations', failure.final ? { ...failed, exhausted: 'rejected' } : failed);
  await tx.put(
    'records',
    failure.final || failed.exhausted
      ? markFailed(record, operation.kind, failure.message)
      : { ...record, syncError: failure.message },
  );
}

const isDone = (result: SyncResult): boolean => result.status === 'applied' || result.status === 'duplicate';

async function takeNow(
  tx: StoreTransaction,
  context: ConflictContext,
  type: StoredRecord['type'],
  { id, version, value }: SyncResult,
): Promise<void> {
  if (id === undefined || version === undefined || value === undefined) return;
  await takeIn(tx, context, { type, id, version, value });
}

async function takeDone(
  tx: StoreTransaction,
  context: ConflictContext,
  operation: Operation,
  record: StoredRecord,
  result: SyncResult,
): Promise<void> {
  await tx.delete('operations', operation.id);
  if (operation.kind === 'delete') {
    await forgetRecord(tx, record);
  } else if (operation.kind === 'play') {
    await tx.put('records', withoutPlay(record));
    await takeNow(tx, context, record.type, result);
  } else if (operation.kind === 'create' && result.id !== undefined) {
    await absorbTwin(tx, context, record, result.id);
    const created = (await tx.get('records', record.id)) ?? record;
    const serverKey = serverKeyOf(record.type, result.id);
    await takeOwn(tx, context, { ...created, serverId: result.id, serverKey }, result);
  } else {
    await takeOwn(tx, context, { ...record, sentChanges: null }, result);
  }
}

/** The server has done what was asked. Edits made in the meantime stay on top of its value. */
async function takeOwn(
  tx: StoreTransaction,
  context: ConflictContext,
  record: StoredRecord,
  result: SyncResult,
): Promise<void> {
  const version = result.version ?? record.version;
  const changes = record.pendingChanges?.changedFields;
  if (!result.value) {
    // Done, and deleted by somebody else since: only edits that were made in the meantime could get lost.
    const status = changes || record.status === 'pendingDelete' ? record.status : 'synced';
    await meetDeletion(tx, context, { ...record, status, base: null, epoch: context.epoch }, version);
    return;
  }
  const server = { type: record.type, id: result.id ?? record.serverId ?? '', version, value: result.value };
  // A pull may have been quicker with something newer.
  const older = record.epoch === context.epoch && version < record.version && record.base !== null;
  const value = older && record.base ? record.base : await localise(tx, record, result.value);
  const base = asSynced(record, context, older ? { ...server, version: record.version } : server, value);
  const clean = { ...base, base: null, failedOperation: null, syncError: null };
  if (record.status === 'pendingDelete') {
    await tx.put('records', { ...clean, status: 'pendingDelete', base: value });
  } else if (changes) {
    const edited: StoredRecord = {
      ...clean,
      status: 'pendingUpdate',
      value: { ...value, ...changes },
      base: value,
    };
    await tx.put('records', edited);
    await enqueue(tx, context.environment, edited, 'update');
  } else {
    await tx.put('records', clean);
  }
}

async function takeConflict(
  tx: StoreTransaction,
  context: ConflictContext,
  operation: Operation,
  record: StoredRecord,
  result: SyncResult,
): Promise<void> {
  if (operation.kind === 'update' && record.status === 'pendingDelete') {
    await tx.delete('operations', operation.id);
    await takeDeletionConflict(tx, context, { ...record, sentChanges: null }, result);
    return;
  }
  // Certainly not done, so it may be put together anew under the same id.
  await tx.put('operations', { ...operation, sent: null });
  const open = unsent(record, context.environment.now());
  await tx.put('records', open);
  const version = result.version ?? record.version;
  if (!result.value) await meetDeletion(tx, context, { ...open, version, epoch: context.epoch }, version);
  else await meetServerVersion(tx, context, open, await localise(tx, record, result.value), version);
}

async function takeDeletionConflict(
  tx: StoreTransaction,
  context: ConflictContext,
  record: StoredRecord,
  result: SyncResult,
): Promise<void> {
  await tx.put('records', record);
  if (!result.value) await forgetRecord(tx, record);
  else {
    const value = await localise(tx, record, result.value);
    await meetServerVersion(tx, context, record, value, result.version ?? record.version);
  }
}

/** Refusals that have nothing to do with what was asked. */
const PASSING = ['InternalServerError', 'ServerError', 'ServiceUnavailable', 'RateLimitExceeded', 'AIError'];

/** A change that failed for good, of something that is to be deleted: only the deletion is left to do. */
async function dropForDeletion(
  tx: StoreTransaction,
  operation: Operation,
  record: StoredRecord,
): Promise<boolean> {
  if (record.status !== 'pendingDelete' || operation.kind === 'delete') return false;
  if (operation.kind === 'create') await forgetRecord(tx, record);
  else {
    await tx.delete('operations', operation.id);
    await tx.put('records', { ...record, sentChanges: null });
  }
  return true;
}

async function takeRefusal(
  tx: StoreTransaction,
  context: ConflictContext,
  operation: Operation,
  record: StoredRecord,
  result: SyncResult,
): Promise<void> {
  const code = result.reason?.code ?? '';
  const missing = code === 'NotFound';
  const message = result.reason?.message ?? 'The server refused this.';
  if (PASSING.includes(code)) {
    await noteAttempt(tx, context, operation, record, { message, final: false });
    return;
  }
  if (operation.kind === 'play') {
    await tx.delete('operations', operation.id);
    await tx.put('records', withoutPlay(record));
    return;
  }
  if (missing && operation.kind === 'delete') {
    await forgetRecord(tx, record);
    return;
  }
  if (await dropForDeletion(tx, operation, record)) return;
  const open = unsent(record, context.environment.now());
  if (missing && operation.kind === 'update') {
    await tx.put('operations', { ...operation, sent: null });
    await meetServerVersion(tx, context, open, null, record.version);
    return;
  }
  const failed = failedAttempt({ ...operation, sent: null }, message, context.environment);
  await tx.put('operations', { ...failed, exhausted: 'rejected' });
  await tx.put('records', markFailed(open, operation.kind, message));
  // What was waiting behind a create that will not happen: an update has nothing to say that the create would not.
  if (operation.kind === 'create') await removeOperations(tx, record.id, ({ kind }) => kind === 'update');
}

/** What was on its way counts as not sent again; later edits stay above it. */
function unsent(record: StoredRecord, now: number): StoredRecord {
  if (record.sentChanges === null) return record;
  const changedFields = { ...record.sentChanges, ...record.pendingChanges?.changedFields };
  const timestamp = record.pendingChanges?.timestamp ?? now;
  return { ...record, sentChanges: null, pendingChanges: { changedFields, timestamp } };
}

const markFailed = (record: StoredRecord, kind: Operation['kind'], message: string): StoredRecord =>
  kind === 'play' ? record : { ...record, status: 'failed', failedOperation: kind, syncError: message };

const withoutPlay = (record: StoredRecord): StoredRecord => ({
  ...record,
  pendingPlays: Math.max(record.pendingPlays - 1, 0),
  pendingPlayedAt: record.pendingPlays <= 1 ? null : record.pendingPlayedAt,
});

/**
 * The entity may have come by a pull before the answer to its create did. Then there are two records of one entity: the one
 * made here stays, and takes over what was done to the other.
 */
async function absorbTwin(
  tx: StoreTransaction,
  context: ConflictContext,
  record: StoredRecord,
  serverId: string,
): Promise<void> {
  const twin = await findByServerId(tx, record.type, serverId);
  if (!twin || twin.id === record.id) return;
  const field = { hero: 'heroId', story: 'storyId', customEvent: 'customEventId', illustration: null }[
    record.type
  ];
  for (const type of ['story', 'illustration'] as const) {
    for (const dependant of await tx.where('records', 'type', type)) {
      if (field === null || dependant.value[field] !== twin.id) continue;
      await tx.put('records', { ...dependant, value: { ...dependant.value, [field]: record.id } });
    }
  }
  const changedFields = {
    ...record.pendingChanges?.changedFields,
    ...twin.sentChanges,
    ...twin.pendingChanges?.changedFields,
  };
  const deleting = twin.status === 'pendingDelete' || record.status === 'pendingDelete';
  const merged: StoredRecord = {
    ...record,
    status: deleting ? 'pendingDelete' : record.status,
    pendingPlays: record.pendingPlays + twin.pendingPlays,
    pendingPlayedAt: twin.pendingPlayedAt ?? record.pendingPlayedAt,
    pendingChanges:
      deleting || Object.keys(changedFields).length === 0
        ? null
        : { changedFields, timestamp: context.environment.now() },
  };
  await tx.put('records', merged);
  for (const operation of await operationsOf(tx, twin.id)) {
    if (operation.kind === 'update') await tx.delete('operations', operation.id);
    else await tx.put('operations', { ...operation, recordId: record.id });
  }
  await moveReports(tx, twin.id, record.id);
  await moveIntents(tx, twin.id, record.id);
  await tx.delete('records', twin.id);
}
