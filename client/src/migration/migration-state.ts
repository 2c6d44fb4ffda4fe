export type MigrationStatus = 'notStarted' | 'inProgress' | 'completed' | 'failed' | 'rolledBack';

export type MigrationStage =
  | 'authenticating'
  | 'exportingData'
  | 'uploadingHeroes'
  | 'uploadingStories'
  | 'uploadingCustomEvents'
  | 'uploadingMedia'
  | 'verifying'
  | 'finalizing'
  | 'complete';

/** Share of the work that is done when a stage begins and when it ends (contract §7.10). */
export const STAGE_PROGRESS: Readonly<Record<MigrationStage, readonly [from: number, to: number]>> = {
  authenticating: [0, 0.05],
  exportingData: [0.1, 0.2],
  uploadingHeroes: [0.2, 0.45],
  uploadingStories: [0.45, 0.7],
  uploadingCustomEvents: [0.7, 0.75],
  uploadingMedia: [0.75, 0.9],
  verifying: [0.9, 0.95],
  finalizing: [0.95, 1],
  complete: [1, 1],
};

export interface MigrationCounts {
  readonly heroes: number;
  readonly stories: number;
  readonly customEvents: number;
  readonly media: number;
}
export const NO_COUNTS: MigrationCounts = { heroes: 0, stories: 0, customEvents: 0, media: 0 };

/** Kept after each item, so that it is known after a crash. */
export interface MigrationState {
  readonly status: MigrationStatus;
  readonly stage: MigrationStage | null;
  /** 0 to 1; while rolling back: how far that is. */
  readonly progress: number;
  readonly exported: MigrationCounts;
  readonly uploaded: MigrationCounts;
  readonly totalMediaFiles: number;
  /** Epoch milliseconds. */
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly error: string | null;
}

export const NOT_STARTED: MigrationState = {
  status: 'notStarted',
  stage: null,
  progress: 0,
  exported: NO_COUNTS,
  uploaded: NO_COUNTS,
  totalMediaFiles: 0,
  startedAt: null,
  completedAt: null,
  error: null,
};
