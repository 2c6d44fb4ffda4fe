import type { ActionItemRow } from '../tables.js';
import { isoOf, isoOrNull } from '../wire/instants.js';

/** A to-do as contract §5.2 writes it. */
export const presentActionItem = (item: ActionItemRow): Record<string, unknown> => ({
  id: item.id,
  description: item.description,
  completed: item.completed === 1,
  created_at: isoOf(item.created_at),
  updated_at: isoOf(item.updated_at),
  due_at: isoOrNull(item.due_at),
  completed_at: isoOrNull(item.completed_at),
  conversation_id: item.conversation_id,
  is_locked: false,
});
