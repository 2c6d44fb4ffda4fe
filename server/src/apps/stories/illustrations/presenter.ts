import type { Static } from 'typebox';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { StoryMedia } from '../services.js';
import type { IllustrationRow, IllustrationsStatus } from '../tables.js';
import { countsOf } from './progress.js';
import type { Illustration } from './schemas.js';

export const presentIllustration = (
  media: StoryMedia,
  illustration: IllustrationRow,
): Static<typeof Illustration> => ({
  id: illustration.id,
  storyId: illustration.story_id,
  imageUrl: media.address(illustration.image_key) ?? '',
  imagePrompt: illustration.image_prompt,
  sceneDescription: illustration.scene_description,
  displayOrder: illustration.display_order,
  audioTimestamp: illustration.audio_timestamp,
  audioDuration: illustration.audio_duration,
  generationId: illustration.generation_id,
  previousGenerationId: illustration.previous_generation_id,
  generationStatus: illustration.status,
  generationError: illustration.error,
  retryCount: illustration.retry_count,
  createdAt: isoInstant(illustration.created_at),
  updatedAt: isoInstant(illustration.updated_at),
  version: illustration.version,
});

/** How far a story's pictures are. */
export function presentProgress(status: IllustrationsStatus, illustrations: readonly IllustrationRow[]) {
  const counts = countsOf(illustrations);
  const { total, completed } = counts;
  return {
    status,
    progress: total === 0 ? 0 : Math.round((completed / total) * 100),
    ...counts,
    illustrations: illustrations.map((one) => ({
      id: one.id,
      displayOrder: one.display_order,
      status: one.status,
      error: one.error,
      retryCount: one.retry_count,
      hasImage: one.image_key !== null,
    })),
  };
}
