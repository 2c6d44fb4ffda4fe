import { hasMark } from './byte-source.js';

export interface AudioContainer {
  /** Without a dot. */
  readonly extension: 'wav' | 'ogg' | 'flac' | 'webm' | 'mp4' | 'mp3' | 'aac';
  readonly mediaType: string;
}

const of = (extension: AudioContainer['extension'], mediaType: string): AudioContainer => ({
  extension,
  mediaType,
});

/** What kind of audio file begins with these bytes, whatever its name or declared type; undefined when it is none. */
export function audioContainer(bytes: Uint8Array): AudioContainer | undefined {
  if (hasMark(bytes, 0, 'RIFF') && hasMark(bytes, 8, 'WAVE')) return of('wav', 'audio/wav');
  if (hasMark(bytes, 0, 'OggS')) return of('ogg', 'audio/ogg');
  if (hasMark(bytes, 0, 'fLaC')) return of('flac', 'audio/flac');
  if (hasMark(bytes, 0, '\x1a\x45\xdf\xa3')) return of('webm', 'audio/webm');
  if (hasMark(bytes, 4, 'ftyp')) return of('mp4', 'audio/mp4');
  if (hasMark(bytes, 0, 'ID3')) return of('mp3', 'audio/mpeg');
  const [first = 0, second = 0] = bytes;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  // Both begin with eleven ones; MPEG's layer bits are never 0, ADTS' always are.
  return (second & 0x06) === 0 ? of('aac', 'audio/aac') : of('mp3', 'audio/mpeg');
}
