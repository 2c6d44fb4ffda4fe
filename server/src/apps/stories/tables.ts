import type { PlatformTables } from '../../platform/database/tables.js';

/*
 * Lists and objects are JSON texts that the stores parse. `version` is the owner's change number of the row's newest write
 * (see platform/changes). Media are kept by their key; addresses are signed when they are told.
 */

/** A child's hero. */
export interface HeroRow {
  id: string;
  user_id: string;
  name: string;
  age: number;
  /** JSON: string[]. */
  traits: string;
  /** JSON: string[]. */
  special_abilities: string;
  appearance: string | null;
  hair_color: string | null;
  eye_color: string | null;
  skin_tone: string | null;
  height: string | null;
  avatar_key: string | null;
  avatar_prompt: string | null;
  avatar_generation_id: string | null;
  created_at: number;
  updated_at: number;
  version: number;
}

/** How a hero looks, in words that lead every picture. At most one for each hero; part of the hero for sync. */
export interface VisualProfileRow {
  id: string;
  hero_id: string;
  /** JSON: the contract's optional attributes (hairStyle … simplifiedPrompt, colorPalette, visualKeywords, age). */
  attributes: string;
  created_at: number;
  updated_at: number;
}

export type AudioStatus = 'pending' | 'processing' | 'completed' | 'failed';
export type IllustrationsStatus = 'none' | 'pending' | 'processing' | 'completed' | 'partial' | 'failed';

export interface StoryRow {
  id: string;
  user_id: string;
  hero_id: string;
  title: string;
  content: string;
  /** As the client wrote it: `English` or `en`. */
  language: string;
  event_type: string | null;
  custom_event_id: string | null;
  is_favorite: number;
  play_count: number;
  last_played_at: number | null;
  audio_key: string | null;
  /** Seconds. */
  audio_duration: number | null;
  audio_voice: string | null;
  audio_language: string | null;
  audio_status: AudioStatus;
  audio_error: string | null;
  illustration_status: IllustrationsStatus;
  /** How many are completed. */
  illustration_count: number;
  /** JSON object or null: model, engine, tokens. */
  generation_metadata: string | null;
  created_at: number;
  updated_at: number;
  version: number;
}

export type IllustrationStatus = 'pending' | 'processing' | 'completed' | 'failed';

export interface IllustrationRow {
  id: string;
  user_id: string;
  story_id: string;
  image_key: string | null;
  image_prompt: string;
  scene_description: string;
  display_order: number;
  /** Seconds from the beginning of the narration. */
  audio_timestamp: number;
  audio_duration: number | null;
  generation_id: string | null;
  previous_generation_id: string | null;
  status: IllustrationStatus;
  error: string | null;
  retry_count: number;
  created_at: number;
  updated_at: number;
  version: number;
}

export interface CustomEventRow {
  id: string;
  user_id: string;
  title: string;
  description: string;
  prompt_seed: string;
  category: string;
  age_range: string | null;
  tone: string;
  /** JSON: string[]. */
  keywords: string;
  ai_enhanced: number;
  /** JSON object or null: enhancedAt, model, originalPromptSeed. */
  enhancement: string | null;
  is_favorite: number;
  usage_count: number;
  last_used_at: number | null;
  pictogram_emoji: string | null;
  /** JSON: string[] or null. */
  pictogram_symbols: string | null;
  pictogram_key: string | null;
  created_at: number;
  updated_at: number;
  version: number;
}

/** What this app keeps of a user beside the account. */
export interface StoryProfileRow {
  user_id: string;
  total_stories: number;
  total_audio: number;
  total_illustrations: number;
  last_story_at: number | null;
  preferred_language: string | null;
}

/** One listening to a story. */
export interface ListeningSessionRow {
  id: string;
  user_id: string;
  story_id: string;
  started_at: number;
  ended_at: number | null;
  /** Whole seconds. */
  duration: number | null;
  completed: number;
  created_at: number;
  updated_at: number;
}

