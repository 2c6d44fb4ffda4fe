import { cursorOf, type WireMessage, withStatus } from '../../../chat/messages.ts';
import { sentence } from '../../../server/request.ts';
import { newUuid } from '../../../widget/storage.ts';
import { api, type ConversationStatus, type WireConversation } from '../api.ts';
import { type Live, openLive } from '../live.ts';
import type { Operator } from '../session.ts';
import {
  type Conversations,
  type Filter,
  queryOf,
  withAll,
  withChange,
  withMessage,
  withPresence,
} from './conversations.ts';
import {
  emptyThread,
  newestOfVisitor,
  type Thread,
  withFailure,
  withMessages,
  withPending,
} from './thread.ts';
import { openUnsent } from './unsent.ts';

export interface ListState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly failure: string | null;
  /** The cursor of the next page, null at the end. */
  readonly more: string | null;
  /** The `updated_at` of the last row that was asked for; empty when all were. */
  readonly floor: string;
}

export interface InboxState {
  readonly conversations: Conversations;
  readonly lists: Readonly<Record<Filter, ListState>>;
  readonly threads: ReadonlyMap<string, Thread>;
  /** Conversations whose visitor is writing now. */
  readonly writing: ReadonlySet<string>;
  readonly isUp: boolean;
}

/** What the whole team works on, kept up to date by the socket; one per signed-in operator. */
export interface InboxStore {
  state(): InboxState;
  subscribe(listener: () => void): () => void;
  /** Called with each message of a visitor that has just arrived. */
  onArrival(listener: (message: WireMessage, conversation: WireConversation) => void): () => void;
  loadList(filter: Filter): void;
  loadMore(filter: Filter): void;
  /** Rows found by other ways, for example a search. */
  know(rows: readonly WireConversation[]): void;
  /** The conversation on the screen: its thread is loaded and kept complete. */
  open(conversationId: string | null): void;
  reload(conversationId: string): void;
  loadOlder(conversationId: string): void;
  send(conversationId: string, body: string): void;
  resend(conversationId: string, localId: string): void;
  typing(conversationId: string, isTyping: boolean): void;
  /** The operator has the newest messages before their eyes. */
  markRead(conversationId: string): void;
  /** Throws what the server says. */
  change(
    conversationId: string,
    change: { readonly status?: ConversationStatus; readonly assignee_id?: string | null },
  ): Promise<void>;
  close(): void;
}

const listPage = 50;
const threadPage = 50;
/** Why a message waits that was written before the page was loaded anew. */
const notSent = 'the server did not have it when this page was loaded.';
/** The server takes typing back after five seconds without a word (contract §7.4). */
const writingShownMs = 7_000;

const emptyList: ListState = { phase: 'loading', failure: null, more: null, floor: '' };

