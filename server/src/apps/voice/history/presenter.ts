import { isoInstant } from '../../../platform/http/timestamps.js';
import type { VoiceMessage, VoiceSession } from './store.js';

export const presentSession = ({ session_id, started_at, ended_at, updated_at }: VoiceSession) => ({
  id: session_id,
  started_at: isoInstant(started_at),
  ended_at: ended_at === null ? null : isoInstant(ended_at),
  updated_at: isoInstant(updated_at),
});

export const presentMessage = ({ id, sender, message_text, created_at }: VoiceMessage) => ({
  id,
  sender,
  message_text,
  created_at: isoInstant(created_at),
});
