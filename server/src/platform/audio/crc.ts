type Table = Uint32Array;

/** The table of a checksum that takes the highest bit first. */
function table(polynomial: number, bits: number): Table {
  const mask = bits === 32 ? 0xffffffff : (1 << bits) - 1;
  const top = 2 ** (bits - 1);
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = (byte * 2 ** (bits - 8)) >>> 0;
    for (let bit = 0; bit < 8; bit += 1)
      crc = ((crc & top) === 0 ? crc << 1 : ((crc << 1) ^ polynomial) & mask) >>> 0;
    return (crc & mask) >>> 0;
  });
}

const flacHeader = table(0x07, 8);
const flacFrame = table(0x8005, 16);
const oggPage = table(0x04c11db7, 32);

/** CRC-8 of a FLAC frame header (RFC 9639 §9.1.8). */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = flacHeader[crc ^ byte] ?? 0;
  return crc;
}

/** CRC-16 of a FLAC frame (RFC 9639 §9.3), continued byte by byte. */
export const crc16Step = (crc: number, byte: number): number =>
  ((crc << 8) & 0xffff) ^ (flacFrame[(crc >> 8) ^ byte] ?? 0);

export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = crc16Step(crc, byte);
  return crc;
}

/** CRC-32 of an Ogg page (RFC 3533 §6). */
export function oggCrc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (oggPage[(crc >>> 24) ^ byte] ?? 0)) >>> 0;
  return crc;
}

/** CRC-16/ARC, lowest bit first: the checksum of a LAME tag. */
export function crc16Arc(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0xa001;
  }
  return crc;
}
