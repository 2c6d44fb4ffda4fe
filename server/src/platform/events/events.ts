export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** Ends a subscription; resolves once no further message will be handed over. */
export type Unsubscribe = () => Promise<void>;

/**
 * The events port: fan-out of short messages to everybody who is interested, on this node and on all others.
 * Adapters: `memory/` (one process) and `redis/`.
 *
 * Messages are hints, not records: one may be lost while Redis is away, so nothing may depend on them alone.
 */
export interface Events {
  /** Sends to all subscribers of the topic, those of this process included. Never rejects because the other nodes cannot be reached. */
  publish(topic: string, message: JsonValue): Promise<void>;
  /** Resolves once messages arrive. A handler that throws is logged and disturbs nobody else. */
  subscribe(topic: string, handler: (message: JsonValue) => void): Promise<Unsubscribe>;
  /**
   * Called when messages may have been missed: the other nodes could not be reached, or they could not reach us, and
   * now they can. Who must miss nothing reads anew from where the records are. May be called several times for one gap.
   *
   * @returns how to stop
   */
  onGap(handler: () => void): () => void;
  /** False while other nodes cannot be reached. */
  healthy(): boolean;
  close(): Promise<void>;
}
