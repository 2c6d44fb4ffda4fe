import type { Events, JsonValue, Unsubscribe } from '../../../platform/events/events.js';
import { noTracer, type Tracer } from '../../../platform/telemetry/tracer.js';
import type { Conversation } from '../conversations/conversation.js';
import type { Message, StatusChange } from '../messages/message.js';

/**
 * Everything that sockets are told, once, in our own words; each kind of socket puts it into its protocol. Told after the
 * commit, to every node. What is lost on the way is found again by `/sync`: that, not this, is the guarantee.
 */
export type SupportEvent =
  | { readonly type: 'message'; readonly appId: string; readonly deviceId: string; readonly message: Message }
  | {
      readonly type: 'statuses';
      readonly appId: string;
      readonly conversationId: string;
      readonly changes: readonly StatusChange[];
      /** Set when the change was "read up to here", told as one event too. */
      readonly readAt: number | null;
    }
  | {
      readonly type: 'typing';
      readonly appId: string;
      readonly conversationId: string;
      readonly by: 'device' | 'operator';
      /** The device, or the operator's id. */
      readonly who: string;
      readonly isTyping: boolean;
      /** The socket that said so, which is not told. */
      readonly connectionId: string | null;
    }
  /** A conversation was made, assigned, resolved, reopened, renamed. */
  | {
      readonly type: 'conversation';
      readonly change: 'created' | 'updated';
      readonly conversation: Conversation;
    }
  | {
      readonly type: 'presence';
      readonly appId: string;
      readonly deviceId: string;
      readonly isOnline: boolean;
      readonly connections: number;
    }
  | {
      readonly type: 'session';
      readonly change: 'connect' | 'disconnect';
      readonly appId: string;
      readonly deviceId: string;
      readonly connectionId: string;
      readonly at: number;
      readonly reason: string | null;
    }
  /** A device said whose it is. */
  | {
      readonly type: 'identified';
      readonly appId: string;
      readonly deviceId: string;
      readonly userId: string;
    }
  /** A verified device was refused something, over REST or a socket. */
  | {
      readonly type: 'sdk-error';
      readonly appId: string;
      readonly deviceId: string;
      readonly code: string;
      readonly where: string;
    }
  /** A key ended: its verification must not be remembered, its sockets must go. */
  | { readonly type: 'key-ended'; readonly appId: string; readonly keyId: string }
  /** An operator was removed, disabled, signed out everywhere, or changed their role. */
  | { readonly type: 'operator-changed'; readonly appId: string; readonly operatorId: string };

export interface FanOut {
  /** Tells all nodes, this one included. Never rejects because the other nodes cannot be reached. */
  tell(event: SupportEvent): Promise<void>;
  listen(handler: (event: SupportEvent) => void): Promise<Unsubscribe>;
}

const TOPIC = 'support';

/** What goes between nodes: the event, and the trace that it belongs to. */
interface Envelope {
  readonly event: SupportEvent;
  readonly traceparent: string | null;
}

/** One fan-out for all kinds of sockets and all nodes, over the events port; traces go on from the request to the sockets. */
export const fanOutOver = (events: Events, tracer: Tracer = noTracer): FanOut => ({
  tell: (event) => {
    const envelope: Envelope = { event, traceparent: tracer.current() };
    return events.publish(TOPIC, envelope as unknown as JsonValue);
  },
  listen: (handler) =>
    events.subscribe(TOPIC, (message) => {
      const { event, traceparent } = message as unknown as Envelope;
      tracer.follow(`support: tell of ${event.type}`, traceparent, () => handler(event));
    }),
});
