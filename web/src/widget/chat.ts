import {
  type ChatMessage,
  fromWire,
  type MessageStatus,
  merge,
  syncFrom,
  type WireMessage,
  withStatus,
} from '../chat/messages.ts';
import type { WidgetConfig } from './config.ts';
import { createRest, Refusal, type WireStatus } from './rest.ts';
import { type ClientSocket, openSocket, type SocketEnd } from './socket.ts';
import { type ChatStorage, type ChatUser, newUuid, type StoredChat } from './storage.ts';
import { createOwnTyping, createTeamTyping } from './typing.ts';

export type Connection = 'idle' | 'connecting' | 'online' | 'offline' | 'refused';

export interface ChatState {
  readonly connection: Connection;
  readonly messages: readonly ChatMessage[];
  /** How many of the team's messages the visitor has not seen. */
  readonly unread: number;
  readonly agentTyping: boolean;
  readonly resolved: boolean;
}

export interface Chat {
  state(): ChatState;
  subscribe(listener: () => void): void;
  /** Connects when there is a conversation to hear from; the rest waits until the visitor opens the chat. */
  begin(): void;
  /** Whether the visitor is looking at the messages now. */
  look(isLooking: boolean): void;
  send(body: string): void;
  retry(localId: string): void;
  /** Called with every change of what the visitor writes. */
  writing(isWriting: boolean): void;
  setUser(user: ChatUser): void;
  clearUser(): void;
  track(name: string, properties: Readonly<Record<string, unknown>>): void;
}

/** The server's bound, in UTF-16 code units. */
export const maxCharacters = 5_000;

const backoffMs = { first: 1_000, most: 30_000, afterRefusal: 300_000 };
/** What is kept for the next visit, counted from the newest; what is not sent yet comes on top. */
const keptMessages = 200;
/** While the socket is away and the visitor looks, answers are asked for instead. */
const pollMs = 5_000;

