import type { StoreReader, StoreTransaction } from '../stores/local-store.js';
import { readSetting, writeSetting } from '../stores/settings.js';

/** How far this device has read the server's sequence. */
export interface SyncState {
  /** Null before the first sync. */
  readonly epoch: string | null;
  /** The sequence number up to which everything is here. */
  readonly cursor: number;
  /** After a change of epoch, until everything has been read anew: what was not seen by then is gone. */
  readonly rereading: boolean;
  /** Epoch milliseconds of the last sync that reached its end. */
  readonly lastSyncedAt: number | null;
}

const KEY = 'sync';
const BEGINNING: SyncState = { epoch: null, cursor: 0, rereading: false, lastSyncedAt: null };

export const readSyncState = async (tx: StoreReader): Promise<SyncState> =>
  (await readSetting<SyncState>(tx, KEY)) ?? BEGINNING;

export const writeSyncState = (tx: StoreTransaction, state: SyncState): Promise<void> =>
  writeSetting(tx, KEY, state);

/** The epoch of an owner for whom nothing was ever written is empty, like that of a device that never synced. */
export const isOtherEpoch = (state: SyncState, epoch: string): boolean => (state.epoch ?? '') !== epoch;

/** Begins anew when the server speaks of another epoch. What is pending is kept. @returns the state to go on with */
export async function enterEpoch(tx: StoreTransaction, epoch: string): Promise<SyncState> {
  const state = await readSyncState(tx);
  if (!isOtherEpoch(state, epoch)) return state;
  const next: SyncState = { ...state, epoch: epoch || null, cursor: 0, rereading: state.epoch !== null };
  await writeSyncState(tx, next);
  return next;
}

/** This device's id for the server; made on first use. */
export async function deviceIdOf(tx: StoreTransaction, newId: () => string): Promise<string> {
  const known = await readSetting<string>(tx, 'deviceId');
  if (known !== undefined) return known;
  const made = newId();
  await writeSetting(tx, 'deviceId', made);
  return made;
}
