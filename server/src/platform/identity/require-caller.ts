import type { FastifyRequest } from 'fastify';
import { type AppError, errors } from '../http/errors.js';
import type { RateLimitRule } from '../limits/rate-limits.js';
import type { Platform } from '../platform.js';
import type { Caller } from './caller.js';
import type { CredentialHeaders, VerifyOptions } from './callers.js';

export interface RequireCallerOptions extends Omit<VerifyOptions, 'isSafe'> {
  /** How often one user may call; RATE_LIMIT_MAX per RATE_LIMIT_WINDOW unless told otherwise, null for no limit. */
  readonly limit?: RateLimitRule | null;
  /** Makes the app's own error of the platform's 401, 403 or 429. */
  readonly refusal?: (error: AppError, request: FastifyRequest) => Error;
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * An `onRequest` hook that lets only verified users through and sets `request.caller`: by the speech app's tokens, by
 * e-mail sessions (bearer or cookie), by Firebase ID tokens, and by API keys of the kinds that are named.
 *
 * @throws AppError 401 without a valid credential, 403 for a cookie that a foreign page sends, 429 when the user calls too often
 */
export function requireCaller(
  platform: Platform,
  options: RequireCallerOptions = {},
): (request: FastifyRequest) => Promise<void> {
  const { users, callers, limits, config } = platform;
  const { limit, refusal, ...kinds } = options;
  const perUser: RateLimitRule | null =
    limit === undefined
      ? {
          name: 'user-requests',
          points: config.RATE_LIMIT_MAX,
          seconds: Math.ceil(config.RATE_LIMIT_WINDOW / 1_000),
        }
      : limit;
  const check = async (request: FastifyRequest): Promise<Caller> => {
    const isSafe = SAFE_METHODS.has(request.method);
    const caller = await callers.verify(request.headers, { ...kinds, isSafe });
    if (perUser) {
      const verdict = await limits.consume(perUser, caller.userId);
      if (!verdict.allowed) {
        throw errors.rateLimited('Too many requests. Please wait a moment.', {
          retryAfterSeconds: verdict.retryAfterSeconds,
        });
      }
    }
    return caller;
  };
  return async (request) => {
    const caller = await check(request).catch((error: unknown) => {
      throw refusal && isRefusal(error) ? refusal(error, request) : error;
    });
    users.seen(caller.userId);
    request.caller = caller;
  };
}

/**
 * Who opens a socket: the same checks for an upgrade's headers. A cookie counts only from a trusted page. Neither limits
 * nor sets anything.
 *
 * @throws AppError 401, 403
 */
export const verifyCaller = (
  platform: Platform,
  headers: CredentialHeaders,
  options: VerifyOptions = {},
): Promise<Caller> => platform.callers.verify(headers, options);

const isRefusal = (error: unknown): error is AppError => {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : null;
  return status === 401 || status === 403 || status === 429;
};
