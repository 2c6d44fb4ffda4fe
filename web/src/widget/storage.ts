import type { ChatMessage } from '../chat/messages.ts';

export interface ChatUser {
  readonly id: string;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What one person's chat on this device consists of. */
export interface StoredChat {
  readonly conversationId: string | null;
  readonly messages: readonly ChatMessage[];
  /** Up to here the visitor has seen what the team wrote. */
  readonly seenSequence: number;
  readonly resolved: boolean;
}

const emptyChat: StoredChat = {
  conversationId: null,
  messages: [],
  seenSequence: 0,
  resolved: false,
};

/** This browser's memory of the chat; lasts until the page is closed where storage is forbidden. */
export interface ChatStorage {
  deviceId(): string;
  user(): ChatUser | null;
  keepUser(user: ChatUser | null): void;
  /** What the server was last told of the user, as text. */
  introduced(): string | null;
  keepIntroduced(user: string | null): void;
  /** Of the current user, or of the anonymous visitor. */
  chat(): StoredChat;
  chatOf(userId: string): StoredChat;
  keepChat(chat: StoredChat): void;
  forgetChat(): void;
  /** Another tab changed something. */
  onChange(listener: () => void): void;
}

/** `crypto.randomUUID` exists on secure pages only; chats are wanted on others too. */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export function openStorage(appId: string): ChatStorage {
  const prefix = `earshot.chat.${appId}.`;
  const memory = new Map<string, string>();

  const read = (key: string): string | null => {
    try {
      return localStorage.getItem(prefix + key) ?? memory.get(key) ?? null;
    } catch {
      return memory.get(key) ?? null;
    }
  };
  const write = (key: string, value: string | null): void => {
    if (value === null) memory.delete(key);
    else memory.set(key, value);
    try {
      if (value === null) localStorage.removeItem(prefix + key);
      else localStorage.setItem(prefix + key, value);
    } catch {
      // Forbidden or full: the memory above carries this visit.
    }
  };
  const readJson = (key: string): Readonly<Record<string, unknown>> | null => {
    try {
      const value: unknown = JSON.parse(read(key) ?? 'null');
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
    } catch {
      return null;
    }
  };

  const storage: ChatStorage = {
    deviceId: () => {
      const known = read('device');
      if (known) return known;
      const made = newUuid();
      write('device', made);
      return made;
    },
    user: () => {
      const user = readJson('user');
      return user && typeof user.id === 'string' ? (user as unknown as ChatUser) : null;
    },
    keepUser: (user) => write('user', user && JSON.stringify(user)),
    introduced: () => read('introduced'),
    keepIntroduced: (user) => write('introduced', user),
    // Each person's chat has a place of its own, so that nobody sees the words of who used this browser before.
    chat: () => ({ ...emptyChat, ...readJson(chatKey()) }),
    chatOf: (userId) => ({ ...emptyChat, ...readJson(`chat.${userId}`) }),
    keepChat: (chat) => write(chatKey(), JSON.stringify(chat)),
    forgetChat: () => write(chatKey(), null),
    onChange: (listener) => {
      addEventListener('storage', ({ key }) => {
        if (key === null || key.startsWith(prefix)) listener();
      });
    },
  };
  const chatKey = () => `chat.${storage.user()?.id ?? ''}`;
  return storage;
}
