import type { SpeechFormat } from '../../../platform/ai/speech-synthesizer.js';
import type { MediaKind } from './media-keys.js';

/** A type of file that may be uploaded and is served. */
export interface FileType {
  readonly mimeType: string;
  readonly extension: string;
  /** What measures its duration, where something can. */
  readonly format?: SpeechFormat;
}

const png: FileType = { mimeType: 'image/png', extension: 'png' };
const jpeg: FileType = { mimeType: 'image/jpeg', extension: 'jpg' };
const webp: FileType = { mimeType: 'image/webp', extension: 'webp' };
const mp3: FileType = { mimeType: 'audio/mpeg', extension: 'mp3', format: 'mp3' };
const mp4: FileType = { mimeType: 'audio/mp4', extension: 'm4a' };
const aac: FileType = { mimeType: 'audio/aac', extension: 'aac', format: 'aac' };
const wav: FileType = { mimeType: 'audio/wav', extension: 'wav', format: 'wav' };
const ogg: FileType = { mimeType: 'audio/ogg', extension: 'ogg', format: 'opus' };
const flac: FileType = { mimeType: 'audio/flac', extension: 'flac', format: 'flac' };

const images = [png, jpeg, webp];
const sounds = [mp3, mp4, aac, wav, ogg, flac];

/** Other names under which clients announce the same types. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
};

const MEBIBYTE = 1_048_576;
/** Limits of contract §3.8, bytes. */
const IMAGE_BYTES = 10 * MEBIBYTE;
const AUDIO_BYTES = 50 * MEBIBYTE;

export const maxBytesOf = (kind: MediaKind): number => (kind === 'audio' ? AUDIO_BYTES : IMAGE_BYTES);

/** The types that an upload of a kind may have. */
export const typesOf = (kind: MediaKind): readonly FileType[] => (kind === 'audio' ? sounds : images);

/** The type by its name, however a client writes it; undefined when the kind does not allow it. */
export function announcedType(kind: MediaKind, mimeType: string): FileType | undefined {
  const name = mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return typesOf(kind).find((type) => type.mimeType === (ALIASES[name] ?? name));
}

/** As what an object is served: by the extension of its key. */
export const contentTypeOf = (key: string): string =>
  [...images, ...sounds].find(({ extension }) => key.endsWith(`.${extension}`))?.mimeType ??
  'application/octet-stream';

/** So many bytes tell the type. */
export const SIGNATURE_BYTES = 16;
/** Brands of ISO base media files (`ftyp`) that hold pictures: HEIF and AVIF, which start like audio. */
const PICTURE_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'mif1', 'msf1', 'avif', 'avis']);

/**
 * The type of a file by how it begins, whatever it is called.
 *
 * @param start the first {@link SIGNATURE_BYTES} bytes
 */
export function typeByContent(start: Buffer): FileType | undefined {
  const text = (from: number, to: number) => start.toString('latin1', from, to);
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return png;
  if (text(0, 3) === '\xff\xd8\xff') return jpeg;
  if (text(0, 4) === 'RIFF') return { WEBP: webp, WAVE: wav }[text(8, 12)];
  if (text(0, 3) === 'ID3') return mp3;
  if (text(0, 4) === 'OggS') return ogg;
  if (text(0, 4) === 'fLaC') return flac;
  if (text(4, 8) === 'ftyp') return PICTURE_BRANDS.has(text(8, 12)) ? undefined : mp4;
  const [first = 0, second = 0] = start;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  // A frame of MPEG audio: the layer bits are zero in ADTS only.
  return (second & 0x06) === 0 ? aac : mp3;
}
