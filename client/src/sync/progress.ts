/** What one cycle has done so far. */
export interface Progress {
  /** Mutations that the server has (now or since an earlier attempt). */
  pushed: number;
  /** Changes of other devices that were taken in. */
  pulled: number;
  /** Mutations that met a newer version. */
  conflicts: number;
  failed: number;
}

export const noProgress = (): Progress => ({ pushed: 0, pulled: 0, conflicts: 0, failed: 0 });
