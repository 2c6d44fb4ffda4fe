import type { ConflictContext } from '../conflicts/apply.js';
import { meetServerVersion } from '../conflicts/apply.js';
import { forgetRecord } from '../records/edits.js';
import type { StoredRecord } from '../records/record.js';
import { needsSync, newRecord, serverKeyOf } from '../records/record.js';
import { dependantsOf, findByServerId, withLocalReferences } from '../records/references.js';
import type { StoreReader, StoreTransaction } from '../stores/local-store.js';
import type { EntityType, EntityValue } from '../wire/entities.js';

/** One entity as the server has it now; a null value: it was deleted. */
export interface ServerVersion {
  readonly type: EntityType;
  readonly id: string;
  readonly version: number;
  readonly value: EntityValue | null;
}

/**
 * Takes in what the server has. A row with local changes is never overwritten: it meets the new version as a conflict.
 *
 * @returns whether anything changed; an echo of what is known already does not
 */
export async function takeIn(
  tx: StoreTransaction,
  context: ConflictContext,
  server: ServerVersion,
): Promise<boolean> {
  const record = await findByServerId(tx, server.type, server.id);
  if (!record) {
    if (server.value === null) return false;
    // The server's id serves as local id, unless a copy that was made anew after a deletion still bears it.
    const taken = (await tx.get('records', server.id)) !== undefined;
    const created = newRecordOf(taken ? context.environment.newId() : server.id, server);
    const value = await localise(tx, created, server.value);
    await tx.put('records', asSynced(created, context, server, value));
    return true;
  }
  if (record.epoch === context.epoch && server.version <= record.version) return false;
  if (server.value === null) {
    await meetDeletion(tx, context, record, server.version);
    return true;
  }
  const value = await localise(tx, record, server.value);
  if (needsSync(record)) await meetServerVersion(tx, context, record, value, server.version);
  else await tx.put('records', asSynced(record, context, server, value));
  return true;
}

/** Deleted elsewhere: gone here as well, unless something would be lost that the server never had. */
export async function meetDeletion(
  tx: StoreTransaction,
  context: ConflictContext,
  record: StoredRecord,
  version: number,
): Promise<void> {
  if (record.status === 'pendingDelete' || record.failedOperation === 'delete') {
    await forgetRecord(tx, record);
    return;
  }
  const unsentDependants = (await dependantsOf(tx, record)).some(
    (dependant) => needsSync(dependant) && dependant.status !== 'pendingDelete',
  );
  if (needsSync(record) || unsentDependants) await meetServerVersion(tx, context, record, null, version);
  else await forgetRecord(tx, record);
}

/** Equal to the server's version. */
export const asSynced = (
  record: StoredRecord,
  context: Pick<ConflictContext, 'environment' | 'epoch'>,
  server: ServerVersion,
  value: EntityValue,
): StoredRecord => ({
  ...record,
  value,
  version: server.version,
  epoch: context.epoch,
  status: 'synced',
  lastSyncedAt: context.environment.now(),
  serverUpdatedAt: typeof value.updatedAt === 'string' ? value.updatedAt : null,
});

/** The server's value with the ids of this device. */
export const localise = async (
  tx: StoreReader,
  record: StoredRecord,
  value: EntityValue,
): Promise<EntityValue> => ({ ...(await withLocalReferences(tx, record.type, value)), id: record.id });

const newRecordOf = (id: string, server: ServerVersion): StoredRecord =>
  newRecord({
    id,
    type: server.type,
    status: 'synced',
    value: {},
    serverId: server.id,
    serverKey: serverKeyOf(server.type, server.id),
  });
