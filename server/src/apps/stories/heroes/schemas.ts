import { Type } from 'typebox';
import { Data, Pagination } from '../envelopes.js';
import { Instant } from '../instants.js';
import { flagQuery, pageQuery, updatedAfterQuery } from '../list-query.js';
import { Story } from '../stories/schemas.js';
import { VisualProfile } from '../visual-profiles/schemas.js';
import { baseUpdatedAt, optionalText, optionalTexts, TextOrNull } from '../wire-fields.js';

const name = { minLength: 1, maxLength: 200 };
const age = { minimum: 3, maximum: 12 };
const traits = { minItems: 1, maxItems: 20 };

/** Limits of contract §3.1. */
const looks = {
  specialAbilities: optionalTexts(10, 200),
  // What clients of the requirement documents send: one ability.
  specialAbility: optionalText(200),
  appearance: optionalText(500),
  hairColor: optionalText(50),
  eyeColor: optionalText(50),
  skinTone: optionalText(50),
  height: optionalText(50),
};

export const HeroCreate = Type.Object({
  name: Type.String(name),
  age: Type.Integer(age),
  traits: Type.Array(Type.String({ maxLength: 100 }), traits),
  ...looks,
});

/** Null takes an optional field away and leaves a required one as it is. */
export const HeroUpdate = Type.Object({
  name: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...name })),
  age: Type.Optional(Type.Unsafe<number | null>({ type: ['integer', 'null'], ...age })),
  traits: Type.Optional(
    Type.Unsafe<string[] | null>({
      type: ['array', 'null'],
      items: { type: 'string', maxLength: 100 },
      ...traits,
    }),
  ),
  ...looks,
  avatarUrl: optionalText(2_048),
  avatarPrompt: optionalText(4_000),
  avatarGenerationId: optionalText(500),
});

export const HeroUpdateBody = Type.Object({ ...HeroUpdate.properties, ...baseUpdatedAt });

export const HeroesQuery = Type.Object({ ...pageQuery, ...updatedAfterQuery, includeStories: flagQuery });
export const HeroQuery = Type.Object({ includeStories: flagQuery });

export const Hero = Type.Object({
  id: Type.String(),
  userId: Type.String(),
  name: Type.String(),
  age: Type.Integer(),
  traits: Type.Array(Type.String()),
  specialAbilities: Type.Array(Type.String()),
  appearance: TextOrNull,
  hairColor: TextOrNull,
  eyeColor: TextOrNull,
  skinTone: TextOrNull,
  height: TextOrNull,
  avatarUrl: TextOrNull,
  avatarPrompt: TextOrNull,
  avatarGenerationId: TextOrNull,
  visualProfileId: TextOrNull,
  visualProfile: Type.Union([VisualProfile, Type.Null()]),
  createdAt: Instant,
  updatedAt: Instant,
  version: Type.Integer({ description: "Place of the newest change in the owner's sequence (sync)." }),
  _count: Type.Object({ stories: Type.Integer() }),
  stories: Type.Optional(Type.Array(Story)),
});

export const HeroAnswer = Data(Hero);
export const HeroesAnswer = Data(Type.Object({ heroes: Type.Array(Hero), pagination: Pagination }));
