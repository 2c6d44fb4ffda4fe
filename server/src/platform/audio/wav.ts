import type { ByteSink } from './byte-sink.js';
import { type ByteSource, bytesSource, hasMark } from './byte-source.js';
import { mismatch, notA } from './unusable.js';

interface Wav {
  /** The content of the `fmt ` chunk. */
  readonly format: Uint8Array;
  readonly bytesPerSecond: number;
  readonly dataStart: number;
  /** Whole sample frames only. */
  readonly dataLength: number;
}

const littleEndian = (bytes: Uint8Array, at: number) =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);

/** Finds format and data. A data size that reaches past the end (0xFFFFFFFF when streamed) means: up to the end. */
function parse(source: ByteSource): Wav {
  const riff = source.read(0, 12);
  if (!hasMark(riff, 0, 'RIFF') || !hasMark(riff, 8, 'WAVE')) throw notA('wav');
  let format: Uint8Array | undefined;
  for (let position = 12; position + 8 <= source.size; ) {
    const chunk = source.read(position, 8);
    const size = Math.min(littleEndian(chunk, 4), source.size - position - 8);
    const start = position + 8;
    if (hasMark(chunk, 0, 'fmt ') && size >= 16) format = source.read(start, size).slice();
    if (hasMark(chunk, 0, 'data') && format) {
      const view = new DataView(format.buffer);
      const blockAlign = view.getUint16(12, true);
      const bytesPerSecond = view.getUint32(8, true);
      if (blockAlign === 0 || bytesPerSecond === 0) break;
      return { format, bytesPerSecond, dataStart: start, dataLength: size - (size % blockAlign) };
    }
    position = start + size + (size % 2);
  }
  throw notA('wav');
}

/** The header of a file whose data chunk is the last. */
function header(format: Uint8Array, dataLength: number): Uint8Array {
  const bytes = Buffer.alloc(28 + format.length);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8 + dataLength + (dataLength % 2), 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(format.length, 16);
  bytes.set(format, 20);
  bytes.write('data', 20 + format.length, 'latin1');
  bytes.writeUInt32LE(dataLength, 24 + format.length);
  return bytes;
}

/** A complete file of 16-bit mono samples. */
export function wavFile(samples: Int16Array, sampleRate: number): Uint8Array {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(sampleRate * 2, 8);
  format.writeUInt16LE(2, 12);
  format.writeUInt16LE(16, 14);
  const data = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return Buffer.concat([header(format, data.length), data]);
}

/** The beginning of a stream of 16-bit mono samples, of which nobody knows yet how many there will be. */
export function wavStreamHeader(sampleRate: number): Uint8Array {
  const bytes = Buffer.from(wavFile(new Int16Array(0), sampleRate));
  const unknown = 0xffff_ffff;
  bytes.writeUInt32LE(unknown, 4);
  bytes.writeUInt32LE(unknown, bytes.length - 4);
  return bytes;
}

/** The 16-bit mono samples of a file and their rate per second. */
export function wavSamples(file: Uint8Array): { samples: Int16Array; sampleRate: number } {
  const source = bytesSource(file);
  const { format, dataStart, dataLength } = parse(source);
  const data = source.read(dataStart, dataLength).slice();
  return { samples: new Int16Array(data.buffer), sampleRate: littleEndian(format, 4) };
}

/** Copies part of a source in slices. */
export function copy(source: ByteSource, start: number, length: number, sink: ByteSink): void {
  const slice = 1 << 18;
  for (let done = 0; done < length; done += slice)
    sink.write(source.read(start + done, Math.min(slice, length - done)));
}

/** Writes the samples of all the sources under one header with the right sizes. */
export function joinWav(sources: Iterable<ByteSource>, sink: ByteSink): void {
  let format: Uint8Array | undefined;
  let dataLength = 0;
  for (const source of sources) {
    const piece = parse(source);
    if (format === undefined) {
      format = piece.format;
      sink.write(header(format, 0));
    } else if (Buffer.compare(format, piece.format) !== 0) throw mismatch();
    copy(source, piece.dataStart, piece.dataLength, sink);
    dataLength += piece.dataLength;
  }
  if (format === undefined) throw notA('wav');
  if (dataLength % 2 === 1) sink.write(Uint8Array.of(0));
  sink.patch(0, header(format, dataLength));
}

export function wavDuration(source: ByteSource): number {
  const { dataLength, bytesPerSecond } = parse(source);
  return dataLength / bytesPerSecond;
}
