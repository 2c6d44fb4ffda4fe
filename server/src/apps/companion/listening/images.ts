import type { Clock } from '../../../platform/clock.js';

/** A photo comes in pieces of up to 8,192 characters of base64 (contract §4.3). */
const longestPiece = 16_384;
const mostPieces = 1_024;
const mostImages = 4;
const forgottenMilliseconds = 120_000;

const signatures: readonly {
  readonly type: ImageType;
  readonly extension: string;
  readonly bytes: readonly number[];
}[] = [
  { type: 'image/jpeg', extension: 'jpg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/png', extension: 'png', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { type: 'image/webp', extension: 'webp', bytes: [0x52, 0x49, 0x46, 0x46] },
];
type ImageType = 'image/jpeg' | 'image/png' | 'image/webp';

export interface ImagePiece {
  readonly id: string;
  readonly index: number;
  readonly total: number;
  readonly data: string;
}

export interface ReceivedImage {
  readonly temporaryId: string;
  readonly bytes: Buffer;
  readonly mediaType: ImageType;
  readonly extension: string;
}

/** Puts the photos of one client together; pieces may come in any order and more than once. */
export function createImageAssembly(clock: Clock) {
  const waiting = new Map<
    string,
    { readonly total: number; readonly pieces: Map<number, string>; at: number }
  >();
  return {
    /** The photo, when this was its last piece and it is one. What is no piece is left out. */
    add({ id, index, total, data }: ImagePiece): ReceivedImage | null {
      const now = clock.now();
      for (const [key, { at }] of waiting) if (now - at > forgottenMilliseconds) waiting.delete(key);
      if (total < 1 || total > mostPieces || index < 0 || index >= total) return null;
      if (data.length > longestPiece || id.length > 200) return null;
      const image = waiting.get(id) ?? { total, pieces: new Map<number, string>(), at: now };
      if (image.total !== total) return null;
      image.pieces.set(index, data);
      image.at = now;
      waiting.set(id, image);
      const [oldest] = waiting.keys();
      if (waiting.size > mostImages && oldest !== undefined) waiting.delete(oldest);
      if (image.pieces.size < total) return null;
      waiting.delete(id);
      const text = Array.from({ length: total }, (_, place) => image.pieces.get(place) ?? '').join('');
      const bytes = Buffer.from(text, 'base64');
      const kind = signatures.find((one) => one.bytes.every((byte, place) => bytes[place] === byte));
      return kind ? { temporaryId: id, bytes, mediaType: kind.type, extension: kind.extension } : null;
    },
  };
}
