import type { StoredRecord, SyncStatus } from '../records/record.js';
import { needsSync, STATUS_NAMES } from '../records/record.js';
import type { EntityType, EntityValue, EntityValues } from '../wire/entities.js';

/** How an entity on this device stands to the server (contract §7.2). */
export interface SyncInfo {
  readonly status: SyncStatus;
  /** For the screen, for example `Creating…`. */
  readonly statusName: string;
  readonly needsSync: boolean;
  readonly serverId: string | null;
  readonly lastSyncedAt: number | null;
  /** The server's `updatedAt` at that moment. */
  readonly serverUpdatedAt: string | null;
  readonly pendingChanges: StoredRecord['pendingChanges'];
  readonly error: string | null;
  /** There is a conflict that only a person can resolve; a null `server`: it was deleted elsewhere. */
  readonly conflict: { readonly intent: 'update' | 'delete'; readonly server: EntityValue | null } | null;
  /** What was changed here and given up for the server's version. */
  readonly discarded: StoredRecord['discarded'];
}

/** An entity as the app sees it. `id` and references are local ids, which never change on this device. */
export type Local<T> = T & { readonly sync: SyncInfo };

export function presentRecord<K extends EntityType>(record: StoredRecord): Local<EntityValues[K]> {
  const { status, serverId, lastSyncedAt, serverUpdatedAt, pendingChanges, conflict, discarded } = record;
  const sync: SyncInfo = {
    status,
    statusName: STATUS_NAMES[status],
    needsSync: needsSync(record),
    serverId,
    lastSyncedAt,
    serverUpdatedAt,
    pendingChanges,
    error: record.syncError,
    conflict: conflict && { intent: conflict.intent, server: conflict.server },
    discarded,
  };
  return { ...record.value, ...playsOf(record), id: record.id, sync } as unknown as Local<EntityValues[K]>;
}

function playsOf({ value, pendingPlays, pendingPlayedAt }: StoredRecord): EntityValue {
  if (pendingPlays === 0) return {};
  const counted = typeof value.playCount === 'number' ? value.playCount : 0;
  return { playCount: counted + pendingPlays, lastPlayedAt: pendingPlayedAt ?? value.lastPlayedAt };
}
