import type { ApiKey } from './store.js';

/** The instant at which a key stops working, null when none is set. */
export const endOf = (key: Pick<ApiKey, 'expires_at' | 'revoked_at'>): number | null =>
  key.revoked_at ?? key.expires_at;

/** Whether a key works at an instant. */
export const lives = (key: Pick<ApiKey, 'expires_at' | 'revoked_at'>, now: number): boolean => {
  const end = endOf(key);
  return end === null || end > now;
};
