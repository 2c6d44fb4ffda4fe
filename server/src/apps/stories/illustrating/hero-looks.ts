import { looksIn } from '../../../platform/ai/builtin/drawing/composition.js';
import type { SceneHero } from '../../../platform/ai/image-generator.js';
import { isFit } from '../safety/content-filter.js';
import type { HeroWithProfile } from '../services.js';
import { attributesOf, type VisualAttributes } from '../visual-profiles/presenter.js';

const profileOf = (hero: HeroWithProfile): VisualAttributes =>
  hero.visual_profile ? attributesOf(hero.visual_profile) : {};

/** What is known, as one list. */
export const joined = (...parts: readonly (string | null | undefined | false)[]): string =>
  parts.filter(Boolean).join(', ');

/** The hero for the engine that draws by itself: the same words for every picture. */
export function sceneHeroOf(hero: HeroWithProfile): SceneHero {
  const profile = profileOf(hero);
  const told = looksIn(hero.appearance ?? '');
  // A colour that is told by itself comes first, and wins over the same in the description.
  const hair = joined(
    profile.hairColor ?? hero.hair_color,
    profile.hairStyle ?? told.hair.trim(),
    profile.hairTexture,
  );
  const eyes = profile.eyeColor ?? (hero.eye_color || told.eyes.trim());
  const skin = profile.skinTone ?? (hero.skin_tone || told.skin.trim());
  const outfit = profile.typicalClothing || told.outfit.trim();
  return {
    name: hero.name,
    age: hero.age,
    traits: JSON.parse(hero.traits),
    ...(hair ? { hair } : {}),
    ...(eyes ? { eyes } : {}),
    ...(skin ? { skin } : {}),
    ...(outfit ? { outfit } : {}),
  };
}

/** The words that lead every prompt of this hero: the profile's own, else hair, eyes and skin (contract §5). */
export function looksOf(hero: HeroWithProfile): string {
  const profile = profileOf(hero);
  if (profile.canonicalPrompt) return profile.canonicalPrompt;
  const scene = sceneHeroOf(hero);
  return joined(
    `${hero.name}, a ${hero.age}-year-old child`,
    scene.hair && `${scene.hair} hair`,
    scene.eyes && `${scene.eyes} eyes`,
    scene.skin && `${scene.skin} skin`,
    hero.appearance && isFit(hero.appearance) && hero.appearance,
  );
}

export const ART_STYLE =
  'Cheerful, softly coloured cartoon illustration for a children’s bedtime book. No text, no letters.';
