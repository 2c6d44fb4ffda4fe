import type { Environment } from '../environment.js';
import type { Operation } from '../queue/operation.js';
import { enqueue, operationsOf, removeOperations } from '../queue/queue.js';
import { settled } from '../records/edits.js';
import { orNull } from '../records/fields.js';
import type { StoredRecord } from '../records/record.js';
import { localChanges } from '../records/record.js';
import type { StoreTransaction } from '../stores/local-store.js';
import type { EntityValue } from '../wire/entities.js';
import { decideConflict } from './decide.js';
import type { ConflictPolicies } from './policies.js';

/** What is told to the app about a conflict. */
export interface ConflictEvent {
  readonly recordId: string;
  readonly type: StoredRecord['type'];
  readonly outcome: 'takeServer' | 'rebase' | 'ask';
  readonly discarded: EntityValue | null;
}

export interface ConflictContext {
  readonly environment: Environment;
  readonly policies: ConflictPolicies;
  readonly epoch: string;
  readonly told: (event: ConflictEvent) => void;
}

/** A record with local changes meets a newer version of the server (null: deleted there). Writes what follows from it. */
export async function meetServerVersion(
  tx: StoreTransaction,
  context: ConflictContext,
  record: StoredRecord,
  server: EntityValue | null,
  version: number,
): Promise<void> {
  const seen = { ...record, version, epoch: context.epoch };
  const intent = intentOf(record);
  if (record.status === 'conflict' || server === null) {
    return await ask(tx, context, seen, server, version, intent);
  }
  const decision = decideConflict(
    {
      type: record.type,
      intent,
      base: record.base,
      changes: localChanges(record),
      changedAt: record.pendingChanges?.timestamp ?? context.environment.now(),
      server,
    },
    context.policies,
  );
  if (decision.outcome === 'ask') return await ask(tx, context, seen, server, version, intent);
  const at = context.environment.now();
  const discarded = decision.discarded ? { fields: decision.discarded, at } : record.discarded;
  const known = { ...seen, discarded, serverUpdatedAt: dateOf(server), lastSyncedAt: at };
  if (decision.outcome === 'takeServer') {
    await removeOperations(tx, record.id, ({ kind }) => kind !== 'play');
    await tx.put('records', settled(known, server));
  } else if (intent === 'delete') {
    await tx.put('records', { ...known, base: server });
    await moveToVersion(tx, record.id, version);
  } else {
    await rebase(tx, context.environment, known, server, decision.fields);
  }
  if (decision.outcome === 'takeServer' || decision.discarded || intent === 'delete') {
    context.told({
      recordId: record.id,
      type: record.type,
      outcome: decision.outcome,
      discarded: decision.discarded,
    });
  }
}

/**
 * Puts these local fields on top of the server's version. What was sent and not answered keeps its mutation id and, as far as
 * it is still wanted, its fields; so it happens once even if the server has done it already.
 */
async function rebase(
  tx: StoreTransaction,
  environment: Environment,
  record: StoredRecord,
  server: EntityValue,
  fields: EntityValue,
): Promise<void> {
  const sent: Record<string, unknown> = {};
  const pending: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const later = record.pendingChanges !== null && name in record.pendingChanges.changedFields;
    (record.sentChanges && name in record.sentChanges && !later ? sent : pending)[name] = value;
  }
  const sentChanges = orNull(sent);
  const changedFields = orNull(pending);
  const timestamp = record.pendingChanges?.timestamp ?? environment.now();
  const next: StoredRecord = {
    ...record,
    value: { ...server, ...fields },
    base: server,
    sentChanges,
    pendingChanges: changedFields && { changedFields, timestamp },
  };
  await tx.put('records', next);
  const isUpdate = ({ kind }: Operation): boolean => kind === 'update';
  for (const operation of (await operationsOf(tx, record.id)).filter(isUpdate)) {
    if (operation.sent === null) continue;
    if (sentChanges === null) await tx.delete('operations', operation.id);
    else {
      const mutation = { ...operation.sent, fields: sentChanges, baseVersion: record.version };
      await tx.put('operations', { ...operation, sent: mutation });
    }
  }
  if (changedFields === null) {
    await removeOperations(tx, record.id, (operation) => isUpdate(operation) && operation.sent === null);
  } else if (record.status !== 'failed') await enqueue(tx, environment, next, 'update');
}

/** A delete that stands is made on the new version. */
async function moveToVersion(tx: StoreTransaction, recordId: string, version: number): Promise<void> {
  for (const operation of await operationsOf(tx, recordId)) {
    if (operation.sent?.baseVersion === undefined) continue;
    await tx.put('operations', { ...operation, sent: { ...operation.sent, baseVersion: version } });
  }
}

async function ask(
  tx: StoreTransaction,
  context: ConflictContext,
  record: StoredRecord,
  server: EntityValue | null,
  version: number,
  intent: 'update' | 'delete',
): Promise<void> {
  const now = context.environment.now();
  const changedFields = orNull(localChanges(record));
  await removeOperations(tx, record.id, ({ kind }) => kind !== 'play' || server === null);
  await tx.put('records', {
    ...record,
    status: 'conflict',
    sentChanges: null,
    pendingChanges: changedFields && { changedFields, timestamp: record.pendingChanges?.timestamp ?? now },
    ...(server === null && { pendingPlays: 0, pendingPlayedAt: null }),
    failedOperation: null,
    syncError: null,
    conflict: { server, version, intent, detectedAt: now },
  });
  context.told({ recordId: record.id, type: record.type, outcome: 'ask', discarded: null });
}

function intentOf(record: StoredRecord): 'update' | 'delete' {
  if (record.conflict) return record.conflict.intent;
  return record.status === 'pendingDelete' || record.failedOperation === 'delete' ? 'delete' : 'update';
}

const dateOf = (value: EntityValue): string | null =>
  typeof value.updatedAt === 'string' ? value.updatedAt : null;
