import type { ConversationRow } from '../tables.js';
import type { ListeningStore } from './store.js';

/** How long an ending waits for words that are found later. */
export const PATIENCE_MS = 10 * 60_000;

/**
 * True for a conversation whose silence is long enough to end it, while words of it are still on their way: its audio is
 * streamed or waits to be heard. It ends with them, or with their delay.
 */
export async function awaitsWords(
  store: Pick<ListeningStore, 'hasStream' | 'hasUnheard'>,
  { id, finished_at, timeout_seconds }: Pick<ConversationRow, 'id' | 'finished_at' | 'timeout_seconds'>,
  now: number,
): Promise<boolean> {
  const overdue = now - finished_at - timeout_seconds * 1_000;
  if (overdue <= 0 || overdue >= PATIENCE_MS) return false;
  return (await store.hasStream(id)) || (await store.hasUnheard(id));
}
