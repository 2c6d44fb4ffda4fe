/** The export of an older, local-only app, version "1.0" (contract §7.10). Dates are ISO 8601. Ids are the old app's. */
export const EXPORT_VERSION = '1.0';

export type ExportedProfile = {
  readonly hairColor?: string;
  readonly hairStyle?: string;
  readonly eyeColor?: string;
  readonly skinTone?: string;
  readonly height?: string;
  readonly build?: string;
  readonly clothingStyle?: string;
  readonly distinctiveFeatures?: string;
  readonly artStyle?: string;
};

export type ExportedHero = {
  readonly id: string;
  readonly name: string;
  readonly age: number;
  readonly traits: readonly string[];
  readonly specialAbility?: string;
  /** All of them, and the looks: more than the old app had; this library writes and reads it. */
  readonly specialAbilities?: readonly string[];
  readonly hairColor?: string;
  readonly eyeColor?: string;
  readonly skinTone?: string;
  readonly height?: string;
  readonly appearance?: string;
  readonly avatarPrompt?: string;
  readonly avatarImagePath?: string;
  readonly avatarGenerationId?: string;
  readonly createdAt: string;
  readonly visualProfile?: ExportedProfile;
};

export type ExportedIllustration = {
  readonly id: string;
  readonly sceneNumber: number;
  readonly displayOrder: number;
  /** Seconds into the narration. */
  readonly timestamp: number;
  /** `imagePrompt` in the companion documents: both are read. */
  readonly dallePrompt: string;
  readonly imagePrompt?: string;
  readonly imagePath?: string;
  readonly generationId?: string;
  readonly generationStatus: string;
};

export type ExportedStory = {
  readonly id: string;
  readonly heroId: string;
  readonly title: string;
  readonly content: string;
  readonly builtInEvent?: string;
  readonly customEventId?: string;
  readonly language: string;
  readonly createdAt: string;
  readonly isFavorite: boolean;
  readonly audioFilePath?: string;
  /** Seconds. */
  readonly estimatedDuration: number;
  readonly playCount?: number;
  readonly illustrations: readonly ExportedIllustration[];
};

export type ExportedEvent = {
  readonly id: string;
  readonly title: string;
  readonly eventDescription: string;
  readonly promptSeed: string;
  readonly category?: string;
  readonly ageRange?: string;
  readonly tone?: string;
  readonly keywords: readonly string[];
  readonly usageCount: number;
  readonly isFavorite: boolean;
  readonly pictogramPath?: string;
};

/** A file that goes with the export. */
export type MediaReference = {
  readonly type: 'avatar' | 'audio' | 'illustration' | 'pictogram';
  readonly localPath: string;
  readonly entityId: string;
  readonly fileName: string;
  /** In hexadecimal digits; what was written by this library has it. */
  readonly sha256?: string;
};

export type ExportMetadata = {
  readonly totalHeroes: number;
  readonly totalStories: number;
  readonly totalCustomEvents: number;
  readonly totalAudioFiles: number;
  readonly totalAvatarFiles: number;
  readonly totalIllustrationFiles: number;
  /** Bytes. */
  readonly estimatedDataSize: number;
};

export type LocalExport = {
  readonly version: string;
  readonly exportDate: string;
  readonly heroes: readonly ExportedHero[];
  readonly stories: readonly ExportedStory[];
  readonly customEvents: readonly ExportedEvent[];
  readonly media?: readonly MediaReference[];
  readonly metadata: ExportMetadata;
};

/** An export and its files. */
export interface MigrationSource {
  readonly data: LocalExport;
  /** A file by its path in the export; null when it is not there. */
  readonly file: (path: string) => Promise<Uint8Array<ArrayBuffer> | null>;
}
