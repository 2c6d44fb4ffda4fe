import { type ByteSink, memorySink } from './byte-sink.js';
import { afterId3, type ByteSource, bigEndian, bytesSource, hasMark } from './byte-source.js';
import { crc16Arc } from './crc.js';
import { mismatch, notA } from './unusable.js';

/** kbit/s by bit-rate index, Layer III (ISO 11172-3 §2.4.2.3, ISO 13818-3 §2.4.2.3); 0 = not allowed here. */
const bitRates = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
  mpeg2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
} as const;
const sampleRates = [44100, 48000, 32000] as const;

interface FrameHeader {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly samples: number;
  readonly sampleRate: number;
  readonly channels: number;
  /** Bytes of side information behind the header. */
  readonly sideInfo: number;
}

interface Frame extends FrameHeader {
  readonly position: number;
}

/** Samples that a decoder should drop at the ends, from the LAME part of the first frame. */
export interface Gapless {
  readonly encoder: string;
  readonly delay: number;
  readonly padding: number;
}

function parseHeader(bytes: Uint8Array, at = 0): FrameHeader | undefined {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = bytes.subarray(at, at + 4);
  const version = (b1 >> 3) & 3; // 3 = MPEG-1, 2 = MPEG-2, 0 = MPEG-2.5
  const layerIII = ((b1 >> 1) & 3) === 1;
  const rate = sampleRates[(b2 >> 2) & 3];
  if (b0 !== 0xff || (b1 & 0xe0) !== 0xe0 || version === 1 || !layerIII || rate === undefined)
    return undefined;
  const mpeg1 = version === 3;
  const kbits = bitRates[mpeg1 ? 'mpeg1' : 'mpeg2'][b2 >> 4] ?? 0;
  if (kbits === 0) return undefined;
  const sampleRate = rate >> (mpeg1 ? 0 : version === 2 ? 1 : 2);
  const samples = mpeg1 ? 1152 : 576;
  const channels = b3 >> 6 === 3 ? 1 : 2;
  return {
    bytes: Uint8Array.of(b0, b1, b2, b3),
    length: Math.floor((samples * 125 * kbits) / sampleRate) + ((b2 >> 1) & 1),
    samples,
    sampleRate,
    channels,
    sideInfo: mpeg1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17,
  };
}

/** Every complete frame, header frames included; tags and rubbish between frames are stepped over. */
function* frames(source: ByteSource): Generator<Frame> {
  let position = afterId3(source);
  let inStep = false;
  while (position + 4 <= source.size) {
    const header = parseHeader(source.read(position, 4));
    const end = position + (header?.length ?? 0);
    const followed: boolean =
      inStep || end + 4 > source.size || parseHeader(source.read(end, 4)) !== undefined;
    inStep = header !== undefined && end <= source.size && followed;
    if (header && inStep) yield { ...header, position };
    position = inStep ? end : position + 1;
  }
}

interface HeaderFrame {
  readonly frames: number | undefined;
  readonly gapless: Gapless | undefined;
}

/** What the frame says when it is a Xing, Info or VBRI header frame, which holds no sound. */
function readHeaderFrame(bytes: Uint8Array, header: FrameHeader): HeaderFrame | undefined {
  const tag = 4 + header.sideInfo;
  if (hasMark(bytes, 36, 'VBRI')) return { frames: bigEndian(bytes, 50, 4), gapless: undefined };
  if (!hasMark(bytes, tag, 'Xing') && !hasMark(bytes, tag, 'Info')) return undefined;
  const flags = bigEndian(bytes, tag + 4, 4);
  const lame = tag + 8 + [4, 4, 100, 4].reduce((sum, size, bit) => sum + ((flags >> bit) & 1) * size, 0);
  const encoder = Buffer.from(bytes.subarray(lame, lame + 9)).toString('latin1');
  const trim = bigEndian(bytes, lame + 21, 3);
  return {
    frames: (flags & 1) === 0 ? undefined : bigEndian(bytes, tag + 8, 4),
    gapless: /^(LAME|Lavf|Lavc)/.test(encoder)
      ? { encoder, delay: trim >> 12, padding: trim & 0xfff }
      : undefined,
  };
}

/** Bytes of a Xing header with table of contents and LAME part. */
const tagBytes = 8 + 4 + 4 + 100 + 4 + 36;