export function createChat(config: WidgetConfig, storage: ChatStorage): Chat {
  const rest = createRest(config, storage.deviceId);
  const listeners = new Set<() => void>();
  let stored: StoredChat = storage.chat();
  let connection: Connection = 'idle';
  let socket: ClientSocket | null = null;
  let attempts = 0;
  let reconnect: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let flushing = false;
  let flushLater: ReturnType<typeof setTimeout> | undefined;
  let syncing: Promise<void> | null = null;
  let snapshot: ChatState | null = null;
  /** Rises when another person begins to use the chat: what was asked for the last one is then not kept. */
  let person = 0;

  const publish = (): void => {
    snapshot = null;
    for (const listener of listeners) listener();
  };
  const teamTyping = createTeamTyping(publish);
  const ownTyping = createOwnTyping();

  /** Changes on top of what another tab may have written in the meantime. */
  const keep = (change: (chat: StoredChat) => StoredChat): void => {
    stored = change(storage.chat());
    storage.keepChat(stored);
    publish();
  };

  const keepMessages = (messages: readonly ChatMessage[]): void =>
    keep((chat) => ({ ...chat, messages: newest(merge(chat.messages, messages)) }));

  const setConnection = (next: Connection): void => {
    if (connection === next) return;
    connection = next;
    publish();
  };

  /** Failures of side matters (ticks, events): the conversation goes on without them. */
  const quietly = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => console.debug('EarshotChat:', error));
  };

  function conversationLost(id: string): void {
    keep((chat) => (chat.conversationId === id ? { ...chat, conversationId: null } : chat));
  }

  /** Takes in what the server sent, tells it what arrived, and what was seen. */
  function receive(messages: readonly WireMessage[]): void {
    const fresh = messages.filter(({ conversation_id }) => conversation_id === stored.conversationId);
    if (fresh.length === 0) return;
    const known = new Set(stored.messages.flatMap(({ id }) => (id ? [id] : [])));
    keepMessages(fresh.map(fromWire));
    const fromTeam = fresh.filter(({ sender }) => sender !== 'user');
    if (fromTeam.some(({ id }) => !known.has(id))) teamTyping.show(false);
    if (looking) {
      markSeen();
      return;
    }
    const arrived = fromTeam.filter(({ id, status }) => !known.has(id) && status === 'SENT');
    if (arrived.length > 0 && stored.conversationId) {
      quietly(
        rest.delivered(
          stored.conversationId,
          arrived.map(({ id }) => id),
        ),
      );
    }
  }

  function markSeen(): void {
    const newest = stored.messages.findLast(({ sender, id }) => sender !== 'user' && id !== null);
    if (!newest?.id || !stored.conversationId || (newest.sequence ?? 0) <= stored.seenSequence) return;
    keep((chat) => ({ ...chat, seenSequence: Math.max(chat.seenSequence, newest.sequence ?? 0) }));
    quietly(rest.read(stored.conversationId, newest.id));
  }

  /** Asks for everything after the cursor; calls during one are answered by it. */
  function sync(): Promise<void> {
    syncing ??= pages().finally(() => {
      syncing = null;
    });
    return syncing;
  }

  async function pages(): Promise<void> {
    const id = stored.conversationId;
    if (!id) return;
    const asked = person;
    let after = syncFrom(stored.messages);
    for (;;) {
      const page = await rest.sync(id, after).catch((error: unknown) => {
        if (error instanceof Refusal && error.code === 'CONVERSATION_NOT_FOUND') conversationLost(id);
        else throw error;
      });
      if (!page || asked !== person) return;
      receive(page.messages);
      if (!page.has_more || page.messages.length === 0) return;
      after = page.last_sequence;
    }
  }

  async function openConversation(): Promise<string | null> {
    if (stored.conversationId) return stored.conversationId;
    const asked = person;
    const { id, status } = await rest.openConversation(storage.user());
    if (asked !== person) return null;
    keep((chat) => ({ ...chat, conversationId: id, resolved: status === 'resolved' }));
    socket?.emit('conversation:join', { conversation_id: id });
    return id;
  }

  const queued = () => stored.messages.find(({ id, status }) => id === null && status === 'QUEUED');

  /** Sends what waits, oldest first, one after another; stops at the first failure and tries again later. */
  async function flush(): Promise<void> {
    if (flushing) return;
    flushing = true;
    clearTimeout(flushLater);
    const asked = person;
    let next = queued();
    try {
      while (next && asked === person) {
        const id = await openConversation();
        if (!id) break;
        const sent = await rest.send(id, next.localId, next.body);
        if (asked !== person) break;
        keepMessages([fromWire(sent)]);
        next = queued();
      }
    } catch (error) {
      if (asked === person && next) failed(next, error);
    } finally {
      flushing = false;
    }
    if (asked !== person && queued()) void flush();
  }

  function failed(message: ChatMessage, error: unknown): void {
    const later = (ms: number): void => {
      flushLater = setTimeout(() => void flush(), ms);
    };
    if (!(error instanceof Refusal) || error.status >= 500) {
      later(pollMs);
    } else if (error.status === 429) {
      later(error.retryAfterMs || pollMs);
    } else if (error.code === 'CONVERSATION_NOT_FOUND' && stored.conversationId) {
      conversationLost(stored.conversationId);
      later(0);
    } else if (error.status === 403) {
      refused(error.code);
    } else {
      setStatus(message.localId, 'FAILED');
      later(0);
    }
  }

  function setStatus(localId: string, status: MessageStatus): void {
    keep((chat) => ({
      ...chat,
      messages: chat.messages.map((message) =>
        message.localId === localId && message.id === null ? { ...message, status } : message,
      ),
    }));
  }

  function refused(code: string): void {
    console.error(`EarshotChat: the server refuses this app id and key (${code}).`);
    setConnection('refused');
    connectIn(backoffMs.afterRefusal);
  }

  function onEvent(name: string, payload: unknown): void {
    const body = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<string, unknown>;
    const concerns = body.conversation_id === stored.conversationId;
    if (name === 'connected') {
      attempts = 0;
      setConnection('online');
      if (stored.conversationId)
        socket?.emit('conversation:join', { conversation_id: stored.conversationId });
      quietly(sync());
      void flush();
    } else if (name === 'message:new') {
      receive([payload as WireMessage]);
    } else if (name === 'message:status' && concerns) {
      const { id, message_id, status } = payload as WireStatus;
      keep((chat) => ({
        ...chat,
        messages: withStatus(chat.messages, new Set([id ?? message_id ?? '']), status),
      }));
    } else if (name === 'messages:read' && concerns && Array.isArray(body.message_ids)) {
      const ids = new Set(body.message_ids as string[]);
      keep((chat) => ({ ...chat, messages: withStatus(chat.messages, ids, 'READ') }));
    } else if (name === 'agent:typing' && concerns) {
      teamTyping.show(body.is_typing === true);
    } else if (name === 'conversation:updated' && concerns) {
      keep((chat) => ({ ...chat, resolved: body.status === 'resolved' }));
    } else if (name === 'server:shutdown') {
      const delay = Number(body.reconnect_delay_ms);
      disconnect();
      setConnection('offline');
      connectIn(Number.isFinite(delay) ? delay : 5_000);
    }
  }

  function onEnd(end: SocketEnd): void {
    socket = null;
    teamTyping.show(false);
    if (end.because === 'refused' && end.code !== 'AUTH_ERROR') {
      refused(end.code);
      return;
    }
    setConnection('offline');
    const wait = Math.min(backoffMs.most, backoffMs.first * 2 ** attempts);
    attempts += 1;
    // Spread out, so that a restarted server does not meet all its visitors at once.
    connectIn(wait * (0.5 + Math.random() / 2));
  }

  function disconnect(): void {
    clearTimeout(reconnect);
    socket?.close();
    socket = null;
  }

  function connectIn(ms: number): void {
    clearTimeout(reconnect);
    reconnect = setTimeout(connect, ms);
  }

  function connect(): void {
    clearTimeout(reconnect);
    if (socket) return;
    if (connection !== 'refused') setConnection('connecting');
    const auth = { app_id: config.appId, device_id: storage.deviceId(), api_key: config.apiKey };
    socket = openSocket(config.server, auth, { onEvent, onEnd });
  }

  function hurry(): void {
    if (connection === 'offline') connect();
  }

  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') hurry();
  });
  addEventListener('pagehide', () => socket?.close());
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted || connection === 'idle') return;
    disconnect();
    connect();
  });
  storage.onChange(() => {
    stored = storage.chat();
    publish();
    if (stored.conversationId && connection === 'idle') connect();
  });
  setInterval(() => {
    if (looking && connection === 'offline' && stored.conversationId) quietly(sync());
  }, pollMs);

  const unsent = (chat: StoredChat) => chat.messages.filter(({ id }) => id === null);

  const changePerson = (user: ChatUser | null): void => {
    person += 1;
    syncing = null;
    flushing = false;
    const before = storage.user() ? null : storage.chat();
    if (before && user && !storage.chatOf(user.id).conversationId) {
      // Whoever was anonymous until now takes their conversation along.
      storage.forgetChat();
      storage.keepUser(user);
      storage.keepChat(before);
    } else {
      storage.keepUser(user);
    }
    stored = storage.chat();
    teamTyping.show(false);
    publish();
    disconnect();
    if (stored.conversationId || looking) connect();
    else setConnection('idle');
  };

  /** Tells the server who this is, and learns which conversation is theirs when one was taken along. */
  async function introduce(user: ChatUser): Promise<void> {
    const asked = person;
    await rest.identify(user);
    storage.keepIntroduced(JSON.stringify(user));
    if (asked !== person || !stored.conversationId) return;
    const { id, status } = await rest.openConversation(user);
    if (asked !== person) return;
    if (id !== stored.conversationId)
      keep((chat) => ({ ...chat, conversationId: id, messages: unsent(chat), seenSequence: 0 }));
    keep((chat) => ({ ...chat, resolved: status === 'resolved' }));
    socket?.emit('conversation:join', { conversation_id: id });
    await sync();
    void flush();
  }

  return {
    state: () => {
      snapshot ??= {
        connection,
        messages: stored.messages,
        unread: stored.messages.filter(
          ({ sender, sequence }) => sender !== 'user' && (sequence ?? 0) > stored.seenSequence,
        ).length,
        agentTyping: teamTyping.isTyping,
        resolved: stored.resolved,
      };
      return snapshot;
    },
    subscribe: (listener) => {
      listeners.add(listener);
    },
    begin: () => {
      if (stored.conversationId || queued()) connect();
    },
    look: (isLooking) => {
      looking = isLooking;
      if (!isLooking) return;
      if (connection === 'idle' || connection === 'offline') connect();
      markSeen();
    },
    send: (body) => {
      const text = body.trim().slice(0, maxCharacters);
      if (text === '') return;
      keepMessages([
        {
          localId: newUuid(),
          id: null,
          body: text,
          sender: 'user',
          at: Date.now(),
          status: 'QUEUED',
          sequence: null,
          operatorId: null,
        },
      ]);
      if (stored.resolved) keep((chat) => ({ ...chat, resolved: false }));
      void flush();
    },
    retry: (localId) => {
      setStatus(localId, 'QUEUED');
      void flush();
    },
    writing: (isWriting) => {
      const id = stored.conversationId;
      if (id) ownTyping.writing(isWriting, (event) => socket?.emit(event, { conversation_id: id }));
    },
    setUser: (user) => {
      if (storage.user()?.id === user.id) storage.keepUser(user);
      else changePerson(user);
      if (storage.introduced() !== JSON.stringify(user)) quietly(introduce(user));
    },
    clearUser: () => {
      if (!storage.user()) return;
      // Nothing that can be read stays; the id brings the conversation back when they do.
      keep((chat) => ({ ...chat, messages: unsent(chat) }));
      storage.keepIntroduced(null);
      changePerson(null);
    },
    track: (name, properties) =>
      quietly(rest.track({ userId: storage.user()?.id ?? storage.deviceId(), name, properties })),
  };
}

function newest(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const unsent = messages.filter(({ id }) => id === null);
  return [...messages.filter(({ id }) => id !== null).slice(-keptMessages), ...unsent];
}
