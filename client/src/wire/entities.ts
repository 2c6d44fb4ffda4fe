/** The wire objects that are synced (contract §3.1 to §3.3). Dates are ISO 8601 texts in UTC. Aliases, not interfaces, so that they are plain JSON objects to the store. */

export type VisualProfile = {
  readonly id: string;
  readonly heroId: string;
  readonly hairStyle?: string | null;
  readonly hairColor?: string | null;
  readonly hairTexture?: string | null;
  readonly eyeColor?: string | null;
  readonly eyeShape?: string | null;
  readonly skinTone?: string | null;
  readonly facialFeatures?: string | null;
  readonly bodyType?: string | null;
  readonly height?: string | null;
  readonly typicalClothing?: string | null;
  readonly accessories?: string | null;
  readonly artStyle?: string | null;
  readonly canonicalPrompt?: string | null;
  readonly simplifiedPrompt?: string | null;
  readonly age?: number | null;
  readonly colorPalette?: readonly string[] | null;
  readonly visualKeywords?: readonly string[] | null;
  readonly createdAt?: string | null;
  readonly updatedAt?: string | null;
};

export type Hero = {
  readonly id: string;
  readonly name: string;
  readonly age: number;
  readonly traits: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly specialAbilities?: readonly string[] | null;
  readonly appearance?: string | null;
  readonly hairColor?: string | null;
  readonly eyeColor?: string | null;
  readonly skinTone?: string | null;
  readonly height?: string | null;
  /** Signed: the query changes with each answer. */
  readonly avatarUrl?: string | null;
  readonly avatarGenerationId?: string | null;
  readonly avatarPrompt?: string | null;
  readonly visualProfileId?: string | null;
  readonly userId?: string | null;
  readonly visualProfile?: VisualProfile | null;
  readonly _count?: { readonly stories?: number | null } | null;
};

/** Limits: name 1..200, age 3..12, traits 1..20 of ≤100, specialAbilities ≤10 of ≤200, appearance ≤500, the others ≤50. */
export type HeroCreate = {
  readonly name: string;
  readonly age: number;
  readonly traits: readonly string[];
  readonly specialAbilities?: readonly string[];
  readonly appearance?: string;
  readonly hairColor?: string;
  readonly eyeColor?: string;
  readonly skinTone?: string;
  readonly height?: string;
};

export type HeroUpdate = Partial<HeroCreate> & {
  readonly avatarUrl?: string;
  readonly avatarPrompt?: string;
  readonly avatarGenerationId?: string;
};

export type AudioStatus = 'pending' | 'processing' | 'completed' | 'failed';
export type IllustrationsStatus = 'none' | 'pending' | 'processing' | 'completed' | 'partial' | 'failed';

export type Story = {
  readonly id: string;
  readonly title: string;
  readonly content: string;
  readonly heroId: string;
  readonly language: string;
  /** An {@link AudioStatus}; free text in the database. */
  readonly audioGenerationStatus: string;
  /** An {@link IllustrationsStatus}; free text in the database. */
  readonly illustrationStatus: string;
  readonly illustrationCount: number;
  readonly playCount: number;
  readonly isFavorite: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly eventType?: string | null;
  readonly customEventId?: string | null;
  /** Signed. */
  readonly audioUrl?: string | null;
  /** Seconds. */
  readonly audioDuration?: number | null;
  readonly lastPlayedAt?: string | null;
  readonly userId?: string | null;
  readonly illustrations?: readonly Illustration[] | null;
  readonly _count?: { readonly illustrations?: number | null } | null;
};

/** A story that is stored word for word; no intelligence is asked. */
export type StoryCreate = {
  readonly heroId: string;
  readonly title: string;
  readonly content: string;
  readonly language: string;
  readonly isFavorite?: boolean;
  readonly eventType?: string;
  readonly customEventId?: string;
};

export type StoryUpdate = {
  readonly title?: string;
  readonly content?: string;
  readonly isFavorite?: boolean;
  readonly language?: string;
};

export type Illustration = {
  readonly id: string;
  readonly storyId: string;
  /** Signed; empty while it is not drawn yet. */
  readonly imageUrl: string;
  readonly imagePrompt: string;
  readonly sceneDescription: string;
  readonly generationStatus: string;
  readonly displayOrder: number;
  /** Seconds into the narration. */
  readonly audioTimestamp: number;
  readonly audioDuration?: number | null;
  readonly generationId?: string | null;
  readonly previousGenerationId?: string | null;
  readonly generationError?: string | null;
  readonly retryCount?: number;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type CustomEvent = {
  readonly id: string;
  readonly userId: string;
  readonly title: string;
  readonly description: string;
  readonly promptSeed: string;
  readonly category: string;
  readonly tone: string;
  readonly ageRange?: string | null;
  readonly keywords?: readonly string[] | null;
  readonly aiEnhanced: boolean;
  readonly isFavorite: boolean;
  readonly usageCount: number;
  readonly lastUsedAt?: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type CustomEventCreate = {
  readonly title: string;
  readonly promptSeed: string;
  readonly description?: string;
  readonly category?: string;
  readonly ageRange?: string;
  readonly tone?: string;
  readonly keywords?: readonly string[];
};

export type CustomEventUpdate = Partial<CustomEventCreate> & { readonly isFavorite?: boolean };

/** What the server's type names stand for. */
export type EntityValues = {
  readonly hero: Hero;
  readonly story: Story;
  readonly illustration: Illustration;
  readonly customEvent: CustomEvent;
};
export type EntityType = keyof EntityValues;
export const ENTITY_TYPES: readonly EntityType[] = ['hero', 'customEvent', 'story', 'illustration'];

/** Any of them, as the store and the sync engine see them. */
export type EntityValue = Readonly<Record<string, unknown>>;
