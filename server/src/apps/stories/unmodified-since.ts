import type { FastifyRequest } from 'fastify';
import { errors } from '../../platform/http/errors.js';
import { parseInstant } from '../../platform/http/timestamps.js';

/** The state that a client changed: the end (epoch ms) of the instant that it named. */
export type Base = number;

/**
 * What a write is based on: `baseUpdatedAt` of its body, else the header `If-Unmodified-Since`; null for a write that
 * overwrites whatever there is. A header that cannot be read counts as absent (RFC 9110, 13.1.4).
 *
 * @throws AppError 400 for a `baseUpdatedAt` that is no instant
 */
export function baseOf(request: FastifyRequest, baseUpdatedAt?: string | null): Base | null {
  if (baseUpdatedAt) return endOf(baseUpdatedAt, parseInstant(baseUpdatedAt, 'baseUpdatedAt'));
  const header = request.headers['if-unmodified-since'];
  const instant = Date.parse(header ?? '');
  return header === undefined || Number.isNaN(instant) ? null : endOf(header, instant);
}

/** An instant without a fraction stands for its whole second: such clients have cut the rest off. */
const endOf = (text: string, instant: number): Base => (/:\d\d[.,]\d/.test(text) ? instant : instant + 999);

/**
 * @param present the server's current copy, for the client to compare
 * @throws AppError 409 when the row was changed after the base
 */
export function refuseStale<Row extends { readonly updated_at: number }>(
  row: Row,
  base: Base | null,
  present: (row: Row) => Record<string, unknown>,
): void {
  if (base === null || row.updated_at <= base) return;
  throw errors.conflict('This was changed on another device in the meantime.', {
    details: { data: present(row) },
  });
}
