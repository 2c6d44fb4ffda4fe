import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';

/** A random UUID (version 4): for identifiers that must not tell when they were made. */
export const uuidV4 = (): string => randomUUID();

/** Random bytes for the next ids: asking the system for them one id at a time took 3 % of a small write. */
const pool = Buffer.allocUnsafe(16 * 256);
let taken = pool.length;

function sixteenRandomBytes(): Buffer {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  taken += 16;
  return pool.subarray(taken - 16, taken);
}

/**
 * A time-ordered UUID (version 7, RFC 9562): rows made later sort later, so primary keys stay compact.
 *
 * @param now milliseconds since the epoch
 */
export function uuidV7(now = Date.now()): string {
  const bytes = sixteenRandomBytes();
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A random id with a visible kind, for example `msg_` and 24 hexadecimal digits (96 random bits). */
export const prefixedId = (prefix: string): string => prefix + randomBytes(12).toString('hex');
