import type { EntityType, SyncMutation } from '../wire/index.js';

export type OperationKind = 'create' | 'update' | 'delete' | 'play';

export const PRIORITY = { low: 0, medium: 1, high: 2, critical: 3 } as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/** One thing that is still to be told to the server. Its id is the mutation id, so telling it twice does it once. */
export interface Operation {
  readonly id: string;
  readonly entityType: EntityType;
  /** The local id of the entity. */
  readonly recordId: string;
  readonly kind: OperationKind;
  readonly priority: Priority;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Attempts that failed because of this operation, not because the server was out of reach. */
  readonly attemptCount: number;
  readonly lastAttemptAt: number | null;
  /** Not before this instant. */
  readonly nextAttemptAt: number;
  readonly error: string | null;
  /**
   * What the server was told, written down before it was sent. As long as it is here the server may or may not have done it,
   * so it is repeated word for word and never changed.
   */
  readonly sent: SyncMutation | null;
  /** Why it is not tried any more: refused by the server, or failed {@link MAX_ATTEMPTS} times. */
  readonly exhausted: 'rejected' | 'attempts' | null;
}

export const MAX_ATTEMPTS = 5;
