import type { preValidationHookHandler } from 'fastify';
import { Type } from 'typebox';
import { parseInstant } from '../../platform/http/timestamps.js';

export const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;
/** Far beyond any library, and small enough for every database. */
const MAX_OFFSET = 10_000_000;

/** The page of a list (contract §1.1); what cannot be read counts as absent. */
export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE }),
  offset: Type.Integer({ minimum: 0, default: 0 }),
};

/** Only changes after this instant, oldest change first. */
export const updatedAfterQuery = {
  updatedAfter: Type.Optional(
    Type.String({ maxLength: 64, description: 'ISO 8601. Strictly later changes, oldest change first.' }),
  ),
};

/** True for `true` and `1`, false for anything else. */
export const flagQuery = Type.Boolean({ default: false });

/**
 * Puts the page and the named flags of a query into bounds, for these never refuse a request: old clients send `limit=0`
 * and the like.
 */
export const lenientQuery =
  (...flags: readonly string[]): preValidationHookHandler =>
  (request, _reply, done) => {
    const query = request.query as Record<string, unknown>;
    const limit = Number.parseInt(String(query.limit), 10) || DEFAULT_PAGE;
    const offset = Number.parseInt(String(query.offset), 10) || 0;
    query.limit = Math.min(Math.max(limit, 1), MAX_PAGE);
    query.offset = Math.min(Math.max(offset, 0), MAX_OFFSET);
    for (const flag of flags) query[flag] = query[flag] === 'true' || query[flag] === '1';
    done();
  };

/** @throws AppError 400 when it is no instant */
export const updatedAfterOf = ({ updatedAfter }: { readonly updatedAfter?: string }): number | null =>
  updatedAfter === undefined ? null : parseInstant(updatedAfter, 'updatedAfter');
