/** A conversation that its device asked to keep. */
export interface VoiceSessionRow {
  id: string;
  /** The device's token as a keyed hash; the token itself is not kept. */
  owner: string;
  /** What the device calls it. */
  session_id: string;
  started_at: number;
  ended_at: number | null;
  /** The instant of its last message. */
  updated_at: number;
}

export interface VoiceMessageRow {
  id: string;
  /** Of `voice_sessions`. */
  session: string;
  sender: 'user' | 'bot';
  message_text: string;
  created_at: number;
}

export interface VoiceTables {
  voice_sessions: VoiceSessionRow;
  voice_messages: VoiceMessageRow;
}
