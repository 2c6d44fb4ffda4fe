import type { FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import type { Clock } from '../../platform/clock.js';
import { sendError, toAppError } from '../../platform/http/error-body.js';
import type { AppError } from '../../platform/http/errors.js';
import { isoSecond } from './instants.js';

/** The error body of contract §1.2. `error` and `code` are the same name; more members go along with some errors. */
export interface StoriesErrorBody {
  readonly error: string;
  readonly code: string;
  readonly message: string;
  /** Problems by field. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

/** The catalogue's and the framework's codes by the contract's names. A name of the contract stays as it is. */
const NAMES: Readonly<Record<string, string>> = {
  VALIDATION_FAILED: 'ValidationError',
  FST_ERR_VALIDATION: 'ValidationError',
  INVALID_JSON: 'ValidationError',
  RATE_LIMITED: 'RateLimitExceeded',
  QUOTA_EXCEEDED: 'RateLimitExceeded',
  UPSTREAM_FAILED: 'AIError',
  UPSTREAM_UNAVAILABLE: 'AIError',
  UPSTREAM_TIMEOUT: 'AIError',
};
const NAME_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  429: 'RateLimitExceeded',
  500: 'InternalServerError',
  502: 'AIError',
  503: 'ServiceUnavailable',
  507: 'StorageFull',
};
const NAME = /^[A-Z]+[a-z][A-Za-z]*$/;

/** What the contract calls an error. */
export const errorNameOf = ({ code, statusCode }: AppError): string =>
  NAMES[code] ?? (NAME.test(code) ? code : (NAME_OF_STATUS[statusCode] ?? 'BadRequest'));

/** What the helpers call a busy or failing upstream; every other route has the usual names for it. */
const nameOnHelpers = (error: AppError): string =>
  error.code === 'RATE_LIMIT' || error.code === 'AI_ERROR' ? error.code : errorNameOf(error);

const errorHandler =
  (clock: Clock, nameOf: (error: AppError) => string) =>
  (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const error = toAppError(thrown);
    if (error.statusCode === 429) reply.headers(limitHeaders(error, clock));
    sendError(thrown, request, reply, () => presentStoriesError(error, clock, nameOf(error)));
  };

/** For `setErrorHandler` of a scope whose routes speak this contract. */
export const storiesErrorHandler = (clock: Clock) => errorHandler(clock, errorNameOf);

/** The same for the stateless helpers (contract §1.2). */
export const helperErrorHandler = (clock: Clock) => errorHandler(clock, nameOnHelpers);

/** An error in the contract's shape. */
export function presentStoriesError(
  error: AppError,
  clock: Clock,
  name = errorNameOf(error),
): StoriesErrorBody {
  return {
    ...error.details,
    ...(error.statusCode === 429
      ? {
          operation: error.details?.operation ?? 'requests',
          remaining: 0,
          // The app's parser of this one date knows no fractions of seconds.
          resetAt: isoSecond(resetAtOf(error, clock)),
        }
      : {}),
    error: name,
    code: name,
    ...(name === 'ValidationError' ? problemsOf(error) : { message: messageOf(error) }),
  };
}

const messageOf = ({ statusCode, message }: AppError): string =>
  statusCode === 401 ? 'Authentication required' : message;

/** What is wrong by field, and the sentence that says it all. */
function problemsOf({ cause, field, message }: AppError): {
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
} {
  if (cause instanceof Error && 'validation' in cause && Array.isArray(cause.validation)) {
    const problems = cause.validation.map(
      (found: FastifySchemaValidationError) => [placeOf(found), found.message ?? 'is not valid'] as const,
    );
    return {
      message: problems.map(([place, problem]) => `${place}: ${problem}`).join('; '),
      details: Object.fromEntries(problems),
    };
  }
  if (field === undefined) return { message };
  const isPlaced = message.startsWith(field);
  const problem = isPlaced ? message.slice(field.length).replace(/^:? */, '') : message;
  return { message: isPlaced ? message : `${field}: ${message}`, details: { [field]: problem } };
}

/** A place in a body as the contract writes it: `traits.0`. */
export function placeOf({ instancePath, params }: FastifySchemaValidationError): string {
  const missing = typeof params.missingProperty === 'string' ? [params.missingProperty] : [];
  return [...instancePath.split('/').slice(1), ...missing].join('.') || 'body';
}

function limitHeaders(error: AppError, clock: Clock): Record<string, string> {
  const resetAt = resetAtOf(error, clock);
  const limit = error.details?.limit;
  return {
    'retry-after': String(Math.max(1, Math.ceil((resetAt - clock.now()) / 1_000))),
    ...(typeof limit === 'number' ? { 'x-ratelimit-limit': String(limit) } : {}),
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.ceil(resetAt / 1_000)),
  };
}

/** Epoch milliseconds. An hour is the longest that any limit of the contract lasts. */
function resetAtOf({ details, retryAfterSeconds = 3_600 }: AppError, clock: Clock): number {
  return typeof details?.resetAt === 'number' ? details.resetAt : clock.now() + retryAfterSeconds * 1_000;
}
