/** The stateless helpers of the server's intelligence (contract §3.6). Answers are bare. */

/** `joyful`, `peaceful`, `exciting`, `mysterious`, `heartwarming`, `adventurous` or `contemplative`. */
export type SceneEmotion = string;

export type AssistedHero = {
  readonly name: string;
  readonly primaryTrait: string;
  readonly secondaryTrait: string;
  readonly appearance?: string;
  readonly specialAbility?: string;
  readonly avatarPrompt?: string;
  readonly avatarGenerationId?: string;
};

export type AssistedEvent = { readonly rawValue: string; readonly promptSeed: string };
export type AssistedCustomEvent = {
  readonly title: string;
  readonly promptSeed: string;
  readonly keywords?: readonly string[];
  readonly tone?: string;
  readonly ageRange?: string;
  readonly category?: string;
};

export type SanitizedPrompt = {
  readonly sanitizedPrompt: string;
  readonly original: string;
  readonly tokensUsed?: number;
};

export type DrawnImage = {
  /** Base64 of a PNG. */
  readonly imageData: string;
  readonly revisedPrompt?: string | null;
  readonly generationId?: string | null;
};

export type SpokenText = {
  /** Base64. */
  readonly audioData: string;
  readonly format: string;
  /** Bytes. */
  readonly size: number;
};

export type ToldStory = {
  readonly title: string;
  readonly content: string;
  readonly estimatedDuration: number;
};

export type StoryScene = {
  readonly sceneNumber: number;
  readonly textSegment: string;
  readonly illustrationPrompt: string;
  /** Seconds. */
  readonly timestamp: number;
  readonly emotion: SceneEmotion;
  /** `key`, `major` or `minor`. */
  readonly importance: string;
};

export type ExtractedScenes = {
  readonly scenes: readonly StoryScene[];
  readonly sceneCount: number;
  readonly reasoning: string;
};
