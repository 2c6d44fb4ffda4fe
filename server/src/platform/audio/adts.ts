import type { ByteSink } from './byte-sink.js';
import { afterId3, type ByteSource } from './byte-source.js';
import { mismatch, notA } from './unusable.js';

/** Samples per second by index (ISO 14496-3 §1.6.3.4). */
const sampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

interface Frame {
  readonly position: number;
  readonly length: number;
  readonly samples: number;
  readonly sampleRate: number;
  /** Profile, sample rate and channels: the same in every frame of a stream. */
  readonly kind: number;
}

function parseFrame(bytes: Uint8Array, position: number): Frame | undefined {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0] = bytes;
  const sampleRate = sampleRates[(b2 >> 2) & 15];
  const length = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5);
  if (b0 !== 0xff || (b1 & 0xf6) !== 0xf0 || sampleRate === undefined || length < 7) return undefined;
  return {
    position,
    length,
    sampleRate,
    samples: 1024 * ((b6 & 3) + 1),
    kind: ((b2 & 0xfd) << 8) | (b3 & 0xc0),
  };
}

/** Every complete frame; tags and rubbish between frames are stepped over. */
function* frames(source: ByteSource): Generator<Frame> {
  let position = afterId3(source);
  let inStep = false;
  while (position + 7 <= source.size) {
    const frame = parseFrame(source.read(position, 7), position);
    const end = position + (frame?.length ?? 0);
    const followed: boolean =
      inStep || end + 7 > source.size || parseFrame(source.read(end, 7), end) !== undefined;
    inStep = frame !== undefined && end <= source.size && followed;
    if (frame && inStep) yield frame;
    position = inStep ? end : position + 1;
  }
}

/** Writes the frames of all the sources one behind the other: ADTS has no header that tells of the whole. */
export function joinAdts(sources: Iterable<ByteSource>, sink: ByteSink): void {
  let kind: number | undefined;
  for (const source of sources) {
    const before = sink.position;
    for (const frame of frames(source)) {
      kind ??= frame.kind;
      if (frame.kind !== kind) throw mismatch();
      sink.write(source.read(frame.position, frame.length));
    }
    if (sink.position === before) throw notA('aac');
  }
}

/** Seconds, by counting frames. */
export function adtsDuration(source: ByteSource): number {
  let seconds = 0;
  for (const frame of frames(source)) seconds += frame.samples / frame.sampleRate;
  if (seconds === 0) throw notA('aac');
  return seconds;
}
