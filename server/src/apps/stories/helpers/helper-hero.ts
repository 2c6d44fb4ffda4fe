import type { Static } from 'typebox';
import { looksIn } from '../../../platform/ai/builtin/drawing/composition.js';
import type { SceneHero } from '../../../platform/ai/image-generator.js';
import { joined } from '../illustrating/hero-looks.js';
import { isFit } from '../safety/content-filter.js';
import type { StoryHero } from '../story-writing/brief.js';
import type { HelperHero } from './schemas.js';

type ToldHero = Static<typeof HelperHero>;

const traitsOf = ({ primaryTrait, secondaryTrait }: ToldHero): string[] => [primaryTrait, secondaryTrait];

/** A hero whom only the request knows, for storytellers. */
export const storyHeroOf = (hero: ToldHero): StoryHero => ({
  name: hero.name,
  age: null,
  traits: traitsOf(hero),
  abilities: hero.specialAbility ? [hero.specialAbility] : [],
  appearance: hero.appearance ?? null,
  hairColor: null,
  eyeColor: null,
});

/** For the engine that draws by itself. */
export const sceneHeroOf = (hero: ToldHero): SceneHero => ({
  ...looksIn(joined(hero.appearance, hero.avatarPrompt)),
  name: hero.name,
  traits: traitsOf(hero),
});

/** The words that lead a prompt. */
export const looksOf = ({ name, appearance }: ToldHero): string =>
  joined(name, appearance && isFit(appearance) && appearance);
