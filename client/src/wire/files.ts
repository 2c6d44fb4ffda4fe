import type { EntityType, EntityValue } from './entities.js';

/** Uploads and batches (contract §3.7 and §3.8). */

export type FileCategory = 'avatar' | 'illustration' | 'audio' | 'pictogram';

export type FileAnnouncement = {
  readonly fileName: string;
  readonly mimeType: string;
  /** Bytes: pictures up to 10 MB, narrations up to 50 MB. */
  readonly fileSize: number;
  readonly category: FileCategory;
  /** In hexadecimal digits; the server then refuses other bytes. */
  readonly sha256?: string;
};

export type AnnouncedFile = {
  readonly uploadUrl: string;
  readonly storageKey: string;
  readonly publicUrl: string;
  readonly expiresAt: string;
};

/** What a file is to be shown by; ids are the server's. */
export type FileBinding = {
  readonly heroId?: string;
  readonly avatarPrompt?: string;
  readonly avatarGenerationId?: string;
  readonly storyId?: string;
  readonly audioDuration?: number;
  readonly voice?: string;
  readonly language?: string;
  readonly illustrationId?: string;
  readonly localId?: string;
  readonly imagePrompt?: string;
  readonly sceneDescription?: string;
  readonly displayOrder?: number;
  readonly audioTimestamp?: number;
  readonly generationId?: string;
  readonly customEventId?: string;
};

export type ConfirmedFile = {
  readonly storageKey: string;
  readonly url: string;
  readonly size: number;
  readonly sha256: string;
  readonly type: EntityType;
  readonly id: string;
  readonly version: number;
  readonly value: EntityValue | null;
};

export type BatchCreated = {
  readonly localId: string;
  readonly serverId: string;
  readonly name?: string;
  readonly title?: string;
};
export type BatchFailed = {
  readonly localId: string;
  readonly error: string;
  readonly name?: string;
  readonly title?: string;
};
export type BatchAnswer = {
  readonly success: boolean;
  readonly created: number;
  readonly failed: number;
  readonly total: number;
  readonly results: {
    readonly created: readonly BatchCreated[];
    readonly failed: readonly BatchFailed[];
    readonly total: number;
  };
};

/** The most items in one batch. */
export const BATCH_LIMIT = 100;
