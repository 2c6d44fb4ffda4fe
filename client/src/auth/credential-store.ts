import type { LocalStore } from '../stores/local-store.js';
import { readSetting, removeSetting, writeSetting } from '../stores/settings.js';
import type { Session } from './session.js';

/** Where the session is kept. An app with a keychain puts it there by an adapter of its own. */
export interface CredentialStore {
  load(): Promise<Session | null>;
  save(session: Session): Promise<void>;
  clear(): Promise<void>;
}

/** Forgotten when the process ends. */
export function createMemoryCredentials(): CredentialStore {
  let kept: Session | null = null;
  return {
    load: async () => kept,
    save: async (session) => {
      kept = session;
    },
    clear: async () => {
      kept = null;
    },
  };
}

/** Beside the data of the app: what a browser offers, where a keychain does not exist. */
export function createStoredCredentials(store: LocalStore): CredentialStore {
  return {
    load: () => store.read(async (tx) => (await readSetting<Session>(tx, 'session')) ?? null),
    save: (session) => store.write((tx) => writeSetting(tx, 'session', session)),
    clear: () => store.write((tx) => removeSetting(tx, 'session')),
  };
}
