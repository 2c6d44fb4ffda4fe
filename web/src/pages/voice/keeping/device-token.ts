import { randomId } from './conversation.ts';

const KEY = 'voice.device';
let inMemory: string | null = null;

/** Whose conversations the server keeps: random, of this browser, and nothing to do with any key. */
export function deviceToken(): string {
  if (inMemory !== null) return inMemory;
  try {
    inMemory = localStorage.getItem(KEY);
    if (inMemory === null || !/^[\w-]{22,128}$/.test(inMemory)) {
      inMemory = randomId() + randomId();
      localStorage.setItem(KEY, inMemory);
    }
  } catch {
    inMemory ??= randomId() + randomId();
  }
  return inMemory;
}