export function createInboxStore(operator: Operator): InboxStore {
  let state: InboxState = {
    conversations: new Map(),
    lists: { open: emptyList, mine: emptyList, resolved: emptyList },
    threads: new Map(),
    writing: new Set(),
    isUp: false,
  };
  const listeners = new Set<() => void>();
  const arrivalListeners = new Set<(message: WireMessage, conversation: WireConversation) => void>();
  const asked = new Set<Filter>();
  const unsent = openUnsent(operator.id);
  /** Local ids that are on their way to the server. */
  const sending = new Set<string>();
  const writingEnds = new Map<string, ReturnType<typeof setTimeout>>();
  const asking = new Set<Filter>();
  /** Conversations that are asked for, and whether something happened to them since. */
  const fetching = new Map<string, boolean>();
  let opened: string | null = null;
  let readUpTo = '';
  let wasUp = false;

  const set = (change: Partial<InboxState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const setList = (filter: Filter, change: Partial<ListState>): void =>
    set({ lists: { ...state.lists, [filter]: { ...state.lists[filter], ...change } } });
  const setThread = (id: string, change: (thread: Thread) => Thread): void => {
    set({ threads: new Map(state.threads).set(id, change(state.threads.get(id) ?? emptyThread)) });
  };

  /** The server's messages, whatever way they came. */
  const take = (id: string, messages: readonly WireMessage[]): void => {
    unsent.forget(
      id,
      messages.map(({ local_id }) => local_id),
    );
    setThread(id, (thread) => withMessages(thread, messages));
  };
  /** A thread that begins with what was not sent in it. */
  const beginThread = (id: string): void =>
    setThread(id, (thread) =>
      unsent.in(id).reduce((known, { localId, body, at }) => {
        const pending = withPending(known, localId, body, operator.id, at);
        return sending.has(localId) ? pending : withFailure(pending, localId, notSent);
      }, thread),
    );

  async function loadList(filter: Filter): Promise<void> {
    asked.add(filter);
    try {
      const page = await api.conversations({ ...queryOf(filter, operator.id), limit: listPage });
      set({ conversations: withAll(state.conversations, page.conversations) });
      setList(filter, {
        phase: 'ready',
        failure: null,
        more: page.next_cursor,
        floor: page.next_cursor ? (page.conversations.at(-1)?.updated_at ?? '') : '',
      });
    } catch (error) {
      // What is shown already stays; the banner says that it may be old.
      if (state.lists[filter].phase !== 'ready')
        setList(filter, { phase: 'failed', failure: sentence(error) });
    }
  }

  async function loadMore(filter: Filter): Promise<void> {
    const { more } = state.lists[filter];
    if (!more || asking.has(filter)) return;
    asking.add(filter);
    try {
      const page = await api.conversations({
        ...queryOf(filter, operator.id),
        limit: listPage,
        cursor: more,
      });
      set({ conversations: withAll(state.conversations, page.conversations) });
      setList(filter, {
        more: page.next_cursor,
        floor: page.next_cursor ? (page.conversations.at(-1)?.updated_at ?? '') : '',
      });
    } catch (error) {
      setList(filter, { failure: sentence(error) });
    } finally {
      asking.delete(filter);
    }
  }

  /** Asks for a row; what happens to it in the meantime makes it ask once more. */
  async function fetchConversation(id: string): Promise<void> {
    if (fetching.has(id)) {
      fetching.set(id, true);
      return;
    }
    try {
      do {
        fetching.set(id, false);
        const row = await api.conversation(id);
        set({ conversations: withAll(state.conversations, [row]) });
      } while (fetching.get(id));
    } finally {
      fetching.delete(id);
    }
  }

  /** The conversation is somebody else's by now, or nobody answers: the next event or reload asks again. */
  const inBackground = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => console.debug('inbox:', error));
  };

  async function loadThread(id: string): Promise<void> {
    try {
      const page = await api.thread(id, { limit: threadPage });
      take(id, page.messages);
      setThread(id, (thread) => ({ ...thread, phase: 'ready', older: page.next_cursor }));
    } catch {
      setThread(id, (thread) => (thread.phase === 'ready' ? thread : { ...thread, phase: 'failed' }));
    }
  }

  /** Everything after the last sequence; then the newest page once more, for ticks that changed in the meantime. */
  async function catchUp(id: string): Promise<void> {
    const thread = state.threads.get(id);
    if (thread?.phase !== 'ready') return loadThread(id);
    let after = cursorOf(thread.messages);
    for (;;) {
      const page = await api.thread(id, { limit: 200, after_sequence: after });
      take(id, page.messages);
      if (!page.has_more || page.messages.length === 0) break;
      after = page.messages.at(-1)?.sequence ?? after;
    }
    const newest = await api.thread(id, { limit: threadPage });
    take(id, newest.messages);
  }

  function showWriting(id: string, isWriting: boolean): void {
    clearTimeout(writingEnds.get(id));
    if (isWriting)
      writingEnds.set(
        id,
        setTimeout(() => showWriting(id, false), writingShownMs),
      );
    if (state.writing.has(id) === isWriting) return;
    const writing = new Set(state.writing);
    if (isWriting) writing.add(id);
    else writing.delete(id);
    set({ writing });
  }

  async function post(id: string, localId: string, body: string): Promise<void> {
    setThread(id, (thread) => withFailure(thread, localId, null));
    sending.add(localId);
    try {
      const { message } = await api.send(id, localId, body);
      unsent.forget(id, [localId]);
      receive(message);
    } catch (error) {
      const has = state.threads.get(id)?.messages.some((known) => known.localId === localId && known.id);
      if (!has) setThread(id, (thread) => withFailure(thread, localId, sentence(error)));
    } finally {
      sending.delete(localId);
    }
  }

  function receive(message: WireMessage): void {
    const id = message.conversation_id;
    const conversations = withMessage(state.conversations, message);
    if (conversations) set({ conversations });
    else inBackground(fetchConversation(id));
    const thread = state.threads.get(id);
    if (thread?.phase === 'ready') take(id, [message]);
    if (message.sender === 'user') showWriting(id, false);
  }

  const live: Live = openLive(operator.app_id, {
    onUp: () => {
      set({ isUp: true });
      // The first time, the page itself asks for what it shows.
      if (wasUp) {
        for (const filter of asked) inBackground(loadList(filter));
        const stale = new Map([...state.threads].filter(([id]) => id === opened));
        set({ threads: stale });
      }
      wasUp = true;
      if (opened) inBackground(catchUp(opened));
    },
    onDown: () => {
      if (state.isUp) set({ isUp: false, writing: new Set() });
    },
    onMessage: (message) => {
      receive(message);
      const conversation = state.conversations.get(message.conversation_id);
      if (message.sender !== 'user') return;
      const announce = (row: WireConversation) => {
        for (const listener of arrivalListeners) listener(message, row);
      };
      if (conversation) announce(conversation);
      else inBackground(api.conversation(message.conversation_id).then(announce));
    },
    onStatus: ({ conversationId, ids, status }) => {
      if (!state.threads.has(conversationId)) return;
      setThread(conversationId, (thread) => ({
        ...thread,
        messages: withStatus(thread.messages, new Set(ids), status),
      }));
    },
    onConversation: (change) => {
      const conversations = withChange(state.conversations, change);
      if (conversations) set({ conversations });
      else inBackground(fetchConversation(change.conversation_id));
    },
    onPresence: (deviceId, isOnline) =>
      set({ conversations: withPresence(state.conversations, deviceId, isOnline) }),
    onTyping: showWriting,
  });

  return {
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onArrival: (listener) => {
      arrivalListeners.add(listener);
      return () => arrivalListeners.delete(listener);
    },
    loadList: (filter) => inBackground(loadList(filter)),
    loadMore: (filter) => inBackground(loadMore(filter)),
    know: (rows) => set({ conversations: withAll(state.conversations, rows) }),
    open: (id) => {
      opened = id;
      live.follow(id);
      if (!id) return;
      if (!state.conversations.has(id)) inBackground(fetchConversation(id));
      if (!state.threads.has(id)) beginThread(id);
      inBackground(catchUp(id));
    },
    reload: (id) => {
      setThread(id, (thread) => ({ ...thread, phase: 'loading' }));
      inBackground(fetchConversation(id));
      inBackground(loadThread(id));
    },
    loadOlder: (id) => {
      const thread = state.threads.get(id);
      if (!thread?.older || thread.isLoadingOlder) return;
      setThread(id, (known) => ({ ...known, isLoadingOlder: true }));
      api
        .thread(id, { limit: threadPage, cursor: thread.older })
        .then((page) => {
          take(id, page.messages);
          setThread(id, (known) => ({ ...known, older: page.next_cursor, isLoadingOlder: false }));
        })
        .catch(() => setThread(id, (known) => ({ ...known, isLoadingOlder: false })));
    },
    send: (id, body) => {
      const localId = newUuid();
      const at = Date.now();
      unsent.keep(id, { localId, body, at });
      setThread(id, (thread) => withPending(thread, localId, body, operator.id, at));
      inBackground(post(id, localId, body));
    },
    resend: (id, localId) => {
      const message = state.threads.get(id)?.messages.find((known) => known.localId === localId);
      if (message && !sending.has(localId)) inBackground(post(id, localId, message.body));
    },
    typing: live.typing,
    markRead: (id) => {
      const thread = state.threads.get(id);
      const newest = thread && newestOfVisitor(thread);
      const conversation = state.conversations.get(id);
      if (!newest?.id || !conversation) return;
      if (readUpTo === newest.id && conversation.unread_count === 0) return;
      if (newest.status === 'READ' && conversation.unread_count === 0) return;
      readUpTo = newest.id;
      set({
        conversations:
          withChange(state.conversations, { conversation_id: id, unread_count: 0 }) ?? state.conversations,
      });
      inBackground(
        api.read(id, newest.id).catch((error: unknown) => {
          readUpTo = '';
          throw error;
        }),
      );
    },
    change: async (id, change) => {
      const row = await api.changeConversation(id, change);
      set({ conversations: withAll(state.conversations, [row]) });
    },
    close: () => {
      live.close();
      for (const timer of writingEnds.values()) clearTimeout(timer);
    },
  };
}

/** How many messages of visitors nobody of the team has seen, as far as is known. */
export const unreadIn = ({ conversations }: InboxState): number =>
  [...conversations.values()].reduce(
    (sum, { status, unread_count }) => sum + (status === 'open' ? unread_count : 0),
    0,
  );
