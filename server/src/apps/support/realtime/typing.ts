import type { Clock } from '../../../platform/clock.js';
import type { FanOut } from './fan-out.js';
import type { AnySession } from './sessions.js';

/** Renewals within this time are not told: pages send one for each key pressed, and show it for 3 s. */
const TYPING_REPEAT_MS = 1_000;

interface Bout {
  timer: NodeJS.Timeout;
  toldAt: number;
}

export interface Typing {
  start(session: AnySession, conversationId: string): void;
  /** Nothing happens when it was not typing. */
  stop(session: AnySession, conversationId: string): void;
  /** For a socket that has gone. */
  stopAll(session: AnySession): void;
}

/** Who types where, throttled, and ended for those who forget to say so. Whether they may is their caller's matter. */
export function createTyping(parts: {
  readonly fanOut: FanOut;
  readonly clock: Clock;
  /** Without a renewal typing counts as stopped: clients that vanish must not seem to type for ever. */
  readonly expiryMs: number;
}): Typing {
  const bouts = new Map<AnySession, Map<string, Bout>>();

  const tell = (session: AnySession, conversationId: string, isTyping: boolean): void => {
    const { caller, connectionId } = session;
    void parts.fanOut.tell({
      type: 'typing',
      appId: caller.appId,
      conversationId,
      by: caller.kind,
      who: caller.kind === 'device' ? caller.deviceId : caller.operatorId,
      isTyping,
      connectionId,
    });
  };
  const stop = (session: AnySession, conversationId: string): void => {
    const own = bouts.get(session);
    const bout = own?.get(conversationId);
    if (!own || !bout) return;
    clearTimeout(bout.timer);
    own.delete(conversationId);
    if (own.size === 0) bouts.delete(session);
    tell(session, conversationId, false);
  };

  return {
    start: (session, conversationId) => {
      const now = parts.clock.now();
      const own = bouts.get(session) ?? new Map<string, Bout>();
      bouts.set(session, own);
      const known = own.get(conversationId);
      if (known) clearTimeout(known.timer);
      const timer = setTimeout(() => stop(session, conversationId), parts.expiryMs).unref();
      const isRepeat = known !== undefined && now - known.toldAt < TYPING_REPEAT_MS;
      own.set(conversationId, { timer, toldAt: isRepeat ? known.toldAt : now });
      if (!isRepeat) tell(session, conversationId, true);
    },
    stop,
    stopAll: (session) => {
      for (const conversationId of [...(bouts.get(session)?.keys() ?? [])]) stop(session, conversationId);
    },
  };
}
