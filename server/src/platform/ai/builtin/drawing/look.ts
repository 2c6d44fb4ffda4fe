import type { SceneHero } from '../../image-generator.js';
import type { Color } from './color.js';
import { type HairStyle, hairStyles } from './hair.js';
import { pick, type Random, randomFrom } from './random.js';
import { colorIn, extraIn, hairStyleIn, outfitIn, type Vocabulary, vocabularies } from './words.js';

const outfits = ['dress', 'overalls', 'striped', 'shirt'] as const;
const extras = ['none', 'cape', 'crown', 'glasses', 'bow', 'flower', 'hat', 'backpack'] as const;
const emblems = ['none', 'star', 'heart'] as const;

/** How a person looks, whatever they do. */
export interface Look {
  /** Years. */
  readonly age: number;
  readonly hairStyle: HairStyle;
  readonly hair: Color;
  readonly eyes: Color;
  readonly skin: Color;
  readonly outfit: (typeof outfits)[number];
  readonly top: Color;
  readonly bottom: Color;
  readonly shoes: Color;
  readonly emblem: (typeof emblems)[number];
  readonly extra: (typeof extras)[number];
}

const clothes: readonly [Color, ...Color[]] = [
  '#f26b5e',
  '#ffb84d',
  '#5fb87a',
  '#4fa3d9',
  '#9a7bd0',
  '#f083a6',
  '#3fb5ac',
];
/** Other colours of hair come only when they are asked for. */
const natural: readonly [Color, ...Color[]] = ['#3a2a28', '#6b4428', '#b9783f', '#e9bd62', '#c95a2c'];
const bottoms: readonly [Color, ...Color[]] = ['#3d5a8a', '#6a5b4b', '#4b6f6a', '#7a4b63', '#505a73'];
const shoeColors: readonly [Color, ...Color[]] = ['#c8463c', '#7a4b2e', '#3d4a6b', '#e0a03c'];

/**
 * The hero's look: what is said in words is taken from them, the rest is chosen by the seed, so that the same name (or the
 * same words) gives the same child in every picture.
 */
export function lookOf(hero: SceneHero, seed: string): Look {
  const random = randomFrom(seed);
  const chosen = {
    hairStyle: pick(random, hairStyles),
    hair: pick(random, natural),
    eyes: anyOf(random, vocabularies.eyes),
    skin: anyOf(random, vocabularies.skin),
    outfit: pick(random, outfits),
    top: pick(random, clothes),
    bottom: pick(random, bottoms),
    shoes: pick(random, shoeColors),
    emblem: pick(random, emblems),
  };
  const outfit = hero.outfit ?? '';
  const traits = (hero.traits ?? []).join(' ');
  return {
    ...chosen,
    age: Math.round(Math.min(99, Math.max(1, hero.age ?? 6))),
    hairStyle: hairStyleIn(hero.hair ?? '') ?? chosen.hairStyle,
    hair: colorIn(hero.hair ?? '', vocabularies.hair) ?? chosen.hair,
    eyes: colorIn(hero.eyes ?? '', vocabularies.eyes) ?? chosen.eyes,
    skin: colorIn(hero.skin ?? '', vocabularies.skin) ?? chosen.skin,
    outfit: outfitIn(outfit) ?? chosen.outfit,
    top: colorIn(outfit, vocabularies.clothes) ?? chosen.top,
    extra: extraIn(outfit) ?? extraIn(hero.hair ?? '') ?? extraIn(traits) ?? 'none',
  };
}

const anyOf = (random: Random, vocabulary: Vocabulary): Color => {
  const colors = [...new Set(vocabulary.values())];
  return colors[Math.floor(random() * colors.length)] ?? '#8a5a3c';
};

/** Somebody else who is in the picture. */
export const companionLook = (seed: string, age: number): Look => {
  const look = lookOf({ age }, seed);
  return age > 60 ? { ...look, hair: '#d9d6d2', hairStyle: 'bun', extra: 'glasses' } : look;
};

const prefix = 'look';

/** A look as a name that `lookNamed` understands. */
export const nameOf = (look: Look): string =>
  [
    prefix,
    look.age,
    look.hairStyle,
    look.hair,
    look.eyes,
    look.skin,
    look.outfit,
    look.top,
    look.bottom,
    look.shoes,
    look.emblem,
    look.extra,
  ]
    .join('_')
    .replaceAll('#', '');

const color = /^[0-9a-f]{6}$/;
const oneOf = <T extends string>(choices: readonly T[], word: string | undefined): T | undefined =>
  choices.find((choice) => choice === word);
const colorNamed = (word: string | undefined): Color | undefined =>
  word !== undefined && color.test(word) ? `#${word}` : undefined;

/** The look of an earlier picture, or null when the name is none of ours. */
export function lookNamed(name: string): Look | null {
  const [first, age, style, hair, eyes, skin, outfit, top, bottom, shoes, emblem, extra] = name.split('_');
  const read = {
    age: Number(age),
    hairStyle: oneOf(hairStyles, style),
    hair: colorNamed(hair),
    eyes: colorNamed(eyes),
    skin: colorNamed(skin),
    outfit: oneOf(outfits, outfit),
    top: colorNamed(top),
    bottom: colorNamed(bottom),
    shoes: colorNamed(shoes),
    emblem: oneOf(emblems, emblem),
    extra: oneOf(extras, extra),
  };
  const isWhole =
    first === prefix && Number.isInteger(read.age) && Object.values(read).every((part) => part !== undefined);
  return isWhole ? (read as Look) : null;
}
