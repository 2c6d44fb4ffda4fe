import { Type } from 'typebox';
import { InstantOrNull } from '../instants.js';
import { IntegerOrNull, optionalText, optionalTexts, TextOrNull } from '../wire-fields.js';

/** Whole prompts fit; far more than any client writes. */
const MAX_TEXT = 4_000;
const text = optionalText(MAX_TEXT);

/** All optional (contract §3.1). */
export const VisualProfileBody = Type.Object({
  hairStyle: text,
  hairColor: text,
  hairTexture: text,
  eyeColor: text,
  eyeShape: text,
  skinTone: text,
  facialFeatures: text,
  bodyType: text,
  height: text,
  age: Type.Optional(Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 0, maximum: 150 })),
  typicalClothing: text,
  accessories: text,
  artStyle: text,
  canonicalPrompt: text,
  simplifiedPrompt: text,
  colorPalette: optionalTexts(50, 200),
  visualKeywords: optionalTexts(50, 200),
});

const TextsOrNull = Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } });

export const VisualProfile = Type.Object({
  id: Type.String(),
  heroId: Type.String(),
  hairStyle: TextOrNull,
  hairColor: TextOrNull,
  hairTexture: TextOrNull,
  eyeColor: TextOrNull,
  eyeShape: TextOrNull,
  skinTone: TextOrNull,
  facialFeatures: TextOrNull,
  bodyType: TextOrNull,
  height: TextOrNull,
  age: IntegerOrNull,
  typicalClothing: TextOrNull,
  accessories: TextOrNull,
  artStyle: TextOrNull,
  canonicalPrompt: TextOrNull,
  simplifiedPrompt: TextOrNull,
  colorPalette: TextsOrNull,
  visualKeywords: TextsOrNull,
  createdAt: InstantOrNull,
  updatedAt: InstantOrNull,
});
