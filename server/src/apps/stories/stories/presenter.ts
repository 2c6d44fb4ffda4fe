import type { Static } from 'typebox';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { presentCustomEvent } from '../custom-events/presenter.js';
import { presentIllustration } from '../illustrations/presenter.js';
import type { StoryMedia } from '../services.js';
import type { CustomEventRow, IllustrationRow, StoryRow } from '../tables.js';
import type { Story } from './schemas.js';
import type { ListedStory } from './store.js';

/** A story with everything that is told of a single one. */
export interface StoryDetail {
  readonly story: ListedStory;
  readonly customEvent: CustomEventRow | null;
  /** Undefined unless they were asked for. */
  readonly illustrations: readonly IllustrationRow[] | undefined;
}

/** The story alone. */
export const presentStory = (media: StoryMedia, story: StoryRow): Static<typeof Story> => ({
  id: story.id,
  userId: story.user_id,
  heroId: story.hero_id,
  title: story.title,
  content: story.content,
  language: story.language,
  eventType: story.event_type,
  customEventId: story.custom_event_id,
  isFavorite: story.is_favorite === 1,
  playCount: story.play_count,
  lastPlayedAt: story.last_played_at === null ? null : isoInstant(story.last_played_at),
  audioUrl: media.address(story.audio_key),
  audioDuration: story.audio_duration,
  audioGenerationStatus: story.audio_status,
  audioGenerationError: story.audio_error,
  illustrationStatus: story.illustration_status,
  illustrationCount: story.illustration_count,
  generationMetadata: story.generation_metadata === null ? null : JSON.parse(story.generation_metadata),
  createdAt: isoInstant(story.created_at),
  updatedAt: isoInstant(story.updated_at),
  version: story.version,
});

/** The story as lists tell it. */
export const presentListedStory = (
  media: StoryMedia,
  story: ListedStory,
  illustrations?: readonly IllustrationRow[],
): Static<typeof Story> => ({
  ...presentStory(media, story),
  _count: { illustrations: story.scene_count },
  hero: {
    id: story.hero_id,
    name: story.hero_name,
    avatarUrl: media.address(story.hero_avatar_key),
    age: story.hero_age,
    traits: JSON.parse(story.hero_traits) as string[],
  },
  ...(illustrations ? { illustrations: illustrations.map((one) => presentIllustration(media, one)) } : {}),
});

export const presentDetail = (
  media: StoryMedia,
  { story, customEvent, illustrations }: StoryDetail,
): Static<typeof Story> => ({
  ...presentListedStory(media, story, illustrations),
  customEvent: customEvent && presentCustomEvent(media, customEvent),
});
