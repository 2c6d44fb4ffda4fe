import type { Clock } from '../../../platform/clock.js';
import type { Events } from '../../../platform/events/events.js';
import type { Presence } from '../../../platform/presence/presence.js';
import type { Log } from '../../../platform/telemetry/log.js';
import type { Conversation } from '../conversations/conversation.js';
import type { SupportMetrics } from '../metrics.js';
import type { ConversationService, KeyService, MessageService, OperatorService } from '../services.js';
import type { FanOut } from './fan-out.js';

/** What the sockets stand on. */
export interface RealtimeParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Pick<SupportMetrics, 'sockets' | 'eventsIn' | 'eventsOut'>;
  readonly keys: KeyService;
  readonly operators: OperatorService;
  readonly conversations: Pick<ConversationService, 'get' | 'latestOf'>;
  readonly messages: Pick<MessageService, 'send' | 'lastId'>;
  readonly fanOut: FanOut;
  /** Says when what the fan-out tells may have been missed. */
  readonly events: Pick<Events, 'onGap'>;
  readonly presence: Presence;
  /** Whether there is such an app: the older sockets tell an unknown one from a wrong key. */
  readonly appExists: (appId: string) => Promise<boolean>;
  /** Origins whose pages may act as operators, besides the server's own. */
  readonly allowedOrigins: readonly string[] | 'any';
  /** Whether the older plain WebSockets are served. */
  readonly legacySockets: boolean;
  /** How operators are shown a conversation that was made or changed. */
  readonly presentConversation?: (conversation: Conversation, isOnline: boolean) => object;
  readonly timings?: Partial<RealtimeTimings>;
}

/** Milliseconds. The defaults are the contract's (§4.1, §5, §7.4). */
export interface RealtimeTimings {
  readonly pingInterval: number;
  readonly pingTimeout: number;
  /** How long a connection may wait before it joins a namespace. */
  readonly connectTimeout: number;
  /** From a refused CONNECT to the end of the connection, on which clients try again. */
  readonly refusalDelay: number;
  readonly typingExpiry: number;
  /** From the last sign of a gap in the fan-out to the first client that is asked to catch up. */
  readonly gapRest: number;
  /** From `server:shutdown` to the end of the connections. */
  readonly shutdownGrace: number;
  readonly legacyPing: number;
  /** How long an older client may be silent. */
  readonly legacySilence: number;
}

export const defaultTimings: RealtimeTimings = {
  pingInterval: 25_000,
  pingTimeout: 60_000,
  connectTimeout: 45_000,
  refusalDelay: 100,
  typingExpiry: 5_000,
  gapRest: 1_000,
  shutdownGrace: 1_000,
  legacyPing: 30_000,
  legacySilence: 90_000,
};

/** The largest frame that a socket may send. */
export const MAX_FRAME_BYTES = 1_000_000;
