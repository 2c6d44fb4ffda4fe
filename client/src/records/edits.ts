import type { Environment } from '../environment.js';
import { EarshotError } from '../http/errors.js';
import { dropReportsOf } from '../listening/report.js';
import { enqueue, operationsOf, removeOperations, reviveOperations } from '../queue/queue.js';
import type { StoreTransaction } from '../stores/local-store.js';
import type { EntityType, EntityValue } from '../wire/entities.js';
import { CREATE_FIELDS, orNull, pickFields, UPDATE_FIELDS } from './fields.js';
import { newEntityValue, sideEffectsOf } from './new-values.js';
import type { StoredRecord } from './record.js';
import { newRecord } from './record.js';
import { dependantsOf } from './references.js';

/** What a user does to an entity: written to the store with its operation in the same transaction, and sent later. */

export async function createRecord(
  tx: StoreTransaction,
  environment: Environment,
  type: EntityType,
  fields: EntityValue,
): Promise<StoredRecord> {
  const id = environment.newId();
  const now = new Date(environment.now()).toISOString();
  const record = newRecord({
    id,
    type,
    status: 'pendingCreate',
    value: {
      ...newEntityValue(type),
      ...pickFields(fields, CREATE_FIELDS[type]),
      id,
      createdAt: now,
      updatedAt: now,
    },
  });
  await tx.put('records', record);
  await enqueue(tx, environment, record, 'create');
  return record;
}

/** @throws EarshotError `notFound` when there is no such entity, or it is being deleted */
export async function editRecord(
  tx: StoreTransaction,
  environment: Environment,
  type: EntityType,
  id: string,
  fields: EntityValue,
): Promise<StoredRecord> {
  const record = await existing(tx, type, id);
  if (record.status === 'pendingDelete') throw new EarshotError('notFound');
  const changes = pickFields(fields, UPDATE_FIELDS[type]);
  if (Object.keys(changes).length === 0) return record;
  const now = environment.now();
  const unsentCreate = (await operationsOf(tx, id)).find(
    ({ kind, sent }) => kind === 'create' && sent === null,
  );
  const later = unsentCreate ? omit(changes, CREATE_FIELDS[type]) : changes;
  const pending = orNull({ ...record.pendingChanges?.changedFields, ...later });
  const edited: StoredRecord = {
    ...record,
    value: {
      ...record.value,
      ...sideEffectsOf(type, record.value, changes),
      ...changes,
      updatedAt: new Date(now).toISOString(),
    },
    base: record.base ?? (record.serverId === null ? null : record.value),
    pendingChanges: pending && { changedFields: pending, timestamp: now },
  };
  if (record.status === 'conflict') {
    await tx.put('records', edited);
    return edited;
  }
  await reviveOperations(tx, id);
  // Who goes on working on something does not want it deleted any more.
  if (record.failedOperation === 'delete') await removeOperations(tx, id, ({ kind }) => kind === 'delete');
  if (!unsentCreate) await enqueue(tx, environment, record, 'update');
  const creating = unsentCreate !== undefined || record.serverId === null;
  const next: StoredRecord = {
    ...edited,
    status: creating ? 'pendingCreate' : 'pendingUpdate',
    failedOperation: null,
    syncError: null,
  };
  await tx.put('records', next);
  return next;
}

/** Deleting what never reached the server removes it at once. @throws EarshotError `notFound` */
export async function deleteRecord(
  tx: StoreTransaction,
  environment: Environment,
  type: EntityType,
  id: string,
): Promise<void> {
  const record = await existing(tx, type, id);
  if (record.status === 'pendingDelete') return;
  const operations = await operationsOf(tx, id);
  const gone = record.conflict !== null && record.conflict.server === null;
  const neverSent = record.serverId === null && operations.every(({ sent }) => sent === null);
  if (gone || neverSent) {
    await forgetRecord(tx, record);
    return;
  }
  await removeOperations(tx, id, ({ kind, sent }) => kind === 'play' || (kind === 'update' && sent === null));
  await reviveOperations(tx, id);
  const deleting: StoredRecord = {
    ...record,
    ...(record.conflict && { base: record.conflict.server, version: record.conflict.version }),
    status: 'pendingDelete',
    base: record.conflict?.server ?? record.base ?? record.value,
    pendingChanges: null,
    pendingPlays: 0,
    pendingPlayedAt: null,
    failedOperation: null,
    syncError: null,
    conflict: null,
  };
  await tx.put('records', deleting);
  await enqueue(tx, environment, deleting, 'delete');
}

