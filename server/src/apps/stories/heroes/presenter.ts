import type { Static } from 'typebox';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { HeroWithProfile, StoryMedia } from '../services.js';
import { presentListedStory } from '../stories/presenter.js';
import type { ListedStory } from '../stories/store.js';
import { presentVisualProfile } from '../visual-profiles/presenter.js';
import type { Hero } from './schemas.js';

/** @param stories told only when they were asked for */
export const presentHero = (
  media: StoryMedia,
  hero: HeroWithProfile,
  stories?: readonly ListedStory[],
): Static<typeof Hero> => ({
  id: hero.id,
  userId: hero.user_id,
  name: hero.name,
  age: hero.age,
  traits: JSON.parse(hero.traits) as string[],
  specialAbilities: JSON.parse(hero.special_abilities) as string[],
  appearance: hero.appearance,
  hairColor: hero.hair_color,
  eyeColor: hero.eye_color,
  skinTone: hero.skin_tone,
  height: hero.height,
  avatarUrl: media.address(hero.avatar_key),
  avatarPrompt: hero.avatar_prompt,
  avatarGenerationId: hero.avatar_generation_id,
  visualProfileId: hero.visual_profile?.id ?? null,
  visualProfile: hero.visual_profile && presentVisualProfile(hero.visual_profile),
  createdAt: isoInstant(hero.created_at),
  updatedAt: isoInstant(hero.updated_at),
  version: hero.version,
  _count: { stories: hero.story_count },
  ...(stories ? { stories: stories.map((story) => presentListedStory(media, story)) } : {}),
});
