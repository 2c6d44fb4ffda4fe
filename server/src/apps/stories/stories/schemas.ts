import { Type } from 'typebox';
import { CustomEvent } from '../custom-events/schemas.js';
import { Data, Pagination } from '../envelopes.js';
import { Illustration } from '../illustrations/schemas.js';
import { Instant, InstantOrNull } from '../instants.js';
import { flagQuery, pageQuery, updatedAfterQuery } from '../list-query.js';
import {
  baseUpdatedAt,
  NumberOrNull,
  ObjectOrNull,
  optionalFlag,
  optionalText,
  TextOrNull,
} from '../wire-fields.js';

/** Ten times the longest story that is ever generated, and some more. */
const MAX_CONTENT = 100_000;
const title = { minLength: 1, maxLength: 500 };
const content = { minLength: 1, maxLength: MAX_CONTENT };
const id = { minLength: 1, maxLength: 200 };

/** A finished story that is stored as it is: by migration, by sync. */
export const StoryFields = Type.Object({
  heroId: Type.String(id),
  title: Type.String(title),
  content: Type.String(content),
  language: Type.String({ maxLength: 35, default: 'en', description: 'English or en, French or fr …' }),
  eventType: Type.Optional(Type.String({ maxLength: 500 })),
  customEventId: Type.Optional(Type.String(id)),
  isFavorite: Type.Boolean({ default: false }),
  playCount: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
});

/** Without `content` a story is generated; with it, it is stored as it is (contract §3.2). */
export const StoryCreate = Type.Object({
  heroId: Type.String(id),
  language: Type.Optional(Type.String({ maxLength: 35, description: 'English or en, French or fr …' })),
  eventType: Type.Optional(Type.String({ maxLength: 500 })),
  customEventId: Type.Optional(Type.String(id)),
  title: Type.Optional(Type.String(title)),
  content: Type.Optional(Type.String(content)),
  isFavorite: Type.Optional(Type.Boolean()),
  playCount: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  generateAudio: Type.Optional(Type.Boolean()),
  generateIllustrations: Type.Optional(Type.Boolean()),
  customPrompt: Type.Optional(Type.String({ maxLength: 2_000 })),
  maxTokens: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** Null leaves a field as it is: a story cannot do without any of these. */
export const StoryUpdate = Type.Object({
  title: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...title })),
  content: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...content })),
  isFavorite: optionalFlag,
  language: optionalText(35),
});

export const StoryUpdateBody = Type.Object({ ...StoryUpdate.properties, ...baseUpdatedAt });

export const StoriesQuery = Type.Object({
  ...pageQuery,
  ...updatedAfterQuery,
  heroId: Type.Optional(Type.String({ maxLength: 200 })),
  language: Type.Optional(Type.String({ maxLength: 35 })),
  isFavorite: flagQuery,
  includeIllustrations: flagQuery,
});
export const StoryQuery = Type.Object({ includeIllustrations: flagQuery });

export const Story = Type.Object({
  id: Type.String(),
  userId: Type.String(),
  heroId: Type.String(),
  title: Type.String(),
  content: Type.String(),
  language: Type.String(),
  eventType: TextOrNull,
  customEventId: TextOrNull,
  isFavorite: Type.Boolean(),
  playCount: Type.Integer(),
  lastPlayedAt: InstantOrNull,
  audioUrl: TextOrNull,
  audioDuration: NumberOrNull,
  audioGenerationStatus: Type.String(),
  audioGenerationError: TextOrNull,
  illustrationStatus: Type.String(),
  illustrationCount: Type.Integer({ description: 'How many are drawn.' }),
  generationMetadata: ObjectOrNull,
  createdAt: Instant,
  updatedAt: Instant,
  version: Type.Integer({ description: "Place of the newest change in the owner's sequence (sync)." }),
  _count: Type.Optional(Type.Object({ illustrations: Type.Integer() })),
  hero: Type.Optional(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      avatarUrl: TextOrNull,
      age: Type.Integer(),
      traits: Type.Array(Type.String()),
    }),
  ),
  customEvent: Type.Optional(Type.Union([CustomEvent, Type.Null()])),
  illustrations: Type.Optional(Type.Array(Illustration)),
});

export const StoryAnswer = Data(Story);
export const StoriesAnswer = Data(Type.Object({ stories: Type.Array(Story), pagination: Pagination }));
