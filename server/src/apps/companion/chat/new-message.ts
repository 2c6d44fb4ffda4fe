import { uuidV7 } from '../../../platform/ids.js';
import type { ChatMessageRow } from '../tables.js';

/** What somebody says, before it has its place in the chat. */
export type NewMessage = Omit<ChatMessageRow, 'position'>;

export const newMessage = (
  now: number,
  message: Pick<ChatMessageRow, 'user_id' | 'app_id' | 'sender' | 'text'> & Partial<NewMessage>,
): NewMessage => ({
  id: uuidV7(now),
  type: 'text',
  conversation_ids: '[]',
  file_ids: '[]',
  reported: 0,
  rating: null,
  created_at: now,
  ...message,
});
