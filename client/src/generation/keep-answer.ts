import type { Environment } from '../environment.js';
import type { StoredRecord } from '../records/record.js';
import { localChanges, newRecord, serverKeyOf } from '../records/record.js';
import { findByServerId, withLocalReferences } from '../records/references.js';
import type { StoreTransaction } from '../stores/local-store.js';
import { readSyncState } from '../sync/state.js';
import type { EntityType, EntityValue } from '../wire/entities.js';

/**
 * Keeps an entity that an answer outside the sync brought. It says nothing about versions: the next pull does, and until
 * then what was changed here stays on top.
 */
export async function keepAnswer(
  tx: StoreTransaction,
  environment: Environment,
  type: EntityType,
  answered: EntityValue & { readonly id: string },
): Promise<StoredRecord> {
  const serverId = answered.id;
  const known = await findByServerId(tx, type, serverId);
  const record =
    known ??
    newRecord({
      id: (await tx.get('records', serverId)) ? environment.newId() : serverId,
      type,
      status: 'synced',
      value: {},
      serverId,
      serverKey: serverKeyOf(type, serverId),
      epoch: (await readSyncState(tx)).epoch,
    });
  const local = await withLocalReferences(tx, type, answered);
  const next: StoredRecord = {
    ...record,
    value: { ...record.value, ...local, ...localChanges(record), id: record.id },
    lastSyncedAt: environment.now(),
  };
  await tx.put('records', next);
  return next;
}