/** A play without a report yet: a report of the same time span adds no second play (contract §9 row 17). */
export interface StoryPlayRow {
  id: string;
  user_id: string;
  story_id: string;
  played_at: number;
  /** The listening session that told of the same play. */
  session_id: string | null;
}

export interface MilestoneRow {
  user_id: string;
  milestone_id: string;
  unlocked_at: number;
}

/** One call of an engine that was made for a user (the contract's ApiUsage); refused calls leave none. */
export interface GenerationUsageRow {
  id: string;
  user_id: string;
  operation: string;
  model: string;
  /** How much of the limit it takes; 0 for what is only recorded. */
  units: number;
  tokens: number | null;
  /** US dollars. */
  cost: number | null;
  duration_ms: number | null;
  success: number | null;
  error: string | null;
  created_at: number;
}

/** An ordered piece of generation: the same order again finds this row instead of making a second one. */
export interface GenerationRow {
  id: string;
  user_id: string;
  kind: 'story' | 'narration' | 'illustrations' | 'avatar' | 'visual-profile' | 'event';
  /** What it works on: a hero, story or event id. */
  subject_id: string | null;
  /** Two orders with the same fingerprint are one while the first is not finished. */
  fingerprint: string;
  /** What the client called this order; a failed order gives it back, so that the same request may be tried again. */
  idempotency_key: string | null;
  /** JSON: what the job needs. */
  input: string;
  status: 'processing' | 'completed' | 'failed';
  /** JSON: what came out, as the kind tells it. */
  result: string | null;
  /** JSON: { code, statusCode, message, retryAfterSeconds?, details? } of a failure, to be told as it was. */
  error: string | null;
  created_at: number;
  updated_at: number;
}

/** An answer that is given again when the same `Idempotency-Key` comes back. */
export interface IdempotentAnswerRow {
  user_id: string;
  key: string;
  /** Method, path and a hash of the body: the same key for something else is refused. */
  request_hash: string;
  /** The id of the row that the request makes: sent again after a crash, it finds that row. */
  row_id: string;
  /** Null while the first request runs. */
  status: number | null;
  body: string | null;
  created_at: number;
}

/** A mutation of a device that was applied, so that it is applied once however often it is sent. */
export interface AppliedMutationRow {
  user_id: string;
  mutation_id: string;
  type: string;
  entity_id: string | null;
  applied_at: number;
}

/** Something a client uploaded by batch under its own id. */
export interface ImportedItemRow {
  user_id: string;
  kind: string;
  local_id: string;
  server_id: string;
  created_at: number;
}

/** A file that a client uploads; unconfirmed ones are swept. */
export interface UploadRow {
  id: string;
  user_id: string;
  category: string;
  media_key: string;
  mime_type: string;
  file_name: string;
  /** Bytes announced. */
  size: number;
  /** SHA-256 of the content: as announced, if it was, and in any case once the bytes are here. */
  sha256: string | null;
  /** Seconds, when it could be measured. */
  audio_duration: number | null;
  status: 'announced' | 'stored' | 'confirmed';
  /** What shows it, once confirmed: `hero`, `story`, `illustration` or `customEvent`, and its id. */
  bound_type: string | null;
  bound_id: string | null;
  created_at: number;
  /** Until then it must be confirmed. */
  expires_at: number;
}

export interface StoriesTables extends PlatformTables {
  stories_heroes: HeroRow;
  stories_visual_profiles: VisualProfileRow;
  stories_stories: StoryRow;
  stories_illustrations: IllustrationRow;
  stories_custom_events: CustomEventRow;
  stories_profiles: StoryProfileRow;
  stories_listening_sessions: ListeningSessionRow;
  stories_plays: StoryPlayRow;
  stories_milestones: MilestoneRow;
  stories_generation_usage: GenerationUsageRow;
  stories_generations: GenerationRow;
  stories_idempotent_answers: IdempotentAnswerRow;
  stories_applied_mutations: AppliedMutationRow;
  stories_imported_items: ImportedItemRow;
  stories_uploads: UploadRow;
}
