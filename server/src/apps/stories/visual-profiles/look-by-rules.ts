import { type LookWords, wordsOfPicture } from '../../../platform/ai/builtin/drawing/look-words.js';
import { colorIn, vocabularies } from '../../../platform/ai/builtin/drawing/words.js';
import { joined, sceneHeroOf } from '../illustrating/hero-looks.js';
import type { HeroWithProfile } from '../services.js';
import { type LookReader, MOST_VISUAL_KEYWORDS } from './look-reader.js';
import type { VisualAttributes } from './presenter.js';

/** As many as a profile has at least. */
const USUAL_KEYWORDS = ['friendly', 'child', 'cartoon', 'soft colours', 'round shapes'];

/**
 * By rules, offline: a portrait of the built-in painter says by its id how it was drawn. Of other pictures nothing is seen;
 * there the profile holds what the family says of the hero.
 */
export const lookReaderByRules: LookReader = {
  model: 'earshot-rules',
  read: async (hero) => ({ value: attributesOf(hero, wordsOfPicture(hero.avatar_generation_id ?? '')) }),
};

function attributesOf(hero: HeroWithProfile, drawn: LookWords | null): VisualAttributes {
  // What an earlier reading found must not count as said by the family.
  const told = sceneHeroOf({ ...hero, visual_profile: null });
  const hair = drawn?.hair ?? told.hair;
  const eyes = drawn?.eyes ?? told.eyes;
  const skin = drawn?.skin ?? told.skin;
  const clothing = drawn?.clothing ?? told.outfit;
  const looks = [
    hair && `${[drawn?.hairStyle, hair].filter(Boolean).join(' ')} hair`,
    eyes && `${eyes} eyes`,
    skin && `${skin} skin`,
  ].filter((part) => part !== undefined && part !== '');
  const traits: string[] = JSON.parse(hero.traits);
  const simplified = joined(`${hero.age}-year-old child`, ...looks);
  const found = [
    drawn?.hairStyle,
    hair,
    eyes,
    skin,
    clothing,
    drawn?.accessory,
    ...traits,
    ...USUAL_KEYWORDS,
  ].flatMap((word) => (word ? [word] : []));
  return {
    ...(drawn ? { hairStyle: drawn.hairStyle, facialFeatures: 'a friendly round face' } : {}),
    ...(drawn?.accessory ? { accessories: drawn.accessory } : {}),
    ...(hair ? { hairColor: hair.trim() } : {}),
    ...(eyes ? { eyeColor: eyes.trim() } : {}),
    ...(skin ? { skinTone: skin.trim() } : {}),
    ...(clothing ? { typicalClothing: clothing.trim() } : {}),
    ...(hero.height ? { height: hero.height } : {}),
    artStyle: 'cheerful, softly coloured cartoon',
    canonicalPrompt: joined(
      `${hero.name}, a ${simplified}`,
      clothing && `wearing ${clothing}`,
      drawn?.accessory,
    ),
    simplifiedPrompt: simplified,
    colorPalette: [...(drawn?.palette ?? paletteOf(told))],
    visualKeywords: [...new Set(found)].slice(0, MOST_VISUAL_KEYWORDS),
  };
}

/** The colours that the family names; soft ones of the painter's otherwise. */
function paletteOf({
  hair = '',
  eyes = '',
  skin = '',
  outfit = '',
}: ReturnType<typeof sceneHeroOf>): string[] {
  return [
    colorIn(hair, vocabularies.hair) ?? '#6b4428',
    colorIn(eyes, vocabularies.eyes) ?? '#5b3a24',
    colorIn(skin, vocabularies.skin) ?? '#edb98f',
    ...[colorIn(outfit, vocabularies.clothes)].filter((color) => color !== undefined),
  ];
}
