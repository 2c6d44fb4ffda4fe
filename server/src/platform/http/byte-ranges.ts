import type { ByteRange } from '../media/media.js';
import { errors } from './errors.js';

const SINGLE_RANGE = /^bytes=(\d*)-(\d*)$/;

/**
 * Reads a `Range` header (RFC 9110 §14.2) against a file of `size` bytes.
 *
 * @returns the part asked for, or null when the whole file is to be sent: no header, another unit, several ranges
 * @throws AppError 416 when no byte of the file is asked for
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | null {
  const match = SINGLE_RANGE.exec(header?.replaceAll(' ', '') ?? '');
  if (!match) return null;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return null;
  const range =
    first === ''
      ? { start: Math.max(0, size - Number(last)), end: size - 1 }
      : { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  const isReversed = first !== '' && last !== '' && Number(last) < Number(first);
  if (isReversed) return null; // syntactically invalid, so ignored as the RFC demands
  if (range.start >= size || range.start > range.end) {
    throw errors.rangeNotSatisfiable(`The file has ${size} bytes; the range asked for lies outside of it.`);
  }
  return range;
}

/** True when an `If-None-Match` header names this entity tag; comparison is weak, as RFC 9110 §13.1.2 demands. */
export function matchesEntityTag(header: string | undefined, tag: string): boolean {
  if (!header) return false;
  if (header.trim() === '*') return true;
  const bare = tag.replace(/^W\//, '');
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === bare);
}
