import type { PlatformTables } from '../../platform/database/tables.js';

/* Lists and objects are JSON texts that the stores parse. Places in audio are seconds from a conversation's `started_at`. */

/** What this app keeps of a user beside the account. */
export interface CompanionProfileRow {
  user_id: string;
  /** Chosen in the app; null makes it ask. */
  language: string | null;
  /** IANA name, told together with the push token. */
  time_zone: string | null;
  store_recordings: number | null;
  private_cloud_sync: number;
  preferred_app_id: string | null;
  /** JSON: the newest place that the phone told, or null. */
  geolocation: string | null;
  /** Media key of the enrolled voice. */
  speech_profile_key: string | null;
  created_at: number;
  updated_at: number;
}

export type ConversationStatus = 'in_progress' | 'processing' | 'completed' | 'failed';

export interface ConversationRow {
  id: string;
  user_id: string;
  status: ConversationStatus;
  source: string;
  language: string | null;
  created_at: number;
  started_at: number;
  /** When something was last heard or seen. */
  finished_at: number;
  /** Seconds of silence after which it is closed. */
  timeout_seconds: number;
  title: string;
  overview: string;
  emoji: string;
  category: string;
  /** JSON: { title, start (epoch ms), duration (minutes), description, created }[]. */
  events: string;
  discarded: number;
  visibility: 'private' | 'shared' | 'public';
  /** JSON or null. */
  geolocation: string | null;
  /** JSON: { app_id, content }[]. */
  apps_results: string;
  /** JSON or null. */
  external_data: string | null;
  /** Raised by every write, so that work over an older state is not written over a newer one. */
  revision: number;
  updated_at: number;
}

export interface SegmentRow {
  id: string;
  conversation_id: string;
  user_id: string;
  text: string;
  /** `SPEAKER_00`. */
  speaker: string;
  is_user: number;
  person_id: string | null;
  start_at: number;
  end_at: number;
  /** JSON: { lang, text }[]. */
  translations: string;
  /** `edge_asr` when the phone recognised it. */
  source: string | null;
  asr_provider: string | null;
  created_at: number;
  updated_at: number;
}

export interface PhotoRow {
  id: string;
  conversation_id: string;
  user_id: string;
  media_key: string;
  media_type: string;
  description: string | null;
  discarded: number;
  created_at: number;
}

export interface ActionItemRow {
  id: string;
  user_id: string;
  conversation_id: string | null;
  /** Its place in the conversation's own list. */
  position: number;
  description: string;
  completed: number;
  due_at: number | null;
  completed_at: number | null;
  /** Taken out of the conversation's list, still in its history. */
  deleted: number;
  created_at: number;
  updated_at: number;
}

export interface MemoryRow {
  id: string;
  user_id: string;
  conversation_id: string | null;
  content: string;
  category: 'interesting' | 'system';
  visibility: 'private' | 'public';
  /** JSON: string[]. */
  tags: string;
  reviewed: number;
  user_review: number | null;
  manually_added: number;
  edited: number;
  app_id: string | null;
  created_at: number;
  updated_at: number;
}

export interface ChatMessageRow {
  id: string;
  user_id: string;
  /** The empty string stands for no app. */
  app_id: string;
  sender: 'ai' | 'human';
  type: 'text' | 'day_summary';
  text: string;
  /** JSON: ids of the conversations that are cited. */
  conversation_ids: string;
  /** JSON: ids of files. */
  file_ids: string;
  reported: number;
  rating: number | null;
  /** The place in the chat; two messages of one instant keep their order. */
  position: number;
  created_at: number;
}

export interface ChatFileRow {
  id: string;
  user_id: string;
  name: string;
  mime_type: string;
  media_key: string;
  thumbnail_key: string | null;
  size: number;
  created_at: number;
}

export interface PersonRow {
  id: string;
  user_id: string;
  name: string;
  /** JSON: media keys. */
  speech_samples: string;
  created_at: number;
  updated_at: number;
}

/** Where a user's phone is reached by push. */
export interface CompanionDeviceRow {
  token: string;
  user_id: string;
  time_zone: string | null;
  updated_at: number;
}

export interface CompanionWebhookRow {
  user_id: string;
  type: string;
  url: string;
  /** For `audio_bytes`. */
  seconds: number | null;
  enabled: number;
  updated_at: number;
}

/** An uploaded recording that was taken in, so that the same file again changes nothing. */
export interface OfflineFileRow {
  user_id: string;
  file_name: string;
  sha256: string;
  status: 'stored' | 'completed' | 'failed';
  media_key: string | null;
  /** JSON: { new, updated } ids of conversations. */
  result: string | null;
  created_at: number;
  updated_at: number;
}

/** Seconds and words by UTC day, for the usage page. */
export interface CompanionUsageRow {
  user_id: string;
  /** `2026-11-21`. */
  day: string;
  transcription_seconds: number;
  words_transcribed: number;
  insights_gained: number;
  memories_created: number;
}

/** A transcription that was asked for by `POST /v1/transcriptions`. */
export interface TranscriptionRow {
  id: string;
  user_id: string;
  status: 'processing' | 'completed' | 'failed';
  text: string;
  /** JSON: segments. */
  segments: string;
  language: string | null;
  duration: number;
  conversation_id: string | null;
  created_at: number;
}

/** A live stream of audio whose journal lies on the disk of the node that receives it. */
export interface StreamRow {
  id: string;
  user_id: string;
  conversation_id: string | null;
  /** Seconds of its audio whose words are stored, or that have none. Moves with the words, in their transaction. */
  settled: number;
  created_at: number;
  updated_at: number;
}

/** Audio that was received and whose words are still to come. */
export interface UnheardRow {
  id: string;
  user_id: string;
  conversation_id: string | null;
  /** A WAV file. */
  media_key: string;
  language: string | null;
  /** JSON: [seconds in the file, epoch ms][]: when which part of it was heard. */
  clock: string;
  seconds: number;
  created_at: number;
}

/** A one-time code of a sign-in by browser; nobody's row, gone after minutes. */
export interface SignInCodeRow {
  digest: string;
  /** Encrypted. */
  sealed: string;
  expires_at: number;
}

export interface CompanionTables extends PlatformTables {
  companion_profiles: CompanionProfileRow;
  companion_conversations: ConversationRow;
  companion_segments: SegmentRow;
  companion_photos: PhotoRow;
  companion_action_items: ActionItemRow;
  companion_memories: MemoryRow;
  companion_chat_messages: ChatMessageRow;
  companion_chat_files: ChatFileRow;
  companion_people: PersonRow;
  companion_devices: CompanionDeviceRow;
  companion_webhooks: CompanionWebhookRow;
  companion_offline_files: OfflineFileRow;
  companion_usage: CompanionUsageRow;
  companion_transcriptions: TranscriptionRow;
  companion_streams: StreamRow;
  companion_unheard: UnheardRow;
  companion_sign_in_codes: SignInCodeRow;
}
