import type { ByteRange } from './media.js';

/**
 * A range with its end cut at the object's end.
 *
 * @param size bytes of the object
 * @throws RangeError when it covers none of the object's bytes
 */
export function cutRange(range: ByteRange, size: number): ByteRange {
  checkRange(range);
  if (range.start >= size) throw outsideObject();
  return { start: range.start, end: Math.min(range.end, size - 1) };
}

/** @throws RangeError when it is no range at all */
export function checkRange({ start, end }: ByteRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw outsideObject();
}

export const outsideObject = (options?: ErrorOptions): RangeError =>
  new RangeError('The byte range covers none of the bytes of the object.', options);
