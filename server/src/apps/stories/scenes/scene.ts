export const emotions = [
  'joyful',
  'peaceful',
  'exciting',
  'mysterious',
  'heartwarming',
  'adventurous',
  'contemplative',
] as const;
export const importances = ['key', 'major', 'minor'] as const;

/** A moment of a story that is worth a picture. */
export interface StoryScene {
  /** The story's own words. */
  readonly textSegment: string;
  readonly illustrationPrompt: string;
  /** Seconds from the beginning of the narration. */
  readonly timestamp: number;
  readonly emotion: (typeof emotions)[number];
  readonly importance: (typeof importances)[number];
}

export interface SceneWish {
  readonly content: string;
  /** Seconds that the narration takes, measured or estimated. */
  readonly duration: number;
  /** Who is in every picture: a name, or a name with looks. */
  readonly hero: string;
  readonly eventContext?: string;
}

export interface FoundScenes {
  readonly scenes: readonly StoryScene[];
  readonly reasoning: string;
  readonly tokens?: number;
}

/** Finds three to eight scenes in a story. */
export type FindScenes = (wish: SceneWish, signal?: AbortSignal) => Promise<FoundScenes>;

export const MOST_SCENES = 8;
export const FEWEST_SCENES = 3;
