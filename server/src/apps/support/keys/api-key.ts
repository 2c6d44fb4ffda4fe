import { createHash, randomBytes } from 'node:crypto';

/** What every key begins with, so that people and secret scanners know one when they see it. */
const KEY_PREFIX = 'rhq_';
const KEY_BYTES = 32;
/** How many characters of a key may be shown to tell it from others: 8 of 43 random ones, so 208 bits stay hidden. */
const SHOWN_CHARACTERS = KEY_PREFIX.length + 8;

/** A key as its owner gets it, once, and what is kept of it. */
export interface NewApiKey {
  readonly apiKey: string;
  readonly prefix: string;
  readonly hash: string;
}

/** Makes a key: `rhq_` and 32 random bytes as base64url. */
export function newApiKey(): NewApiKey {
  const apiKey = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  return { apiKey, prefix: apiKey.slice(0, SHOWN_CHARACTERS), hash: hashApiKey(apiKey) };
}

/** What is stored of a key. It has 256 random bits, so one round of SHA-256 without salt cannot be searched. */
export const hashApiKey = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex');
