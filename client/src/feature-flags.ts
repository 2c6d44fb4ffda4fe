/** Switches of the library, with the values of the companion documents (contract §7.9). */
export interface FeatureFlags {
  /** Always on: there is no other back end any more. */
  readonly useBackendAPI: true;
  readonly enableCloudSync: boolean;
  readonly enableBackgroundSync: boolean;
  /** Seconds between two background syncs: 60 to 3600 in steps of 60. */
  readonly syncInterval: number;
  /** A story counts as ready although some of its pictures failed. */
  readonly allowIllustrationFailures: boolean;
  readonly showSyncStatus: boolean;
  readonly detailedLogging: boolean;
}

export const DEFAULT_SYNC_INTERVAL_S = 900;
/** While developing, so that one sees something happen. */
export const DEVELOPMENT_SYNC_INTERVAL_S = 300;

export const defaultFlags: FeatureFlags = {
  useBackendAPI: true,
  enableCloudSync: true,
  enableBackgroundSync: true,
  syncInterval: DEFAULT_SYNC_INTERVAL_S,
  allowIllustrationFailures: true,
  showSyncStatus: true,
  detailedLogging: false,
};

/** @throws RangeError unless it is 60 to 3600 in steps of 60 */
export function checkSyncInterval(seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 60 || seconds > 3600 || seconds % 60 !== 0) {
    throw new RangeError(`A sync interval is 60 to 3600 seconds in steps of 60, not ${seconds}.`);
  }
  return seconds;
}
