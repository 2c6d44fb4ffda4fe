import type { ByteSink } from './byte-sink.js';
import { afterId3, type ByteSource, bigEndian, hasMark } from './byte-source.js';
import { crc8, crc16, crc16Step } from './crc.js';
import { mismatch, notA } from './unusable.js';

/** STREAMINFO of RFC 9639 §8.2, as far as it tells of the sound. */
interface StreamInfo {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** Sample frames; 0 = not known when it was written. */
  readonly totalSamples: number;
  readonly framesStart: number;
}

interface FrameHeader {
  readonly length: number;
  /** Where the coded number ends. */
  readonly numberEnd: number;
  readonly blockSize: number;
}

const streamInfoBytes = 34;
/** The longest frame believed in: 65,535 samples of 8 channels at 32 bits, uncompressed, is 2 MiB. */
const longestFrame = 2 << 20;

function parseStreamInfo(source: ByteSource): StreamInfo {
  let position = afterId3(source);
  if (!hasMark(source.read(position, 4), 0, 'fLaC')) throw notA('flac');
  position += 4;
  let info: Omit<StreamInfo, 'framesStart'> | undefined;
  for (let last = false; !last; ) {
    const block = source.read(position, 4);
    if (block.length < 4) throw notA('flac');
    last = ((block[0] ?? 0) & 0x80) !== 0;
    const size = bigEndian(block, 1, 3);
    if (((block[0] ?? 0) & 0x7f) === 0) {
      const bytes = source.read(position + 4, streamInfoBytes);
      const packed = bigEndian(bytes, 10, 4);
      info = {
        sampleRate: packed >>> 12,
        channels: ((packed >>> 9) & 7) + 1,
        bitsPerSample: ((packed >>> 4) & 31) + 1,
        totalSamples: (packed & 15) * 2 ** 32 + bigEndian(bytes, 14, 4),
      };
    }
    position += 4 + size;
  }
  if (!info || info.sampleRate === 0) throw notA('flac');
  return { ...info, framesStart: position };
}

/** Reads a frame header (RFC 9639 §9.1) and proves it by its checksum. */
function parseHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (bytes[at] !== 0xff || ((bytes[at + 1] ?? 0) & 0xfe) !== 0xf8) return undefined;
  const sizes = bytes[at + 2] ?? 0;
  const blockCode = sizes >> 4;
  const rateCode = sizes & 15;
  if (blockCode === 0 || rateCode === 15) return undefined;
  const lead = bytes[at + 4] ?? 0;
  const numberLength = lead < 0x80 ? 1 : Math.clz32(~(lead << 24));
  if (numberLength > 7 || (lead >= 0x80 && numberLength < 2)) return undefined;
  const numberEnd = 4 + numberLength;
  const blockBytes = blockCode === 6 ? 1 : blockCode === 7 ? 2 : 0;
  const rateBytes = rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0;
  const length = numberEnd + blockBytes + rateBytes + 1;
  const header = bytes.subarray(at, at + length);
  if (header.length < length || crc8(header) !== 0) return undefined;
  return { length, numberEnd, blockSize: blockSize(blockCode, bigEndian(header, numberEnd, blockBytes)) };
}

function blockSize(code: number, coded: number): number {
  if (code === 1) return 192;
  if (code <= 5) return 144 * 2 ** code;
  return code <= 7 ? coded + 1 : 2 ** code;
}

/**
 * Every frame. A frame does not say how long it is: it ends where its checksum comes out at 0 and another frame,
 * or nothing more, follows.
 */
function* frames(source: ByteSource, start: number): Generator<{ bytes: Uint8Array; header: FrameHeader }> {
  for (let position = start; position < source.size; ) {
    const bytes = source.read(position, longestFrame);
    const header = parseHeader(bytes, 0);
    // Whatever follows the last whole frame (an ID3v1 tag, a cut frame) is not sound.
    if (!header) return;
    let crc = 0;
    let end = 0;
    for (let index = 0; index < bytes.length && end === 0; index += 1) {
      crc = crc16Step(crc, bytes[index] ?? 0);
      if (crc !== 0 || index < header.length) continue;
      if (position + index + 1 === source.size || parseHeader(bytes, index + 1)) end = index + 1;
    }
    if (end === 0) return;
    yield { bytes: bytes.subarray(0, end), header };
    position += end;
  }
}

