/** `expired` is what became of a file that was deleted or outlived its time; its row stays as a tombstone. */
export type FileStatus = 'generating' | 'ready' | 'failed' | 'expired';

/** A text and the audio made of it. Column names follow the product that this app replaces, so its data can be imported. */
export interface AudioFileRow {
  id: string;
  user_id: string;
  content_hash: string;
  text_content: string;
  title: string | null;
  voice: string;
  model: string;
  format: string;
  speed: number;
  instructions: string | null;
  file_name: string | null;
  /** Bytes; null until ready. */
  file_size: number | null;
  /** SHA-256 of the audio, the entity tag of downloads. */
  file_sha256: string | null;
  duration_ms: number | null;
  status: FileStatus;
  /** Why it failed, in words for the user. */
  failure: string | null;
  chunks_done: number;
  chunks_total: number;
  created_at: number;
  /** The instant of the last change that clients must hear of: created, ready, failed. */
  updated_at: number;
  expires_at: number;
  /** When it was deleted or found to be past its time. */
  expired_at: number | null;
}

/** How far somebody listened to a document; one row per user and document. */
export interface PlaybackStateRow {
  id: string;
  user_id: string;
  document_id: string;
  title: string;
  text_content: string;
  language_code: string | null;
  resume_key: string;
  progress: number;
  is_playing: number;
  is_paused: number;
  is_loading: number;
  current_title: string;
  created_at: number;
  updated_at: number;
}

export interface SpeechTables {
  audio_files: AudioFileRow;
  playback_states: PlaybackStateRow;
}
