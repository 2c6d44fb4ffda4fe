import { EarshotError } from '../http/errors.js';

/** ZIP archives (APPNOTE 6.3.9) as exports need them: one disk, no encryption, up to 4 GB. */

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;
/** The end of the directory stands before a comment of at most so many bytes. */
const LONGEST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
/** Names are UTF-8. */
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the earliest date: an archive of the same things is the same archive. */
const DATE = 0x0021;

interface Place {
  readonly method: number;
  readonly start: number;
  readonly packedSize: number;
  readonly size: number;
  readonly crc32: number;
}

/** The files of an archive; their bytes are read one at a time, so that a large archive needs little memory. */
export interface ZipFiles {
  readonly names: readonly string[];
  /** Null when there is none of that name. @throws EarshotError `invalidExport` when it is damaged */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** As ZIP has it; Node's own is not there in browsers. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await blob.arrayBuffer());

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** @throws EarshotError `invalidExport` */
export async function openZip(archive: Blob): Promise<ZipFiles> {
  const places = await placesIn(archive);
  return {
    names: [...places.keys()],
    read: async (name) => {
      const place = places.get(name);
      return place ? await contentAt(archive, place) : null;
    },
  };
}

async function placesIn(archive: Blob): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  const directory = viewOf(await bytesOf(await directoryOf(archive)));
  for (let at = 0; at + 46 <= directory.byteLength; ) {
    const nameLength = directory.getUint16(at + 28, true);
    const isEntry = directory.getUint32(at, true) === CENTRAL_HEADER;
    if (!isEntry || at + 46 + nameLength > directory.byteLength) throw new EarshotError('invalidExport');
    const bytes = new Uint8Array(directory.buffer, directory.byteOffset + at + 46, nameLength);
    places.set(new TextDecoder().decode(bytes), {
      method: directory.getUint16(at + 10, true),
      crc32: directory.getUint32(at + 16, true),
      packedSize: directory.getUint32(at + 20, true),
      size: directory.getUint32(at + 24, true),
      start: directory.getUint32(at + 42, true),
    });
    at += 46 + nameLength + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
  }
  return places;
}

async function directoryOf(archive: Blob): Promise<Blob> {
  const tail = viewOf(await bytesOf(archive.slice(Math.max(archive.size - END_BYTES - LONGEST_COMMENT, 0))));
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== END_OF_DIRECTORY) continue;
    const start = tail.getUint32(at + 16, true);
    return archive.slice(start, start + tail.getUint32(at + 12, true));
  }
  throw new EarshotError('invalidExport');
}

async function contentAt(archive: Blob, place: Place): Promise<Uint8Array<ArrayBuffer>> {
  const header = viewOf(await bytesOf(archive.slice(place.start, place.start + 30)));
  if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL_HEADER)
    throw new EarshotError('invalidExport');
  const start = place.start + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const packed = archive.slice(start, start + place.packedSize);
  const content = place.method === STORED ? await bytesOf(packed) : await inflated(packed, place.method);
  if (content.byteLength !== place.size || crc32(content) !== place.crc32) {
    throw new EarshotError('invalidExport', { serverMessage: 'a file of the archive is damaged' });
  }
  return content;
}

async function inflated(packed: Blob, method: number): Promise<Uint8Array<ArrayBuffer>> {
  if (method !== DEFLATED) throw new EarshotError('invalidExport');
  try {
    const stream = packed.stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new EarshotError('invalidExport', { cause });
  }
}

/** An archive of files as they are: pictures and narrations are compressed already. */
export function createZip() {
  const parts: BlobPart[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;

  const fieldsOf = (name: Uint8Array, content: Uint8Array): Uint8Array<ArrayBuffer> => {
    const fields = new DataView(new ArrayBuffer(26));
    fields.setUint16(0, 20, true);
    fields.setUint16(2, UTF8_NAMES, true);
    fields.setUint16(4, STORED, true);
    fields.setUint16(8, DATE, true);
    fields.setUint32(10, crc32(content), true);
    fields.setUint32(14, content.byteLength, true);
    fields.setUint32(18, content.byteLength, true);
    fields.setUint16(22, name.byteLength, true);
    return new Uint8Array(fields.buffer);
  };

  return {
    add: (path: string, content: Uint8Array<ArrayBuffer>): void => {
      const name = new TextEncoder().encode(path);
      const fields = fieldsOf(name, content);
      const local = joined(word(LOCAL_HEADER), fields, name);
      const rest = new DataView(new ArrayBuffer(14));
      rest.setUint32(10, offset, true);
      directory.push(
        joined(word(CENTRAL_HEADER), Uint8Array.of(20, 0), fields, new Uint8Array(rest.buffer), name),
      );
      // As Blobs, which browsers keep out of memory.
      parts.push(new Blob([local, content]));
      offset += local.byteLength + content.byteLength;
    },
    finish: (): Blob => {
      const entries = joined(...directory);
      const end = new DataView(new ArrayBuffer(END_BYTES));
      end.setUint32(0, END_OF_DIRECTORY, true);
      end.setUint16(8, directory.length, true);
      end.setUint16(10, directory.length, true);
      end.setUint32(12, entries.byteLength, true);
      end.setUint32(16, offset, true);
      return new Blob([...parts, entries, new Uint8Array(end.buffer)], { type: 'application/zip' });
    },
  };
}

function word(value: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}
