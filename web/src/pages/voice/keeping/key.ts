const KEY = 'voice.key';
/** What travels in a header; the server says the same (contract §5.1). */
const FORM = /^[\x21-\x7e]{1,256}$/;

let inMemory: string | null = null;

/** What is wrong with the form of a key, or null. Whether it is valid the first question shows. */
export function faultOfKey(key: string): string | null {
  if (key === '') return 'Please paste your key.';
  return FORM.test(key) ? null : 'A key has no spaces or special letters, and at most 256 characters.';
}

export function readKey(): string | null {
  if (inMemory !== null) return inMemory;
  try {
    inMemory = sessionStorage.getItem(KEY);
  } catch {
    // Forbidden: it is asked for again.
  }
  return inMemory;
}

/** Keeps the key in memory, and for this tab only when its owner asks for it. It is kept nowhere else. */
export function giveKey(key: string, isKeptForTab: boolean): void {
  inMemory = key;
  try {
    if (isKeptForTab) sessionStorage.setItem(KEY, key);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Forbidden: memory must do.
  }
}

export function forgetKey(): void {
  inMemory = null;
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Forbidden: then it is not there either.
  }
}
