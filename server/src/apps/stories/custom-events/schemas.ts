import { Type } from 'typebox';
import { Data, Pagination } from '../envelopes.js';
import { Instant, InstantOrNull } from '../instants.js';
import { flagQuery, pageQuery, updatedAfterQuery } from '../list-query.js';
import {
  baseUpdatedAt,
  ObjectOrNull,
  optionalFlag,
  optionalText,
  optionalTexts,
  TextOrNull,
} from '../wire-fields.js';

const title = { minLength: 1, maxLength: 200 };
const promptSeed = { minLength: 1, maxLength: 2_000 };
const MAX_CATEGORY = 100;
const MAX_TONE = 50;

/** Limits of contract §3.3. */
export const CustomEventCreate = Type.Object({
  title: Type.String(title),
  promptSeed: Type.String(promptSeed),
  description: Type.String({ maxLength: 2_000, default: '' }),
  category: Type.String({ maxLength: MAX_CATEGORY, default: 'general' }),
  ageRange: optionalText(20),
  tone: Type.String({ maxLength: MAX_TONE, default: 'cheerful' }),
  keywords: Type.Array(Type.String({ maxLength: 50 }), { maxItems: 20, default: [] }),
  isFavorite: Type.Boolean({ default: false }),
});

/** Null takes the age range away and leaves everything else as it is. */
export const CustomEventUpdate = Type.Object({
  title: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...title })),
  promptSeed: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...promptSeed })),
  description: optionalText(2_000),
  category: optionalText(MAX_CATEGORY),
  ageRange: optionalText(20),
  tone: optionalText(MAX_TONE),
  keywords: optionalTexts(20, 50),
  isFavorite: optionalFlag,
});

export const CustomEventUpdateBody = Type.Object({ ...CustomEventUpdate.properties, ...baseUpdatedAt });

export const CustomEventsQuery = Type.Object({
  ...pageQuery,
  ...updatedAfterQuery,
  category: Type.Optional(Type.String({ maxLength: MAX_CATEGORY })),
  favoritesOnly: flagQuery,
});

export const CustomEvent = Type.Object({
  id: Type.String(),
  userId: Type.String(),
  title: Type.String(),
  description: Type.String(),
  promptSeed: Type.String(),
  category: Type.String(),
  ageRange: TextOrNull,
  tone: Type.String(),
  keywords: Type.Array(Type.String()),
  aiEnhanced: Type.Boolean(),
  aiEnhancementMetadata: ObjectOrNull,
  isFavorite: Type.Boolean(),
  usageCount: Type.Integer(),
  lastUsedAt: InstantOrNull,
  pictogramEmoji: TextOrNull,
  pictogramSymbols: Type.Unsafe<string[] | null>({ type: ['array', 'null'], items: { type: 'string' } }),
  pictogramUrl: TextOrNull,
  createdAt: Instant,
  updatedAt: Instant,
  version: Type.Integer({ description: "Place of the newest change in the owner's sequence (sync)." }),
});

export const CustomEventAnswer = Data(CustomEvent);
export const CustomEventsAnswer = Data(
  Type.Object({ customEvents: Type.Array(CustomEvent), pagination: Pagination }),
);
