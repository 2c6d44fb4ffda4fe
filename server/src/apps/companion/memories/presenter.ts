import type { MemoryRow } from '../tables.js';
import { isoOf } from '../wire/instants.js';

/** A fact about the user as contract §6.4 writes it. `scoring` must be a text: what the user wrote comes first. */
export const presentMemory = (memory: MemoryRow): Record<string, unknown> => ({
  id: memory.id,
  uid: memory.user_id,
  content: memory.content,
  category: memory.category,
  created_at: isoOf(memory.created_at),
  updated_at: isoOf(memory.updated_at),
  visibility: memory.visibility,
  tags: JSON.parse(memory.tags),
  conversation_id: memory.conversation_id,
  memory_id: memory.conversation_id,
  reviewed: memory.reviewed === 1,
  user_review: memory.user_review === null ? null : memory.user_review === 1,
  manually_added: memory.manually_added === 1,
  edited: memory.edited === 1,
  deleted: false,
  is_locked: false,
  scoring: scoringOf(memory),
  app_id: memory.app_id,
  data_protection_level: 'standard',
});

/** Sorts as text as the store does: manual ones first, then by category, then by time in seconds. */
const scoringOf = ({ manually_added, category, created_at }: MemoryRow): string =>
  [
    manually_added === 1 ? '01' : '00',
    category === 'interesting' ? '999' : '998',
    Math.floor(created_at / 1_000),
  ].join('_');
