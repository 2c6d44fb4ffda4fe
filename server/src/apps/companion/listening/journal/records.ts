/**
 * What a journal of live audio is made of: `[kind u8][length u32 LE][payload]`, one behind the other. The same records are
 * read while they come in and after a crash, so both hear the same.
 */
export const recordKinds = {
  /** A message as it was received: an Opus packet, or bytes of samples. */
  audio: 1,
  /** The device stopped sending: whatever is being said is over. */
  pause: 2,
  /** f64 LE, epoch milliseconds: when the audio that follows was heard. */
  clock: 3,
} as const;

export type RecordKind = (typeof recordKinds)[keyof typeof recordKinds];

const headerBytes = 5;
/** A socket takes no larger messages. */
export const longestRecord = 1 << 20;

export interface JournalRecord {
  readonly kind: number;
  readonly payload: Uint8Array;
}

export function journalRecord(kind: RecordKind, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const record = Buffer.allocUnsafe(headerBytes + payload.length);
  record.writeUInt8(kind, 0);
  record.writeUInt32LE(payload.length, 1);
  record.set(payload, headerBytes);
  return record;
}

export function clockRecord(at: number): Buffer {
  const payload = Buffer.allocUnsafe(8);
  payload.writeDoubleLE(at, 0);
  return journalRecord(recordKinds.clock, payload);
}

/** The instant in a clock record. */
export const clockOf = ({ payload }: JournalRecord): number =>
  Buffer.from(payload.buffer, payload.byteOffset, payload.length).readDoubleLE(0);

/**
 * The whole records at the beginning of bytes.
 *
 * @returns `length`: the bytes they take; what follows is a record that is not complete, or no record at all
 */
export function recordsIn(bytes: Uint8Array): { records: JournalRecord[]; length: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: JournalRecord[] = [];
  let position = 0;
  while (position + headerBytes <= bytes.length) {
    const length = view.getUint32(position + 1, true);
    const end = position + headerBytes + length;
    if (length > longestRecord || end > bytes.length) break;
    records.push({ kind: view.getUint8(position), payload: bytes.subarray(position + headerBytes, end) });
    position = end;
  }
  return { records, length: position };
}
