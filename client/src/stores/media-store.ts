export type MediaKind = 'avatar' | 'audio' | 'illustration';
export const MEDIA_KINDS: readonly MediaKind[] = ['avatar', 'audio', 'illustration'];

/** A file of the media cache. */
export interface MediaEntry {
  /** For example `avatar_<heroId>.png`. */
  readonly key: string;
  readonly kind: MediaKind;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Of the content, in hexadecimal digits: what does not match it is not handed out. */
  readonly sha256: string;
  /** Path of the server's address without its query, which changes each time; null for what was put in here. */
  readonly source: string | null;
  /** Epoch milliseconds. */
  readonly storedAt: number;
  readonly lastUsedAt: number;
  /** Kept for offline use whatever its age and whatever room it takes. */
  readonly pinned: boolean;
}

/** What may change about a file that is stored. */
export type MediaNote = Partial<Pick<MediaEntry, 'lastUsedAt' | 'pinned'>>;

/**
 * Where media files are kept, beside the {@link LocalStore}. `put` is atomic: a file is there as a whole or not at all.
 */
export interface MediaStore {
  put(entry: MediaEntry, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  get(
    key: string,
  ): Promise<{ readonly entry: MediaEntry; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>;
  /** Notes something about it without touching its bytes. */
  note(key: string, note: MediaNote): Promise<void>;
  /** The keys among these that were there. */
  delete(keys: readonly string[]): Promise<readonly string[]>;
  list(): Promise<readonly MediaEntry[]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}
