import type { Environment } from '../environment.js';
import { EarshotError } from '../http/errors.js';
import { enqueue } from '../queue/queue.js';
import { forgetRecord, settled } from '../records/edits.js';
import { CREATE_FIELDS, orNull, pickFields, sameValue, UPDATE_FIELDS } from '../records/fields.js';
import type { StoredRecord } from '../records/record.js';
import type { StoreTransaction } from '../stores/local-store.js';
import type { EntityValue } from '../wire/entities.js';

/**
 * What a person chose. `mine`: all of the version on this device; of something that was deleted elsewhere it makes a new
 * one. `server`: the server's version, or its absence. `merge`: the server's version with what was changed here. Or fields
 * that were put together by hand.
 */
export type ConflictChoice = 'mine' | 'server' | 'merge' | { readonly fields: EntityValue };

/** @throws EarshotError `notFound` when there is no conflict (any more) */
export async function resolveConflict(
  tx: StoreTransaction,
  environment: Environment,
  id: string,
  choice: ConflictChoice,
): Promise<void> {
  const record = await tx.get('records', id);
  if (!record?.conflict) throw new EarshotError('notFound');
  const { server, version, intent } = record.conflict;
  if (server === null) {
    if (choice === 'server') await forgetRecord(tx, record);
    else await createAgain(tx, environment, record, typeof choice === 'object' ? choice.fields : {});
    return;
  }
  const known: StoredRecord = { ...record, version };
  if (choice === 'server') {
    await tx.put('records', settled(known, server));
  } else if (intent === 'delete' && choice === 'mine') {
    const deleting: StoredRecord = { ...known, status: 'pendingDelete', base: server, conflict: null };
    await tx.put('records', deleting);
    await enqueue(tx, environment, deleting, 'delete');
  } else {
    await update(tx, environment, known, server, chosenFields(record, choice));
  }
}

function chosenFields(record: StoredRecord, choice: ConflictChoice): EntityValue {
  if (choice === 'mine') return pickFields(record.value, UPDATE_FIELDS[record.type]);
  if (typeof choice === 'object') return pickFields(choice.fields, UPDATE_FIELDS[record.type]);
  return record.pendingChanges?.changedFields ?? {};
}

async function update(
  tx: StoreTransaction,
  environment: Environment,
  record: StoredRecord,
  server: EntityValue,
  wanted: EntityValue,
): Promise<void> {
  const fields = Object.fromEntries(
    // An address is signed anew each time; only one that was set here on purpose is worth sending.
    Object.entries(wanted).filter(
      ([name, value]) =>
        !sameValue(value, server[name]) &&
        (name !== 'avatarUrl' || record.pendingChanges?.changedFields.avatarUrl === value),
    ),
  );
  if (Object.keys(fields).length === 0) {
    await tx.put('records', settled(record, server));
    return;
  }
  const next: StoredRecord = {
    ...record,
    status: 'pendingUpdate',
    value: { ...server, ...fields },
    base: server,
    pendingChanges: { changedFields: fields, timestamp: environment.now() },
    conflict: null,
  };
  await tx.put('records', next);
  await enqueue(tx, environment, next, 'update');
}

/** What was deleted elsewhere is made anew from the copy that was kept here; to the server it is another one. */
async function createAgain(
  tx: StoreTransaction,
  environment: Environment,
  record: StoredRecord,
  fields: EntityValue,
): Promise<void> {
  const changes = {
    ...record.pendingChanges?.changedFields,
    ...pickFields(fields, UPDATE_FIELDS[record.type]),
  };
  const later = Object.fromEntries(
    Object.entries(changes).filter(([name]) => !CREATE_FIELDS[record.type].includes(name)),
  );
  const changedFields = orNull(later);
  const next: StoredRecord = {
    ...record,
    value: { ...record.value, ...changes },
    serverId: null,
    serverKey: null,
    version: 0,
    epoch: null,
    base: null,
    status: 'pendingCreate',
    pendingChanges: changedFields && { changedFields, timestamp: environment.now() },
    conflict: null,
  };
  await tx.put('records', next);
  await enqueue(tx, environment, next, 'create');
}
