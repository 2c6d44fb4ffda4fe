import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from '../../platform/http/error-body.js';
import type { AppError } from '../../platform/http/errors.js';

/** What SDKs and pages decode: `error` is always a string; everything else may be missing. */
export interface SupportErrorBody {
  readonly error: string;
  readonly code: string;
  /** Left out when it would say the same as `error`. */
  readonly message?: string;
  readonly request_id: string;
  /** Whole seconds. */
  readonly retry_after?: number;
  readonly [more: string]: unknown;
}

/** The framework's and the platform's codes in this contract's words. */
const CODES: Readonly<Record<string, string>> = {
  VALIDATION_FAILED: 'VALIDATION_ERROR',
  FST_ERR_VALIDATION: 'VALIDATION_ERROR',
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  RATE_LIMITED: 'RATE_LIMIT_EXCEEDED',
};

/** Short texts that the contract fixes; where there is none, `error` is the sentence itself. */
const TITLES: Readonly<Record<string, string>> = {
  MISSING_APP_ID: 'Missing required header',
  MISSING_DEVICE_ID: 'Missing required header',
  MISSING_API_KEY: 'Missing required header',
  INVALID_APP_ID: 'Invalid app_id',
  INVALID_JSON: 'Invalid JSON',
  PAYLOAD_TOO_LARGE: 'Request body too large',
  RATE_LIMIT_EXCEEDED: 'Too many requests',
  NOT_FOUND: 'Not found',
};

/** An error in the support contract's shape (§2.2). */
export function presentSupportError(error: AppError, request: FastifyRequest): SupportErrorBody {
  const code = CODES[error.code] ?? error.code;
  const title = code === 'VALIDATION_ERROR' ? validationTitle(error) : (TITLES[code] ?? error.message);
  return {
    ...error.details,
    error: title,
    code,
    ...(title === error.message ? {} : { message: error.message }),
    request_id: request.id,
    ...(error.retryAfterSeconds === undefined
      ? {}
      : { retry_after: Math.max(1, Math.ceil(error.retryAfterSeconds)) }),
  };
}

/** For `setErrorHandler` of a scope whose routes speak this contract. */
export const supportErrorHandler = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void =>
  sendError(thrown, request, reply, presentSupportError);

function validationTitle({ cause }: AppError): string {
  const part = cause instanceof Error && 'validationContext' in cause ? cause.validationContext : 'body';
  return part === 'querystring' ? 'Invalid query parameters' : 'Invalid request body';
}
