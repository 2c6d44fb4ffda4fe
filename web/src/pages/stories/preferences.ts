import { useSyncExternalStore } from 'react';

/** What this device remembers of its user's taste; it is not sent anywhere. */
export interface Preferences {
  /** Name of the language, as the server knows it. */
  readonly language: string;
  /** `auto`: the voice that suits the hero. */
  readonly voice: string;
  readonly narrate: boolean;
  readonly illustrate: boolean;
  /** Speed of the narration, 0.5 to 2. */
  readonly rate: number;
}

const KEY = 'earshot.stories.preferences';
const usual: Preferences = {
  language: navigator.language.startsWith('fr') ? 'French' : 'English',
  voice: 'auto',
  narrate: true,
  illustrate: true,
  rate: 1,
};

function load(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return usual;
    const known = Object.entries(kept).filter(
      ([name, value]) => typeof value === typeof usual[name as keyof Preferences],
    );
    return { ...usual, ...Object.fromEntries(known) };
  } catch {
    return usual;
  }
}

let preferences = load();
const listeners = new Set<() => void>();

export const readPreferences = (): Preferences => preferences;

export function changePreferences(changes: Partial<Preferences>): void {
  preferences = { ...preferences, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Storage may be forbidden or full; they then last for the visit.
  }
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, readPreferences);
}