/** One more play of a story, as an event of its own: two devices' plays add up. @throws EarshotError `notFound` */
export async function playRecord(
  tx: StoreTransaction,
  environment: Environment,
  id: string,
): Promise<StoredRecord> {
  const record = await existing(tx, 'story', id);
  if (record.status === 'pendingDelete') throw new EarshotError('notFound');
  const played: StoredRecord = {
    ...record,
    pendingPlays: record.pendingPlays + 1,
    pendingPlayedAt: new Date(environment.now()).toISOString(),
  };
  await tx.put('records', played);
  await enqueue(tx, environment, played, 'play');
  return played;
}

/** Tries a failed entity again, with all attempts before it. */
export async function retryRecord(tx: StoreTransaction, environment: Environment, id: string): Promise<void> {
  const record = await tx.get('records', id);
  if (record?.status !== 'failed' || record.failedOperation === null) return;
  if (!(await reviveOperations(tx, id))) await enqueue(tx, environment, record, record.failedOperation);
  const statuses = { create: 'pendingCreate', update: 'pendingUpdate', delete: 'pendingDelete' } as const;
  await tx.put('records', {
    ...record,
    status: statuses[record.failedOperation],
    failedOperation: null,
    syncError: null,
  });
}

/** Gives up what was changed here and goes back to the server's version. What the server never had is removed. */
export async function revertRecord(tx: StoreTransaction, id: string): Promise<void> {
  const record = await tx.get('records', id);
  if (!record || record.status === 'synced') return;
  if (record.serverId === null || (record.conflict !== null && record.conflict.server === null)) {
    await forgetRecord(tx, record);
    return;
  }
  await removeOperations(tx, id, ({ kind }) => kind !== 'play');
  const version = record.conflict?.version ?? record.version;
  await tx.put('records', {
    ...settled(record, record.conflict?.server ?? record.base ?? record.value),
    version,
  });
}

/** Removes an entity from this device with everything that belongs to it, without telling the server. */
export async function forgetRecord(tx: StoreTransaction, record: StoredRecord): Promise<void> {
  for (const dependant of await dependantsOf(tx, record)) await forgetRecord(tx, dependant);
  if (record.type === 'customEvent') await unlinkEvent(tx, record.id);
  if (record.type === 'story') await dropReportsOf(tx, record.id);
  await removeOperations(tx, record.id);
  await tx.delete('records', record.id);
}

/** A record that is equal to the server's again. */
export const settled = (record: StoredRecord, value: EntityValue): StoredRecord => ({
  ...record,
  value,
  status: 'synced',
  base: null,
  sentChanges: null,
  pendingChanges: null,
  failedOperation: null,
  syncError: null,
  conflict: null,
});

/** Stories stay when their event goes, as on the server. */
async function unlinkEvent(tx: StoreTransaction, eventId: string): Promise<void> {
  for (const story of await tx.where('records', 'type', 'story')) {
    if (story.value.customEventId === eventId) {
      await tx.put('records', { ...story, value: { ...story.value, customEventId: null } });
    }
  }
}

async function existing(tx: StoreTransaction, type: EntityType, id: string): Promise<StoredRecord> {
  const record = await tx.get('records', id);
  if (record?.type !== type) throw new EarshotError('notFound');
  return record;
}

const omit = (value: EntityValue, names: readonly string[]): EntityValue =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
