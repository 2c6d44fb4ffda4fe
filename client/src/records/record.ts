import type { EntityType, EntityValue } from '../wire/entities.js';

export type SyncStatus =
  | 'synced'
  | 'pendingCreate'
  | 'pendingUpdate'
  | 'pendingDelete'
  | 'failed'
  | 'conflict';

/** For the screen (contract §7.2). */
export const STATUS_NAMES: Readonly<Record<SyncStatus, string>> = {
  synced: 'Synced',
  pendingCreate: 'Creating…',
  pendingUpdate: 'Updating…',
  pendingDelete: 'Deleting…',
  failed: 'Sync Failed',
  conflict: 'Conflict',
};

/** What was changed here since the base version, merged over several edits. */
export interface PendingChanges {
  readonly changedFields: EntityValue;
  /** When the newest of the edits was made, in epoch milliseconds of this device. */
  readonly timestamp: number;
}

/** Two versions of one entity that only a person can choose between. */
export interface RecordConflict {
  /** The server's copy; null when it was deleted there. */
  readonly server: EntityValue | null;
  readonly version: number;
  /** What this device wanted to do. */
  readonly intent: 'update' | 'delete';
  readonly detectedAt: number;
}

/**
 * One entity as it is kept on the device. `value` is what the user sees: the server's value, then what is on its way, then
 * what is not sent yet. References in it (`heroId`, `storyId`, `customEventId`) are local ids.
 */
export interface StoredRecord {
  /** The local id: a UUID made here, or the server's id for what came from there. */
  readonly id: string;
  readonly type: EntityType;
  readonly value: EntityValue;
  readonly serverId: string | null;
  /** `<type>:<serverId>`, to find it by. */
  readonly serverKey: string | null;
  /** The server's version that `base` (or, without local changes, `value`) is of. */
  readonly version: number;
  /** The epoch that `version` counts in. */
  readonly epoch: string | null;
  readonly status: SyncStatus;
  readonly failedOperation: 'create' | 'update' | 'delete' | null;
  /** The server's value, as long as `value` is another one. */
  readonly base: EntityValue | null;
  /** Fields of an update that is on its way and not answered yet. */
  readonly sentChanges: EntityValue | null;
  readonly pendingChanges: PendingChanges | null;
  /** Times played that the server has not counted yet. */
  readonly pendingPlays: number;
  readonly pendingPlayedAt: string | null;
  /** Epoch milliseconds. */
  readonly lastSyncedAt: number | null;
  readonly serverUpdatedAt: string | null;
  readonly syncError: string | null;
  readonly conflict: RecordConflict | null;
  /** What a conflict policy gave up, so that it can still be shown. */
  readonly discarded: { readonly fields: EntityValue; readonly at: number } | null;
}

export const serverKeyOf = (type: EntityType, serverId: string): string => `${type}:${serverId}`;

/** True when this device has something that the server does not have (plays are counted apart). */
export const needsSync = (record: StoredRecord): boolean => record.status !== 'synced';

/** Everything the user changed and the server has not confirmed. */
export const localChanges = (record: StoredRecord): EntityValue => ({
  ...record.sentChanges,
  ...record.pendingChanges?.changedFields,
});

/** A record that is new on this device. */
export function newRecord(
  row: Pick<StoredRecord, 'id' | 'type' | 'value' | 'status'> & Partial<StoredRecord>,
): StoredRecord {
  return {
    serverId: null,
    serverKey: null,
    version: 0,
    epoch: null,
    failedOperation: null,
    base: null,
    sentChanges: null,
    pendingChanges: null,
    pendingPlays: 0,
    pendingPlayedAt: null,
    lastSyncedAt: null,
    serverUpdatedAt: null,
    syncError: null,
    conflict: null,
    discarded: null,
    ...row,
  };
}