/** The header of a silent frame like `like`, at the lowest bit rate that has room for the tag. */
function headerFrameHeader(like: FrameHeader): FrameHeader {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = like.bytes;
  for (let index = 1; index < 15; index += 1) {
    // No checksum, no padding, no joint-stereo extension.
    const header = parseHeader(Uint8Array.of(b0, b1 | 1, (index << 4) | (b2 & 0x0c), b3 & 0xcf));
    if (header && header.length >= 4 + header.sideInfo + tagBytes) return header;
  }
  throw notA('mp3');
}

/**
 * The `Info` frame that tells players the duration and where to seek (Xing's layout with LAME's extension,
 * http://gabriel.mp3-tech.org/mp3infotag.html).
 *
 * @param offsets where each frame begins, in bytes from the beginning of this header frame
 * @param size bytes of the whole file, this frame included
 */
function infoFrame(
  header: FrameHeader,
  offsets: readonly number[],
  size: number,
  gapless?: Gapless,
): Uint8Array {
  const frame = new Uint8Array(header.length);
  const view = new DataView(frame.buffer);
  const tag = 4 + header.sideInfo;
  frame.set(header.bytes);
  frame.set(Buffer.from('Info'), tag);
  view.setUint32(tag + 4, 0b0111);
  view.setUint32(tag + 8, offsets.length);
  view.setUint32(tag + 12, size);
  for (let percent = 0; percent < 100; percent += 1) {
    const offset = offsets[Math.floor((offsets.length * percent) / 100)] ?? 0;
    frame[tag + 16 + percent] = Math.min(255, Math.floor((256 * offset) / size));
  }
  if (gapless) {
    const lame = tag + 116;
    frame.set(Buffer.from(gapless.encoder, 'latin1').subarray(0, 9), lame);
    const trim = (Math.min(gapless.delay, 0xfff) << 12) | Math.min(gapless.padding, 0xfff);
    frame.set([trim >> 16, (trim >> 8) & 0xff, trim & 0xff], lame + 21);
    view.setUint32(lame + 28, size);
    view.setUint16(lame + 34, crc16Arc(frame.subarray(0, lame + 34)));
  }
  return frame;
}

/**
 * Writes the frames of all the sources as one file with one header frame.
 *
 * @param known the ends to drop, when the source has no header frame that tells
 */
export function joinMp3(sources: Iterable<ByteSource>, sink: ByteSink, known?: Gapless): void {
  let first: FrameHeader | undefined;
  let header: FrameHeader | undefined;
  const offsets: number[] = [];
  let begin: Gapless | undefined = known;
  let end: Gapless | undefined = known;
  for (const source of sources) {
    const before = offsets.length;
    let soundSeen = false;
    end = known;
    for (const frame of frames(source)) {
      const bytes = source.read(frame.position, frame.length);
      const told = soundSeen ? undefined : readHeaderFrame(bytes, frame);
      if (told) {
        if (offsets.length === 0) begin = told.gapless;
        end = told.gapless;
        continue;
      }
      soundSeen = true;
      if (!first || !header) {
        first = frame;
        header = headerFrameHeader(frame);
        sink.write(new Uint8Array(header.length));
      }
      if (frame.sampleRate !== first.sampleRate || frame.channels !== first.channels) throw mismatch();
      offsets.push(sink.position);
      sink.write(bytes);
    }
    if (offsets.length === before) throw notA('mp3');
  }
  if (!header) throw notA('mp3');
  const gapless = begin && { ...begin, padding: end?.padding ?? 0 };
  sink.patch(0, infoFrame(header, offsets, sink.position, gapless));
}

/** The frames of a file that hold sound: for streams, whose length no header can tell. */
export function mp3Sound(file: Uint8Array): Uint8Array {
  const source = bytesSource(file);
  const sound = memorySink();
  for (const frame of frames(source)) {
    const bytes = source.read(frame.position, frame.length);
    if (sound.position > 0 || !readHeaderFrame(bytes, frame)) sound.write(bytes);
  }
  return sound.bytes();
}

/** Seconds, from the header frame when there is one, else by counting frames. */
export function mp3Duration(source: ByteSource): number {
  let samples = 0;
  let sampleRate = 0;
  for (const frame of frames(source)) {
    const told =
      sampleRate === 0 ? readHeaderFrame(source.read(frame.position, frame.length), frame) : undefined;
    sampleRate = frame.sampleRate;
    if (!told) samples += frame.samples;
    else if (told.frames) {
      const dropped = (told.gapless?.delay ?? 0) + (told.gapless?.padding ?? 0);
      return Math.max(0, told.frames * frame.samples - dropped) / sampleRate;
    }
  }
  if (samples === 0) throw notA('mp3');
  return samples / sampleRate;
}
