import type { ByteSink } from './byte-sink.js';
import { type ByteSource, hasMark } from './byte-source.js';
import { oggCrc } from './crc.js';
import { opusPacketSamples } from './opus-packet.js';
import { mismatch, notA } from './unusable.js';

/** Opus counts at 48 kHz whatever it was made from (RFC 7845 §4). */
const opusRate = 48_000;
/** Any number does for the only stream of a file; a fixed one makes equal sound equal bytes. */
const serial = 1;
/** Samples at 48 kHz after which a page is written, so that players can seek to the second. */
const samplesPerPage = opusRate;
const longestPage = 27 + 255 + 255 * 255;

interface Page {
  readonly segments: Uint8Array;
  readonly body: Uint8Array;
  readonly serial: number;
  /** Sample position at the end of the page; undefined when no packet ends on it. */
  readonly granule: number | undefined;
}

function* pages(source: ByteSource): Generator<Page> {
  for (let position = 0; position + 27 <= source.size; ) {
    const bytes = source.read(position, longestPage);
    const count = bytes[26] ?? 0;
    const segments = bytes.subarray(27, 27 + count);
    const bodyLength = segments.reduce((sum, size) => sum + size, 0);
    const body = bytes.subarray(27 + count, 27 + count + bodyLength);
    if (!hasMark(bytes, 0, 'OggS') || body.length < bodyLength) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const granule = view.getBigInt64(6, true);
    yield {
      segments,
      body,
      serial: view.getUint32(14, true),
      granule: granule < 0n ? undefined : Number(granule),
    };
    position += 27 + count + bodyLength;
  }
}

/** The packets of the first logical stream; `granule` only with the last packet that ends on a page. */
function* packets(source: ByteSource): Generator<{ data: Uint8Array; granule: number | undefined }> {
  let serial: number | undefined;
  let open: Uint8Array[] = [];
  for (const page of pages(source)) {
    serial ??= page.serial;
    if (page.serial !== serial) continue;
    const lastEnd = page.segments.findLastIndex((size) => size < 255);
    let offset = 0;
    let start = 0;
    for (const [index, size] of page.segments.entries()) {
      offset += size;
      if (size === 255) continue;
      open.push(page.body.subarray(start, offset));
      start = offset;
      const [single] = open;
      const data = open.length === 1 && single ? single : Buffer.concat(open);
      yield { data, granule: index === lastEnd ? page.granule : undefined };
      open = [];
    }
    if (start < offset) open.push(page.body.subarray(start, offset));
  }
}

export interface OggOpusWriter {
  packet(data: Uint8Array): void;
  /** @param dropped samples at 48 kHz at the very end that are not to be played */
  end(dropped: number): void;
}

/**
 * Writes one logical stream (RFC 3533, RFC 7845).
 *
 * @param head the `OpusHead` packet
 */
export function oggOpusWriter(sink: ByteSink, head: Uint8Array): OggOpusWriter {
  let sequence = 0;
  let granule = 0;
  let pageStart = 0;
  let segments: number[] = [];
  let body: Uint8Array[] = [];

  const writePage = (flags: number, position: number) => {
    const page = Buffer.concat([Buffer.alloc(27), Uint8Array.from(segments), ...body]);
    page.write('OggS', 0, 'latin1');
    page[5] = flags;
    page.writeBigInt64LE(BigInt(position), 6);
    page.writeUInt32LE(serial, 14);
    page.writeUInt32LE(sequence, 18);
    page[26] = segments.length;
    page.writeUInt32LE(oggCrc(page), 22);
    sink.write(page);
    sequence += 1;
    pageStart = position;
    segments = [];
    body = [];
  };
  const add = (data: Uint8Array) => {
    segments.push(...Array<number>(Math.floor(data.length / 255)).fill(255), data.length % 255);
    body.push(data);
  };

  add(head);
  writePage(2, 0);
  add(Buffer.concat([Buffer.from('OpusTags'), lengthPrefixed('earshot'), Buffer.alloc(4)]));
  writePage(0, 0);
  return {
    packet(data) {
      const needed = Math.floor(data.length / 255) + 1;
      if (needed > 255) throw notA('opus');
      const samples = opusPacketSamples(data);
      const full = segments.length + needed > 255 || granule + samples - pageStart > samplesPerPage;
      if (segments.length > 0 && full) writePage(0, granule);
      add(data);
      granule += samples;
    },
    end: (dropped) => writePage(4, granule - dropped),
  };
}

function lengthPrefixed(text: string): Uint8Array {
  const bytes = Buffer.alloc(4 + text.length);
  bytes.writeUInt32LE(text.length);
  bytes.write(text, 4, 'latin1');
  return bytes;
}

/** The `OpusHead` packet of mono or stereo sound (RFC 7845 §5.1). */
export function opusHead(channels: 1 | 2, preSkip: number, inputRate: number): Uint8Array {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head[8] = 1;
  head[9] = channels;
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(inputRate, 12);
  return head;
}

/** Channels and how they are mapped: what has to be the same for one decoder to play both. */
const layout = (head: Uint8Array) => Buffer.concat([head.subarray(9, 10), head.subarray(18)]).toString('hex');

/**
 * Writes the packets of all the sources as one logical stream. What the pieces before the last would drop at their
 * ends (under 0.03 s) is played, because only the end of a stream can drop anything.
 */
export function joinOggOpus(sources: Iterable<ByteSource>, sink: ByteSink): void {
  let writer: OggOpusWriter | undefined;
  let shared: string | undefined;
  let dropped = 0;
  for (const source of sources) {
    let index = 0;
    let samples = 0;
    let end: number | undefined;
    for (const { data, granule } of packets(source)) {
      if (index === 0) {
        if (!hasMark(data, 0, 'OpusHead') || data.length < 19) throw notA('opus');
        shared ??= layout(data);
        if (layout(data) !== shared) throw mismatch();
        writer ??= oggOpusWriter(sink, data.slice());
      } else if (index > 1 && data.length > 0) {
        writer?.packet(data.slice());
        samples += opusPacketSamples(data);
        end = granule ?? end;
      }
      index += 1;
    }
    if (samples === 0) throw notA('opus');
    dropped = end === undefined ? 0 : Math.min(Math.max(0, samples - end), samples);
  }
  if (!writer) throw notA('opus');
  writer.end(dropped);
}

/** Seconds: the position of the last page without the samples to skip at the beginning. */
export function oggOpusDuration(source: ByteSource): number {
  const first = packets(source).next();
  if (first.done || !hasMark(first.value.data, 0, 'OpusHead')) throw notA('opus');
  const { data } = first.value;
  const preSkip = (data[10] ?? 0) + 256 * (data[11] ?? 0);
  let end = 0;
  for (const page of pages(source)) end = page.granule ?? end;
  return Math.max(0, end - preSkip) / opusRate;
}
