import type { Unsubscribe } from '../../../platform/events/events.js';
import { Deliveries } from './deliveries.js';
import { createEventHistory, type EventHistory } from './event-history.js';
import type { Answer, SdkEvent } from './events.js';
import type { SupportEvent } from './fan-out.js';
import {
  conversationNotice,
  joinedNotice,
  messageNotice,
  presenceNotice,
  presentConversationChange,
  readNotice,
  sessionNotice,
  statusNotice,
  typingNotice,
} from './notices.js';
import type { RealtimeParts, RealtimeTimings } from './parts.js';
import { appOfGroup, presenceGroup } from './presence-service.js';
import { type AnySession, type DeviceSession, LocalSessions, type Notice } from './sessions.js';
import { createTyping, type Typing } from './typing.js';

/** How long an ended key or a changed operator is remembered, for handshakes that were under way. */
const ENDINGS_KEPT_MS = 60_000;
/** After a gap this many clients are asked to catch up at a time: 2,000 a second, which a node can answer. */
const CATCH_UP_STEP = 100;
const CATCH_UP_PAUSE_MS = 50;

/** The living sockets of this node, whatever protocol they speak: what they do and what they are told. */
export interface Live {
  readonly sessions: LocalSessions;
  readonly typing: Typing;
  readonly history: EventHistory;
  /**
   * A socket whose caller was verified comes in.
   *
   * @param verifiedAt when the verification began: a key that has ended since counts as ended
   * @returns false when it was dropped instead
   */
  enter(session: AnySession, verifiedAt: number): boolean;
  /** It has gone. Doing it twice is harmless. */
  leave(session: AnySession, reason: string): void;
  isHere(session: AnySession): boolean;
  /** @throws AppError 404 when the conversation is not the caller's */
  join(session: AnySession, conversationId: string): Promise<Answer>;
  /** Joins the device's conversation with the latest activity, when there is one and it has not joined another. */
  joinLatest(session: DeviceSession): Promise<void>;
  leaveConversation(session: AnySession, conversationId: string): void;
  /** Tells many without holding up the process. Resolves when all have been told. */
  tellAll(sessions: readonly AnySession[], noticeOf: (session: AnySession) => Notice): Promise<void>;
  /** Called with every line for the test consoles of an app. */
  onConsoleLine(handler: (appId: string, line: SdkEvent) => void): void;
  /** Resolves when presence knows of everybody who has gone. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function createLive(parts: RealtimeParts, timings: RealtimeTimings): Promise<Live> {
  const { clock, fanOut, log, presence } = parts;
  const sessions = new LocalSessions();
  const here = new Set<AnySession>();
  const deliveries = new Deliveries<AnySession>();
  const typing = createTyping({ fanOut, clock, expiryMs: timings.typingExpiry });
  const history = createEventHistory();
  const consoleHandlers: ((appId: string, line: SdkEvent) => void)[] = [];
  /** `<appId> <key or operator>` → when it ended. */
  const endings = new Map<string, number>();
  const underWay = new Set<Promise<void>>();

  const inBackground = (work: Promise<void>, words: string): void => {
    const settled = work
      .catch((error: unknown) => log.error({ err: error }, words))
      .finally(() => underWay.delete(settled));
    underWay.add(settled);
  };
  const tellAll: Live['tellAll'] = (recipients, noticeOf) =>
    deliveries.deliver(recipients, (session) => {
      if (here.has(session)) session.tell(noticeOf(session));
    });
  const tell = (recipients: readonly AnySession[], notice: Notice): void => {
    void tellAll(recipients, () => notice);
  };

  const enterConversation = (session: AnySession, conversationId: string): boolean => {
    if (!here.has(session)) return false;
    const former = session.kind === 'device' ? session.conversationId : null;
    if (former !== null && former !== conversationId) typing.stop(session, former);
    sessions.join(session, conversationId);
    return true;
  };
  const joinKnown = async (session: AnySession, conversationId: string): Promise<Answer> => {
    // In the room first: what is stored from now on arrives, what was stored before is the last message or older.
    if (!enterConversation(session, conversationId)) return { success: false, error: 'SERVER_ERROR' };
    const lastId = await parts.messages.lastId(session.caller, conversationId);
    session.tell(joinedNotice(conversationId, lastId));
    return { success: true, ...(lastId === null ? {} : { last_message_id: lastId }) };
  };

  const ended = (appId: string, what: string, affected: readonly AnySession[], code: string): void => {
    const now = clock.now();
    for (const [key, at] of endings) if (now - at > ENDINGS_KEPT_MS) endings.delete(key);
    endings.set(`${appId} ${what}`, now);
    for (const session of affected) session.drop(code, 'unauthorized: these credentials have ended');
  };

