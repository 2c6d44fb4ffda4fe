import { createChat } from './chat.ts';
import { readConfig } from './config.ts';
import { type ChatUser, openStorage } from './storage.ts';
import { mountView } from './view.ts';

/** What the embedding page may call, as `EarshotChat.open()` and so on, after the event `earshot-chat:ready` of `window`. */
export interface EarshotChat {
  open(): void;
  close(): void;
  /** Who the visitor is; their conversation follows. `id` is the embedding page's own name for them. */
  setUser(user: ChatUser): void;
  /** The visitor signed out: the next one on this browser begins anew. */
  clearUser(): void;
  /** Records an event for the team's analytics. */
  track(name: string, properties?: Readonly<Record<string, unknown>>): void;
}

declare global {
  interface Window {
    EarshotChat?: EarshotChat;
  }
}

function start(script: HTMLScriptElement): void {
  const config = readConfig(script);
  const chat = createChat(config, openStorage(config.appId));
  const view = mountView(config, chat);
  window.EarshotChat = {
    open: view.open,
    close: view.close,
    setUser: (user) => {
      if (!user?.id) throw new Error('EarshotChat.setUser needs an id');
      chat.setUser({ ...user, id: String(user.id) });
    },
    clearUser: chat.clearUser,
    track: (name, properties = {}) => chat.track(name, properties),
  };
  chat.begin();
  dispatchEvent(new CustomEvent('earshot-chat:ready'));
}

const { currentScript } = document;
// A second script element would put a second chat on the page.
if (currentScript instanceof HTMLScriptElement && !window.EarshotChat) {
  const begin = () => {
    try {
      start(currentScript);
    } catch (error) {
      console.error('EarshotChat does not start:', error instanceof Error ? error.message : error);
    }
  };
  if (document.body) begin();
  else addEventListener('DOMContentLoaded', begin, { once: true });
}
