import type { EntityType, EntityValue } from './entities.js';

/** `GET /api/sync/changes`: one entity's newest change. */
export interface SyncChange {
  readonly seq: number;
  readonly type: EntityType;
  readonly id: string;
  readonly deleted: boolean;
  readonly value: EntityValue | null;
}

export interface SyncChanges {
  /** Changes when the server's sequence may have been set back (a restored backup). */
  readonly epoch: string;
  readonly changes: readonly SyncChange[];
  readonly next: number;
  readonly hasMore: boolean;
  readonly latest: number;
}

export type MutationOp = 'create' | 'update' | 'delete' | 'play' | 'listen';

/** One thing a user did. Applied once per `mutationId`, however often it is sent. */
export interface SyncMutation {
  readonly mutationId: string;
  readonly type: EntityType;
  readonly op: MutationOp;
  /** The server's id; absent on create. */
  readonly id?: string;
  readonly localId?: string;
  /** The version it was made on; absent = whatever is there. */
  readonly baseVersion?: number;
  readonly fields?: EntityValue;
  readonly at?: string;
}

export interface SyncPush {
  readonly deviceId: string;
  readonly mutations: readonly SyncMutation[];
}

export interface SyncResult {
  readonly mutationId: string;
  readonly status: 'applied' | 'duplicate' | 'conflict' | 'rejected';
  readonly id?: string;
  readonly version?: number;
  readonly value?: EntityValue | null;
  readonly reason?: { readonly code: string; readonly message: string };
}

export interface SyncPushed {
  readonly epoch: string;
  readonly latest: number;
  readonly results: readonly SyncResult[];
}

/** The most mutations in one push, and the most changes in one page. */
export const PUSH_LIMIT = 200;
export const PAGE_LIMIT = 1000;
