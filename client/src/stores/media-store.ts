/** A file of the media cache. */
export interface MediaEntry {
  /** For example `avatar_<heroId>.png`. */
  readonly key: string;
  readonly kind: 'avatar' | 'audio' | 'illustration';
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly storedAt: number;
  readonly lastUsedAt: number;
}

/**
 * Where media files are kept, beside the {@link LocalStore}. `put` is atomic: a file is there as a whole or not at all.
 */
export interface MediaStore {
  put(entry: MediaEntry, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  get(
    key: string,
  ): Promise<{ readonly entry: MediaEntry; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>;
  /** Notes that it was used, without touching its bytes. */
  touch(key: string, usedAt: number): Promise<void>;
  /** True when it was there. */
  delete(key: string): Promise<boolean>;
  list(): Promise<readonly MediaEntry[]>;
  clear(): Promise<void>;
}
