import { checkSyncInterval } from '../feature-flags.js';
import type { EvictionPolicyName } from '../media/eviction.js';
import { EVICTION_POLICIES } from '../media/eviction.js';
import type { Signal, Unsubscribe } from '../signal.js';
import { createSignal } from '../signal.js';
import type { LocalStore } from '../stores/local-store.js';
import { readSetting, writeSetting } from '../stores/settings.js';

/** What a user may choose on this device (contract §7.9). Preferences stay here: they are neither synced nor migrated. */
export interface Preferences {
  /** 60 to 3600 in steps of 60. */
  readonly syncIntervalSeconds: number;
  readonly backgroundSync: boolean;
  /** Pictures and narrations are downloaded over Wi-Fi and cables only. */
  readonly mediaOnWifiOnly: boolean;
  readonly mediaEviction: EvictionPolicyName;
}

export interface PreferencesRoom {
  current(): Preferences;
  /** @throws RangeError for a value that is not allowed */
  change(changes: Partial<Preferences>): Promise<Preferences>;
  /** Reads what was chosen before; called by `start()`. */
  restore(): Promise<Preferences>;
  subscribe(listener: (preferences: Preferences) => void): Unsubscribe;
}

const KEY = 'preferences';

export function createPreferences(store: LocalStore, initial: Preferences): PreferencesRoom {
  const changed: Signal<Preferences> = createSignal();
  let current = initial;
  const take = (next: Preferences): Preferences => {
    current = next;
    changed.emit(next);
    return next;
  };
  return {
    current: () => current,
    change: async (changes) => {
      const next = checked({ ...current, ...changes });
      await store.write((tx) => writeSetting(tx, KEY, next));
      return take(next);
    },
    restore: async () => {
      const kept = await store.read((tx) => readSetting<Preferences>(tx, KEY));
      return take({ ...initial, ...kept });
    },
    subscribe: changed.subscribe,
  };
}

function checked(preferences: Preferences): Preferences {
  checkSyncInterval(preferences.syncIntervalSeconds);
  if (!Object.hasOwn(EVICTION_POLICIES, preferences.mediaEviction)) {
    throw new RangeError(`There is no eviction policy ${preferences.mediaEviction}.`);
  }
  return preferences;
}
