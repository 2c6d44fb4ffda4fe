/** What this device remembers of its user's taste; nothing of it is a secret. */
export interface Preferences {
  /** Of the server; null: the browser's own voice. */
  readonly voice: string | null;
  readonly isAloud: boolean;
  /** Whether the server may keep the conversations, where it offers to. */
  readonly isKeptOnServer: boolean;
}

const KEY = 'voice.preferences';
const usual: Preferences = { voice: null, isAloud: true, isKeptOnServer: false };

export function loadPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Partial<
      Record<keyof Preferences, unknown>
    > | null;
    return {
      voice: typeof kept?.voice === 'string' ? kept.voice : usual.voice,
      isAloud: kept?.isAloud !== false,
      isKeptOnServer: kept?.isKeptOnServer === true,
    };
  } catch {
    return usual;
  }
}

export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Forbidden or full; they last for the visit.
  }
}
