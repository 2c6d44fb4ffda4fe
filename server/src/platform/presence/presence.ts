/** One open connection of a member. */
export interface Connection {
  readonly id: string;
  /** Within which members are counted and listed, such as `support:<app id>`. */
  readonly group: string;
  /** Whose connection it is; a member may have several, on several nodes. */
  readonly member: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** A member's first connection came, or their last one went. */
export interface PresenceEdge {
  readonly group: string;
  readonly member: string;
  readonly isOnline: boolean;
}

/**
 * The presence port: who is connected, over all nodes. Adapters: `memory/` (one process) and `redis/`.
 *
 * A connection counts from `connect` until `disconnect`, or until its node has been dead for as long as the adapter
 * says. Nothing here rejects because other nodes cannot be reached: while they cannot, this node answers for itself.
 */
export interface Presence {
  /** Doing it twice with one id is harmless. */
  connect(connection: Connection): Promise<void>;
  /** An id that is not connected is no error. */
  disconnect(id: string): Promise<void>;
  /** Which of these members are online. */
  online(group: string, members: readonly string[]): Promise<ReadonlySet<string>>;
  /** How many distinct members are online. */
  countOnline(group: string): Promise<number>;
  /** In no particular order. */
  connections(group: string): Promise<readonly Connection[]>;
  /**
   * Hands over each edge once: to the node that caused or discovered it, not to all of them.
   *
   * @returns how to stop
   */
  onEdge(handler: (edge: PresenceEdge) => void): () => void;
  /** False while other nodes cannot be reached. */
  healthy(): boolean;
  /** Ends all connections of this node, then lets go. */
  close(): Promise<void>;
}
