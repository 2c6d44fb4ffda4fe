import type { RealtimeEvent } from './events.js';

/** What answers a client: an upstream, or this server's own engines. Speaks the current dialect. */
export interface Peer {
  /** Takes an event of the client's. Never throws: what is wrong is told by an `error` event. */
  receive(event: RealtimeEvent): void;
  /** The client has gone: ends all work for it at once. */
  close(): void;
}

/** The client's side of a connection, as a peer sees it. */
export interface PeerParts {
  readonly send: (event: RealtimeEvent) => void;
  /** Resolves once the client has taken most of what it was sent, and when it has gone. */
  readonly drained: () => Promise<void>;
  readonly log: (error: unknown) => void;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}
