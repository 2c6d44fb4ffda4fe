import { io } from 'socket.io-client';
import type { MessageStatus, WireMessage } from '../../chat/messages.ts';
import type { WireConversation } from './api.ts';
import { accessToken, onToken, rejectToken } from './session.ts';

/** What the server tells operators (contract §4.4, §4.5). */
export interface LiveHandlers {
  /** The socket hears everything of the app from now on: whatever was missed must be asked for. */
  readonly onUp: () => void;
  readonly onDown: () => void;
  readonly onMessage: (message: WireMessage) => void;
  readonly onStatus: (change: {
    readonly conversationId: string;
    readonly ids: readonly string[];
    readonly status: MessageStatus;
  }) => void;
  readonly onConversation: (change: Partial<WireConversation> & { readonly conversation_id: string }) => void;
  readonly onPresence: (deviceId: string, isOnline: boolean) => void;
  readonly onTyping: (conversationId: string, isTyping: boolean) => void;
}

export interface Live {
  /** Hears the typing of this conversation, and of no other. */
  follow(conversationId: string | null): void;
  typing(conversationId: string, isTyping: boolean): void;
  close(): void;
}

/** How often the token is looked at; {@link accessToken} renews it in its last minute. */
const tokenCheckMs = 20_000;
const refusedAgainMs = 4_000;

/** The operators' socket; it reconnects by itself until it is closed. */
export function openLive(appId: string, handlers: LiveHandlers): Live {
  let followed: string | null = null;
  let shownToken = '';
  let wasRefused = false;
  let again: ReturnType<typeof setTimeout> | undefined;

  const socket = io('/admin', {
    path: '/v1/socket.io',
    transports: ['websocket'],
    reconnectionDelay: 1_000,
    reconnectionDelayMax: 5_000,
    auth: (give) => {
      accessToken().then(
        (token) => {
          shownToken = token;
          give({ app_id: appId, admin_token: token });
        },
        // The session has ended, and this socket with it; or nobody answers, and the next try asks again.
        () => reconnectIn(refusedAgainMs),
      );
    },
  });

  function reconnectIn(ms: number): void {
    clearTimeout(again);
    again = setTimeout(() => socket.disconnect().connect(), ms);
  }

  socket.on('connected', () => {
    wasRefused = false;
    if (followed) socket.emit('conversation:join', { conversation_id: followed });
    handlers.onUp();
  });
  socket.on('disconnect', (reason) => {
    handlers.onDown();
    // The library reconnects by itself unless the server closed the namespace, as it does when an account ends.
    if (reason !== 'io server disconnect') return;
    rejectToken(shownToken);
    reconnectIn(500);
  });
  socket.on('connect_error', () => {
    handlers.onDown();
    if (socket.active) return;
    rejectToken(shownToken);
    // With a new token at once; that one refused too, there is no hurry.
    reconnectIn(wasRefused ? refusedAgainMs : 200);
    wasRefused = true;
  });
  socket.on('server:shutdown', ({ reconnect_delay_ms: delay }: { reconnect_delay_ms?: number }) => {
    socket.disconnect();
    reconnectIn(delay ?? 5_000);
  });
  socket.on('message:new', handlers.onMessage);
  socket.on(
    'message:status',
    (change: { conversation_id: string; message_id: string; status: MessageStatus }) =>
      handlers.onStatus({
        conversationId: change.conversation_id,
        ids: [change.message_id],
        status: change.status,
      }),
  );
  socket.on('messages:read', (read: { conversation_id: string; message_ids: readonly string[] }) =>
    handlers.onStatus({ conversationId: read.conversation_id, ids: read.message_ids, status: 'READ' }),
  );
  for (const name of ['conversation:new', 'conversation:updated']) {
    socket.on(name, ({ conversation }: { conversation: WireConversation }) =>
      handlers.onConversation(conversation),
    );
  }
  socket.on('presence:change', (change: { device_id: string; is_online: boolean }) =>
    handlers.onPresence(change.device_id, change.is_online),
  );
  socket.on('user:typing', (typing: { conversation_id: string; is_typing: boolean }) =>
    handlers.onTyping(typing.conversation_id, typing.is_typing),
  );

  const stopRenewing = onToken((token) => {
    if (token === shownToken || !socket.connected) return;
    shownToken = token;
    socket.emit('auth:renew', { admin_token: token });
  });
  const checking = setInterval(() => {
    // Failures are the next request's to tell.
    accessToken().catch(() => undefined);
  }, tokenCheckMs);
  const hurry = () => {
    if (!socket.connected) reconnectIn(0);
  };
  addEventListener('online', hurry);

  return {
    follow: (conversationId) => {
      if (followed === conversationId) return;
      if (followed) socket.emit('conversation:leave', { conversation_id: followed });
      followed = conversationId;
      if (followed && socket.connected) socket.emit('conversation:join', { conversation_id: followed });
    },
    typing: (conversationId, isTyping) => {
      if (socket.connected)
        socket.emit(isTyping ? 'typing:start' : 'typing:stop', { conversation_id: conversationId });
    },
    close: () => {
      clearTimeout(again);
      clearInterval(checking);
      removeEventListener('online', hurry);
      stopRenewing();
      socket.removeAllListeners();
      socket.disconnect();
    },
  };
}
