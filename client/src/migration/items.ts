import { DEFAULT_AGE, DEFAULT_TRAIT, MAX_AGE, MIN_AGE } from './check-export.js';
import type { BatchItem, Checkpoint } from './checkpoint.js';
import type { ExportedEvent, ExportedHero, ExportedProfile, ExportedStory } from './export-format.js';

/** What the old app's entities are on the wire (contract §3). Empty texts say nothing and are left out. */
function said(item: BatchItem): BatchItem {
  const entries = Object.entries(item).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return { ...Object.fromEntries(entries), id: item.id };
}

export const heroItem = (hero: ExportedHero): BatchItem =>
  said({
    id: hero.id,
    name: hero.name,
    age: Math.min(Math.max(Math.round(hero.age || DEFAULT_AGE), MIN_AGE), MAX_AGE),
    traits: hero.traits.length > 0 ? hero.traits : [DEFAULT_TRAIT],
    specialAbilities: hero.specialAbilities ?? (hero.specialAbility ? [hero.specialAbility] : undefined),
    appearance: hero.appearance,
    hairColor: hero.hairColor,
    eyeColor: hero.eyeColor,
    skinTone: hero.skinTone,
    height: hero.height,
    avatarPrompt: hero.avatarPrompt,
    avatarGenerationId: hero.avatarGenerationId,
  });

/** The attributes of a visual profile under the names of the server. */
export const profileFields = (profile: ExportedProfile): Readonly<Record<string, string | undefined>> => ({
  hairColor: profile.hairColor,
  hairStyle: profile.hairStyle,
  eyeColor: profile.eyeColor,
  skinTone: profile.skinTone,
  height: profile.height,
  bodyType: profile.build,
  typicalClothing: profile.clothingStyle,
  facialFeatures: profile.distinctiveFeatures,
  artStyle: profile.artStyle,
});

/** With the server's ids of its hero and its event, which have to be there already. */
export const storyItem = (story: ExportedStory, ids: Checkpoint['ids']): BatchItem =>
  said({
    id: story.id,
    heroId: ids.heroes[story.heroId],
    title: story.title,
    content: story.content,
    language: story.language,
    eventType: story.builtInEvent,
    customEventId: story.customEventId && ids['custom-events'][story.customEventId],
    isFavorite: story.isFavorite,
    playCount: story.playCount,
  });

export const eventItem = (event: ExportedEvent): BatchItem =>
  said({
    id: event.id,
    title: event.title,
    promptSeed: event.promptSeed || event.eventDescription || event.title,
    description: event.eventDescription,
    category: event.category,
    ageRange: event.ageRange,
    tone: event.tone,
    keywords: event.keywords,
    isFavorite: event.isFavorite,
  });
