import type { StoreReader, StoreTransaction } from '../stores/local-store.js';
import { readSetting, removeSetting, writeSetting } from '../stores/settings.js';
import type { MigrationState } from './migration-state.js';
import { NOT_STARTED } from './migration-state.js';

export type MigratedKind = 'heroes' | 'stories' | 'custom-events';

/** An entity as it is sent in a batch; `id` is the old app's. */
export type BatchItem = Readonly<Record<string, unknown>> & { readonly id: string };

/** What a migration needs to know to go on, or to be undone, after the end of the process. */
export interface Checkpoint {
  /** SHA-256 of the export's document. */
  readonly digest: string;
  /** Who it is uploaded for. */
  readonly userId: string;
  /** Server ids by the old app's ids. */
  readonly ids: Readonly<Record<MigratedKind, Readonly<Record<string, string>>>>;
  /** Old ids of heroes whose visual profile is there. */
  readonly profiles: readonly string[];
  /** Uploaded files by type and the old app's id of the entity. */
  readonly files: Readonly<Record<string, UploadedFile>>;
  /** What may have arrived although it was not answered. */
  readonly sending: { readonly kind: MigratedKind; readonly items: readonly BatchItem[] } | null;
  /** Server ids that were there before: they are not this migration's to delete. */
  readonly existing: readonly string[];
}

export interface UploadedFile {
  readonly sha256: string;
  /** Of what shows it. */
  readonly serverId: string;
}

const STATE = 'migration';
/** The name that the old app's file had. */
const CHECKPOINT = 'migration_checkpoint.json';

export const readState = async (tx: StoreReader): Promise<MigrationState> =>
  (await readSetting<MigrationState>(tx, STATE)) ?? NOT_STARTED;

export const writeState = (tx: StoreTransaction, state: MigrationState): Promise<void> =>
  writeSetting(tx, STATE, state);

export const readCheckpoint = async (tx: StoreReader): Promise<Checkpoint | null> =>
  (await readSetting<Checkpoint>(tx, CHECKPOINT)) ?? null;

export const writeCheckpoint = (tx: StoreTransaction, checkpoint: Checkpoint): Promise<void> =>
  writeSetting(tx, CHECKPOINT, checkpoint);

export const removeCheckpoint = (tx: StoreTransaction): Promise<void> => removeSetting(tx, CHECKPOINT);