/** A number of up to 36 bits in the manner of UTF-8 (RFC 9639 §9.1.5). */
function codedNumber(value: number): number[] {
  if (value < 0x80) return [value];
  const tail: number[] = [];
  let rest = value;
  // With n bytes behind it, the first byte has room for 6 - n bits.
  while (rest >= 2 ** (6 - tail.length)) {
    tail.unshift(0x80 | (rest % 64));
    rest = Math.floor(rest / 64);
  }
  return [((0xff00 >> (tail.length + 1)) & 0xff) | rest, ...tail];
}

/** The same frame at another place: numbered by its first sample, as frames of differing sizes must be. */
function renumber(bytes: Uint8Array, header: FrameHeader, firstSample: number): Uint8Array {
  const number = codedNumber(firstSample);
  const headerLength = header.length - header.numberEnd + 4 + number.length;
  const frame = new Uint8Array(bytes.length - header.length + headerLength);
  frame.set(bytes.subarray(0, 4));
  frame[1] = (bytes[1] ?? 0) | 1;
  frame.set(number, 4);
  frame.set(bytes.subarray(header.numberEnd, header.length - 1), 4 + number.length);
  frame[headerLength - 1] = crc8(frame.subarray(0, headerLength - 1));
  frame.set(bytes.subarray(header.length), headerLength);
  const checksum = crc16(frame.subarray(0, -2));
  frame.set([checksum >> 8, checksum & 0xff], frame.length - 2);
  return frame;
}

interface Totals {
  samples: number;
  smallestBlock: number;
  largestBlock: number;
  smallestFrame: number;
  largestFrame: number;
}

/** The mark, and STREAMINFO as the only metadata; the MD5 of the sound is left at 0, which means not known. */
function fileHeader(info: StreamInfo, totals: Totals): Uint8Array {
  const bytes = Buffer.alloc(8 + streamInfoBytes);
  bytes.write('fLaC', 0, 'latin1');
  bytes.writeUInt32BE(0x80000000 + streamInfoBytes, 4);
  bytes.writeUInt16BE(Math.max(16, totals.smallestBlock), 8);
  bytes.writeUInt16BE(Math.max(16, totals.largestBlock), 10);
  bytes.writeUIntBE(totals.smallestFrame, 12, 3);
  bytes.writeUIntBE(totals.largestFrame, 15, 3);
  const packed = info.sampleRate * 4096 + (info.channels - 1) * 512 + (info.bitsPerSample - 1) * 16;
  bytes.writeUInt32BE(packed + Math.floor(totals.samples / 2 ** 32), 18);
  bytes.writeUInt32BE(totals.samples % 2 ** 32, 22);
  return bytes;
}

/** Writes the frames of all the sources, renumbered, behind one STREAMINFO that tells of the whole. */
export function joinFlac(sources: Iterable<ByteSource>, sink: ByteSink): void {
  let whole: StreamInfo | undefined;
  const totals: Totals = {
    samples: 0,
    smallestBlock: 65_535,
    largestBlock: 0,
    smallestFrame: 0xffffff,
    largestFrame: 0,
  };
  let previousBlock = 65_535;
  for (const source of sources) {
    const info = parseStreamInfo(source);
    if (!whole) {
      whole = info;
      sink.write(new Uint8Array(8 + streamInfoBytes));
    }
    if (
      info.sampleRate !== whole.sampleRate ||
      info.channels !== whole.channels ||
      info.bitsPerSample !== whole.bitsPerSample
    )
      throw mismatch();
    const before = totals.samples;
    for (const { bytes, header } of frames(source, info.framesStart)) {
      const frame = renumber(bytes, header, totals.samples);
      totals.samples += header.blockSize;
      // The smallest block is told without regard to the last one.
      totals.smallestBlock = Math.min(totals.smallestBlock, previousBlock);
      previousBlock = header.blockSize;
      totals.largestBlock = Math.max(totals.largestBlock, header.blockSize);
      totals.smallestFrame = Math.min(totals.smallestFrame, frame.length);
      totals.largestFrame = Math.max(totals.largestFrame, frame.length);
      sink.write(frame);
    }
    if (totals.samples === before) throw notA('flac');
  }
  if (!whole) throw notA('flac');
  totals.smallestBlock = Math.min(totals.smallestBlock, totals.largestBlock);
  sink.patch(0, fileHeader(whole, totals));
}

/** Seconds, from STREAMINFO when it tells, else by counting the samples of the frames. */
export function flacDuration(source: ByteSource): number {
  const info = parseStreamInfo(source);
  let samples = info.totalSamples;
  if (samples === 0) for (const { header } of frames(source, info.framesStart)) samples += header.blockSize;
  return samples / info.sampleRate;
}
