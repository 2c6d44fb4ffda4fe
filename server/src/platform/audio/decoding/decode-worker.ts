import type { InputAudioTrack } from 'mediabunny';
import {
  ADTS,
  BufferSource,
  FLAC,
  Input,
  Logging,
  LogLevel,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from 'mediabunny';
import { decodeFlac } from './flac.js';
import { remux } from './matroska.js';
import { decodeOpus } from './opus.js';
import { decodePcm } from './pcm.js';
import { createSound, type Sound, TooLong } from './sound.js';

export interface DecodeTask {
  readonly bytes: Uint8Array;
  /** Samples per second of the result. */
  readonly sampleRate: number;
  readonly maxSeconds: number;
}

/** Errors lose their class between threads, so what went wrong is told in the result. */
export type DecodeResult =
  | { readonly kind: 'sound'; readonly samples: Int16Array }
  /** Nothing here decodes this codec; its packets in a Matroska file, for somebody who does. */
  | { readonly kind: 'foreign'; readonly codec: string; readonly matroska: Uint8Array }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'too-long' };

/** Playlists (HLS) are not among them: they name further files to fetch. */
const containers = [WAVE, OGG, WEBM, MATROSKA, MP4, QTFF, MP3, ADTS, FLAC];

// What it has to say quotes the file, and anybody may send one.
Logging.level = LogLevel.Silent;

/** The work of a decoding thread. */
export default async function run({ bytes, sampleRate, maxSeconds }: DecodeTask): Promise<DecodeResult> {
  const sound = createSound(sampleRate, maxSeconds);
  const input = new Input({ source: new BufferSource(bytes), formats: containers });
  try {
    const track = await input.getPrimaryAudioTrack();
    const codec = await track?.getCodec();
    if (!track || !codec) return { kind: 'unreadable' };
    const decode = decoderOf(codec);
    if (!decode) return { kind: 'foreign', codec, matroska: await remux(track, maxSeconds) };
    await heardUntilItBreaks(decode(track, sampleRate, sound));
    const samples = sound.samples();
    return samples.length === 0 ? { kind: 'unreadable' } : { kind: 'sound', samples };
  } catch (error) {
    // Whatever else a demuxer stumbles over lies in the file.
    return error instanceof TooLong ? { kind: 'too-long' } : { kind: 'unreadable' };
  } finally {
    input.dispose();
  }
}

type Decode = (track: InputAudioTrack, sampleRate: number, sound: Sound) => Promise<void>;

function decoderOf(codec: string): Decode | undefined {
  if (codec === 'opus') return decodeOpus;
  if (codec === 'flac') return (track, _, sound) => decodeFlac(track, sound);
  return /^pcm-|^[ua]law$/.test(codec) ? (track, _, sound) => decodePcm(track, sound) : undefined;
}

/** A recording that breaks off in the middle is still worth what was heard of it. */
async function heardUntilItBreaks(decoding: Promise<void>): Promise<void> {
  try {
    await decoding;
  } catch (error) {
    if (error instanceof TooLong) throw error;
  }
}
