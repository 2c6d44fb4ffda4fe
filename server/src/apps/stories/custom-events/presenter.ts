import type { Static } from 'typebox';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { StoryMedia } from '../services.js';
import type { CustomEventRow } from '../tables.js';
import type { CustomEvent } from './schemas.js';

export const presentCustomEvent = (media: StoryMedia, event: CustomEventRow): Static<typeof CustomEvent> => ({
  id: event.id,
  userId: event.user_id,
  title: event.title,
  description: event.description,
  promptSeed: event.prompt_seed,
  category: event.category,
  ageRange: event.age_range,
  tone: event.tone,
  keywords: JSON.parse(event.keywords) as string[],
  aiEnhanced: event.ai_enhanced === 1,
  aiEnhancementMetadata: event.enhancement === null ? null : JSON.parse(event.enhancement),
  isFavorite: event.is_favorite === 1,
  usageCount: event.usage_count,
  lastUsedAt: event.last_used_at === null ? null : isoInstant(event.last_used_at),
  pictogramEmoji: event.pictogram_emoji,
  pictogramSymbols: event.pictogram_symbols === null ? null : JSON.parse(event.pictogram_symbols),
  pictogramUrl: media.address(event.pictogram_key),
  createdAt: isoInstant(event.created_at),
  updatedAt: isoInstant(event.updated_at),
  version: event.version,
});
