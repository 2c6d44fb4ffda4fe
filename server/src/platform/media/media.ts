import type { Readable } from 'node:stream';

/** What was stored. Apps keep `size` and `sha256` in a row of their own, so reading never has to hash again. */
export interface StoredMedia {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the content as 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/** What the storage itself knows about an object. */
export type MediaEntry = Omit<StoredMedia, 'sha256'>;

/** Bytes `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** An object's bytes in memory, or a file on the local disk that the adapter takes over (moves or uploads and removes). */
export type MediaSource = Uint8Array | { readonly file: string };

/** Objects (or ranges) up to this many bytes are read as one `Buffer`: one allocation beats a stream's machinery. */
export const BUFFERED_READ_BYTES = 256 * 1024;

/**
 * The media port: binary objects under keys such as `speech/ab/<id>.mp3`. Adapters: `files/` (a folder) and `s3/`.
 *
 * Failures of the storage surface as the original error with its `code` (`ENOSPC`, `EROFS` …), which
 * `storageError()` of the database port's failures explains to callers.
 */
export interface Media {
  /**
   * Stores (or replaces) an object. Resolves once it is durable; until then nobody sees any part of it.
   *
   * @throws InvalidMediaKey when the key breaks the rules of {@link checkMediaKey}
   */
  put(key: string, source: MediaSource): Promise<StoredMedia>;
  /** Null when there is no such object. */
  stat(key: string): Promise<MediaEntry | null>;
  /**
   * The object's bytes, or those of a range (its end is cut at the object's end): a `Buffer` up to
   * {@link BUFFERED_READ_BYTES}, else a stream that the caller must consume or destroy. Null when there is no such object.
   *
   * @throws RangeError when the range starts behind the object's last byte or ends before it starts
   */
  read(key: string, range?: ByteRange): Promise<Buffer | Readable | null>;
  /** Removes an object; it is no error when there is none. */
  delete(key: string): Promise<void>;
  /** Objects whose key starts with `prefix`, in no particular order. */
  list(prefix: string): AsyncIterable<MediaEntry>;
  /** Throws when the storage cannot be written. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A key that no adapter accepts: made by a bug or by somebody who tries to leave the folder. */
export class InvalidMediaKey extends Error {
  override readonly name = 'InvalidMediaKey';
}

const KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}){0,7}$/;
const PREFIX = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\/){0,7}(?:[A-Za-z0-9_-][A-Za-z0-9._-]{0,127})?$/;

/**
 * Keys are one to eight names joined by `/`, each of letters, digits, `.`, `_` and `-`, not starting with a dot; so no key
 * names a parent folder, an absolute path or a hidden file.
 *
 * @throws InvalidMediaKey
 */
export function checkMediaKey(key: string): void {
  if (!KEY.test(key)) throw new InvalidMediaKey('This is not a valid media key.');
}

/** The same for the beginning of a key, which may be empty or end in `/`. */
export function checkMediaPrefix(prefix: string): void {
  if (!PREFIX.test(prefix)) throw new InvalidMediaKey('This is not a valid beginning of a media key.');
}