  const hear = (event: SupportEvent): void => {
    switch (event.type) {
      case 'message':
        tell(sessions.audience(event.appId, event.message.conversationId), messageNotice(event.message));
        break;
      case 'statuses': {
        const audience = sessions.audience(event.appId, event.conversationId);
        for (const change of event.changes) tell(audience, statusNotice(change));
        if (event.readAt !== null) tell(audience, readNotice(event, event.readAt));
        break;
      }
      case 'typing': {
        const others = sessions
          .inConversation(event.conversationId)
          .filter(({ connectionId }) => connectionId !== event.connectionId);
        tell(others, typingNotice(event));
        break;
      }
      case 'conversation':
        hearOfConversation(event);
        break;
      case 'presence':
        tell(sessions.followersOf(event.appId), presenceNotice(event));
        break;
      case 'session':
        tell(sessions.followersOf(event.appId), sessionNotice(event));
        break;
      case 'key-ended':
        ended(event.appId, event.keyId, sessions.withKey(event.appId, event.keyId), 'INVALID_CREDENTIALS');
        break;
      case 'operator-changed': {
        const affected = sessions.ofOperator(event.appId, event.operatorId);
        ended(event.appId, event.operatorId, affected, 'INVALID_CREDENTIALS');
        break;
      }
    }
    const { appId, lines } = history.record(event, clock.now());
    for (const line of lines) for (const handler of consoleHandlers) handler(appId, line);
  };
  const hearOfConversation = (event: Extract<SupportEvent, { type: 'conversation' }>): void => {
    const { conversation, change } = event;
    if (change === 'created') {
      const arriving = sessions
        .ofDevice(conversation.appId, conversation.deviceId)
        .filter((session) => session.conversationId !== conversation.id);
      for (const session of arriving) enterConversation(session, conversation.id);
      tell(arriving, joinedNotice(conversation.id, null));
    }
    inBackground(tellOfConversation(event), 'operators could not be told of a conversation');
  };
  /** One after the other, so that the last word on a conversation is the newest. */
  let lastTold = Promise.resolve();
  const tellOfConversation = (event: Extract<SupportEvent, { type: 'conversation' }>): Promise<void> => {
    const { appId, deviceId, id } = event.conversation;
    lastTold = lastTold.then(async () => {
      if (sessions.audience(appId, id).length === 0) return;
      const isOnline = (await presence.online(presenceGroup(appId), [deviceId])).has(deviceId);
      const present = parts.presentConversation ?? presentConversationChange;
      tell(sessions.audience(appId, id), conversationNotice(event, present(event.conversation, isOnline)));
    });
    const told = lastTold;
    lastTold = told.catch(() => {});
    return told;
  };

  const stopListening: Unsubscribe = await fanOut.listen(hear);
  const stopWatching = presence.onEdge(({ group, member, isOnline }) => {
    const appId = appOfGroup(group);
    if (appId === null) return;
    void fanOut.tell({
      type: 'presence',
      appId,
      deviceId: member,
      isOnline,
      connections: isOnline ? 1 : 0,
    });
  });

  let gapTimer: NodeJS.Timeout | undefined;
  const closeGap = async (): Promise<void> => {
    const everybody = [...here];
    log.info({ sockets: everybody.length }, 'events of other nodes may have been missed; sockets catch up');
    for (let at = 0; at < everybody.length; at += CATCH_UP_STEP) {
      for (const session of everybody.slice(at, at + CATCH_UP_STEP)) if (here.has(session)) session.catchUp();
      await new Promise((resolve) => setTimeout(resolve, CATCH_UP_PAUSE_MS));
    }
  };
  const stopMindingGaps = parts.events.onGap(() => {
    // Every node tells of the same outage: once all have, catching up once is enough.
    clearTimeout(gapTimer);
    gapTimer = setTimeout(
      () => inBackground(closeGap(), 'sockets could not be asked to catch up'),
      timings.gapRest,
    ).unref();
  });

  const tellOfSession = (session: DeviceSession, change: 'connect' | 'disconnect', reason: string | null) =>
    void fanOut.tell({
      type: 'session',
      change,
      appId: session.caller.appId,
      deviceId: session.caller.deviceId,
      connectionId: session.connectionId,
      at: clock.now(),
      reason,
    });

  return {
    sessions,
    typing,
    history,
    enter: (session, verifiedAt) => {
      const { caller } = session;
      const what = caller.kind === 'device' ? caller.keyId : caller.operatorId;
      const endedAt = endings.get(`${caller.appId} ${what}`);
      if (endedAt !== undefined && endedAt >= verifiedAt) {
        session.drop('INVALID_CREDENTIALS', 'unauthorized: these credentials have ended');
        return false;
      }
      here.add(session);
      sessions.add(session);
      if (session.kind === 'device') {
        const connection = {
          id: session.connectionId,
          group: presenceGroup(caller.appId),
          member: session.caller.deviceId,
          since: clock.now(),
        };
        inBackground(presence.connect(connection), 'presence could not note a connection');
        tellOfSession(session, 'connect', null);
      }
      return true;
    },
    leave: (session, reason) => {
      if (!here.delete(session)) return;
      typing.stopAll(session);
      sessions.remove(session);
      if (session.kind !== 'device') return;
      inBackground(presence.disconnect(session.connectionId), 'presence could not note a disconnection');
      tellOfSession(session, 'disconnect', reason);
    },
    isHere: (session) => here.has(session),
    join: async (session, conversationId) => {
      const conversation = await parts.conversations.get(session.caller, conversationId);
      return joinKnown(session, conversation.id);
    },
    joinLatest: async (session) => {
      const latest = await parts.conversations.latestOf(session.caller);
      if (latest && session.conversationId === null) await joinKnown(session, latest.id);
    },
    leaveConversation: (session, conversationId) => {
      typing.stop(session, conversationId);
      sessions.leave(session, conversationId);
    },
    tellAll,
    onConsoleLine: (handler) => void consoleHandlers.push(handler),
    settled: async () => {
      await Promise.all(underWay);
    },
    close: async () => {
      clearTimeout(gapTimer);
      stopMindingGaps();
      stopWatching();
      await stopListening();
    },
  };
}
