import type { WholeConversation } from '../services.js';
import type { ActionItemRow, PhotoRow, SegmentRow } from '../tables.js';
import { isoOf, isoOrNull } from '../wire/instants.js';
import { double } from '../wire/json.js';

/** An event in a conversation's calendar, as it is kept. */
export interface KeptEvent {
  readonly title: string;
  /** Epoch milliseconds. */
  readonly start: number;
  /** Minutes. */
  readonly duration: number;
  readonly description: string;
  readonly created: boolean;
}

/** The place where a conversation was, as the phone told it. */
export interface KeptPlace {
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude?: number | null;
  readonly accuracy?: number | null;
  readonly time?: string | null;
  readonly google_place_id?: string | null;
  readonly address?: string | null;
  readonly location_type?: string | null;
}

/** A conversation as contract §6.1 writes it. `photos` carry their picture only where `pictures` has it. */
export function presentConversation(
  conversation: WholeConversation,
  pictures: ReadonlyMap<string, string> = new Map(),
): Record<string, unknown> {
  return {
    id: conversation.id,
    created_at: isoOf(conversation.created_at),
    started_at: isoOf(conversation.started_at),
    finished_at: isoOf(conversation.finished_at),
    structured: {
      title: conversation.title,
      overview: conversation.overview,
      emoji: conversation.emoji,
      category: conversation.category || 'other',
      action_items: conversation.action_items.map(presentOwnItem),
      events: (JSON.parse(conversation.events) as KeptEvent[]).map((event) => ({
        ...event,
        start: isoOf(event.start),
        duration: Math.round(event.duration),
      })),
    },
    transcript_segments: conversation.segments.map(presentSegment),
    geolocation: presentPlace(conversation.geolocation),
    photos: conversation.photos.map((photo) => presentPhoto(photo, pictures.get(photo.id))),
    apps_results: JSON.parse(conversation.apps_results),
    plugins_results: [],
    suggested_summarization_apps: [],
    source: conversation.source,
    language: conversation.language,
    external_data: conversation.external_data === null ? null : JSON.parse(conversation.external_data),
    status: conversation.status,
    discarded: conversation.discarded === 1,
    deleted: false,
    is_locked: false,
    visibility: conversation.visibility,
    audio_files: [],
    private_cloud_sync_enabled: false,
    app_id: null,
    data_protection_level: 'standard',
  };
}

/** A stretch of speech as contract §6.2 writes it. */
export const presentSegment = (segment: SegmentRow): Record<string, unknown> => ({
  id: segment.id,
  text: segment.text,
  speaker: speakerOf(segment.speaker),
  speaker_id: speakerNumber(segment.speaker),
  is_user: segment.is_user === 1,
  person_id: segment.is_user === 1 ? null : segment.person_id,
  start: segment.start_at,
  end: segment.end_at,
  translations: JSON.parse(segment.translations),
  speech_profile_processed: true,
  source: segment.source,
  asr_provider: segment.asr_provider,
});

const SPEAKER = /^SPEAKER_(\d{1,6})$/;

/** The speaker's number. */
export const speakerNumber = (speaker: string): number => Number(SPEAKER.exec(speaker)?.[1] ?? 0);

/** Any text that should name a speaker, in the only form that the app's parser takes. */
export const speakerOf = (text: string | null | undefined): string =>
  text && SPEAKER.test(text) ? text : 'SPEAKER_00';

export const presentPhoto = (photo: PhotoRow, base64 = ''): Record<string, unknown> => ({
  id: photo.id,
  base64,
  description: photo.description,
  created_at: isoOf(photo.created_at),
  discarded: photo.discarded === 1,
});

/** An action item inside its conversation. */
const presentOwnItem = (item: ActionItemRow): Record<string, unknown> => ({
  description: item.description,
  completed: item.completed === 1,
  created_at: isoOf(item.created_at),
  updated_at: isoOf(item.updated_at),
  due_at: isoOrNull(item.due_at),
  completed_at: isoOrNull(item.completed_at),
  conversation_id: item.conversation_id,
  deleted: false,
});

/** A place with its doubles as doubles; null when there is none, or none that the app's parser would take. */
function presentPlace(kept: string | null): Record<string, unknown> | null {
  if (kept === null) return null;
  const place = JSON.parse(kept) as KeptPlace;
  const [latitude, longitude] = [double(place.latitude), double(place.longitude)];
  if (latitude === null || longitude === null) return null;
  return {
    latitude,
    longitude,
    altitude: double(place.altitude),
    accuracy: double(place.accuracy),
    time: place.time ?? null,
    google_place_id: place.google_place_id ?? null,
    address: place.address ?? null,
    location_type: place.location_type ?? null,
  };
}
