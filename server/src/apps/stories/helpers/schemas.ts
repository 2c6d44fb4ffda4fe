import { Type } from 'typebox';
import { emotions, importances, type StoryScene } from '../scenes/scene.js';
import { optionalText } from '../wire-fields.js';

/*
 * Bodies and answers of the stateless helpers (contract §3.6). The app swallows their failures and goes on with the user's
 * own words, so what may be missing is optional here.
 */

const language = Type.Optional(
  Type.String({
    maxLength: 35,
    description: 'English or en, French or fr …; told from the words without it.',
  }),
);

const description = Type.String({ minLength: 1, maxLength: 2_000 });

export const TitleBody = Type.Object({ description, language });
export const TitleAnswer = Type.Object({ title: Type.String({ description: 'Three to six words.' }) });

export const PromptBody = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 500 }),
  description: Type.String({ maxLength: 2_000 }),
  category: optionalText(100),
  ageRange: optionalText(50),
  tone: optionalText(50),
});
export const PromptAnswer = Type.Object({
  enhancedPrompt: Type.String({ description: 'Fewer than 150 words.' }),
});

export const KeywordsBody = Type.Object({
  event: Type.String({ minLength: 1, maxLength: 500 }),
  description: Type.String({ maxLength: 2_000 }),
});
export const KeywordsAnswer = Type.Object({ keywords: Type.Array(Type.String(), { maxItems: 8 }) });

export const SimilarBody = Type.Object({ description });
export const SimilarAnswer = Type.Object({ suggestions: Type.Array(Type.String(), { maxItems: 3 }) });

export const SanitizeBody = Type.Object({ prompt: Type.String({ minLength: 1, maxLength: 10_000 }) });
export const SanitizeAnswer = Type.Object({
  sanitizedPrompt: Type.String(),
  original: Type.String(),
  tokensUsed: Type.Optional(Type.Integer()),
});

const words = { minLength: 1, maxLength: 200 };

export const HelperHero = Type.Object({
  name: Type.String(words),
  primaryTrait: Type.String(words),
  secondaryTrait: Type.String(words),
  appearance: optionalText(500),
  specialAbility: optionalText(500),
  avatarPrompt: optionalText(4_000),
  avatarGenerationId: optionalText(500),
});

const size = Type.Optional(
  Type.Union([Type.Literal('1024x1024'), Type.Literal('1024x1536'), Type.Literal('1536x1024')]),
);
const quality = Type.Optional(
  Type.String({ maxLength: 20, description: '`high` and `hd` cost more; everything else is `standard`.' }),
);
const pictureOptions = { size, quality, previousGenerationId: optionalText(500) };
const picturePrompt = (maxLength: number) => Type.String({ minLength: 1, maxLength });

export const PictogramBody = Type.Object({ prompt: picturePrompt(500), ...pictureOptions });
export const AvatarBody = Type.Object({ prompt: picturePrompt(500), hero: HelperHero, ...pictureOptions });
export const IllustrationBody = Type.Object({
  prompt: picturePrompt(1_000),
  hero: HelperHero,
  ...pictureOptions,
});
export const PictureAnswer = Type.Object({
  imageData: Type.String({ description: 'A PNG picture in base64.' }),
  revisedPrompt: Type.Optional(Type.String()),
  generationId: Type.Optional(Type.String()),
});

export const AudioBody = Type.Object({
  text: Type.String({ minLength: 1, maxLength: 50_000 }),
  voice: Type.Optional(Type.String({ maxLength: 50 })),
  language,
});
export const AudioAnswer = Type.Object({
  audioData: Type.String({ description: 'Base64.' }),
  format: Type.Literal('mp3'),
  size: Type.Integer({ description: 'Bytes.' }),
});

const targetDuration = Type.Integer({ minimum: 1, maximum: 3_600, default: 180, description: 'Seconds.' });

export const StoryBody = Type.Object({
  hero: HelperHero,
  event: Type.Object({
    rawValue: Type.String({ minLength: 1, maxLength: 500 }),
    promptSeed: optionalText(2_000),
  }),
  targetDuration,
  language,
});
export const CustomStoryBody = Type.Object({
  hero: HelperHero,
  customEvent: Type.Object({
    title: Type.String({ minLength: 1, maxLength: 500 }),
    promptSeed: optionalText(2_000),
    keywords: Type.Optional(Type.Array(Type.String({ maxLength: 50 }), { maxItems: 20 })),
    tone: optionalText(50),
    ageRange: optionalText(50),
    category: optionalText(100),
  }),
  targetDuration,
  language,
});
export const WrittenAnswer = Type.Object({
  title: Type.String(),
  content: Type.String(),
  estimatedDuration: Type.Integer({ description: 'Seconds, at 200 words a minute.' }),
});

export const ScenesBody = Type.Object({
  storyContent: Type.String({ minLength: 1, maxLength: 50_000 }),
  storyDuration: Type.Number({ minimum: 0, maximum: 86_400, description: 'Seconds; 0 = estimate it.' }),
  hero: HelperHero,
  eventContext: optionalText(2_000),
});
export const ScenesAnswer = Type.Object({
  scenes: Type.Array(
    Type.Object({
      sceneNumber: Type.Integer(),
      textSegment: Type.String(),
      illustrationPrompt: Type.String(),
      timestamp: Type.Number({ description: 'Seconds.' }),
      emotion: Type.Unsafe<StoryScene['emotion']>({ type: 'string', enum: emotions }),
      importance: Type.Unsafe<StoryScene['importance']>({ type: 'string', enum: importances }),
    }),
  ),
  sceneCount: Type.Integer(),
  reasoning: Type.String(),
});
