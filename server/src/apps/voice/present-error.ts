import type { FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import { sendError } from '../../platform/http/error-body.js';
import { AppError } from '../../platform/http/errors.js';

/** The error body of the routes under `/api` (contract §5.1). */
export interface VoiceErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** Whether the same request may succeed later. */
    readonly retryable: boolean;
  };
}

/** The error body of the routes under `/v1`, as OpenAI writes it. */
export interface OpenAIErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** 499: whoever asked does not want the answer any more. */
export const cancelled = () => new AppError('CANCELLED', 499, 'The request was cancelled.');

/** The catalogue's and the framework's codes by the contract's names. */
const CODES: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'invalid_api_key',
  FORBIDDEN: 'model_not_allowed',
  NOT_FOUND: 'not_found',
  RATE_LIMITED: 'rate_limited',
  QUOTA_EXCEEDED: 'insufficient_quota',
  CANCELLED: 'cancelled',
  NO_LANGUAGE_MODEL: 'no_language_model',
  UPSTREAM_FAILED: 'upstream_error',
  UPSTREAM_UNAVAILABLE: 'upstream_unreachable',
  UPSTREAM_TIMEOUT: 'upstream_timeout',
};
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  413: 'message_too_long',
  415: 'unsupported_media_type',
  501: 'not_supported',
  503: 'unavailable',
};

/** Whether the same request may succeed later. */
export const isRetryable = ({ code, statusCode }: AppError): boolean =>
  code !== 'QUOTA_EXCEEDED' &&
  (statusCode === 429 || statusCode === 499 || (statusCode >= 500 && statusCode !== 501));

/** What §5.1 calls an error. */
export const voiceCodeOf = ({ code, statusCode }: AppError): string =>
  CODES[code] ?? CODE_OF_STATUS[statusCode] ?? (statusCode < 500 ? 'invalid_request' : 'server_error');

export const presentVoiceError = (error: AppError): VoiceErrorBody => ({
  error: { code: voiceCodeOf(error), message: error.message, retryable: isRetryable(error) },
});

const OPENAI_CODES: Readonly<Record<string, string>> = {
  RATE_LIMITED: 'rate_limit_exceeded',
  NOT_FOUND: 'not_found',
  MODEL_NOT_FOUND: 'model_not_found',
};
const OPENAI_TYPES: Readonly<Record<number, string>> = {
  429: 'rate_limit_error',
  499: 'cancelled',
};

/** An error as OpenAI's clients decode it. */
export function presentOpenAIError(error: AppError): OpenAIErrorBody {
  const { code, statusCode, message } = error;
  const isPlain = statusCode === 400 && OPENAI_CODES[code] === undefined;
  return {
    error: {
      message,
      type:
        code === 'QUOTA_EXCEEDED'
          ? 'insufficient_quota'
          : (OPENAI_TYPES[statusCode] ?? (statusCode < 500 ? 'invalid_request_error' : 'server_error')),
      param: placeOf(error),
      code: isPlain ? null : (OPENAI_CODES[code] ?? voiceCodeOf(error)),
    },
  };
}

/** The offending parameter as OpenAI names it: `session.type`. */
function placeOf({ field, cause }: AppError): string | null {
  if (field !== undefined) return field;
  if (!(cause instanceof Error && 'validation' in cause && Array.isArray(cause.validation))) return null;
  const [problem]: FastifySchemaValidationError[] = cause.validation;
  if (!problem) return null;
  const { instancePath, params } = problem;
  const missing = typeof params.missingProperty === 'string' ? [params.missingProperty] : [];
  return [...instancePath.split('/').slice(1), ...missing].join('.') || null;
}

/** For `setErrorHandler` of the scope under `/api`. */
export const voiceErrorHandler = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void =>
  sendError(thrown, request, reply, presentVoiceError);

/** For `setErrorHandler` of the scope under `/v1`. */
export const openaiErrorHandler = (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void =>
  sendError(thrown, request, reply, presentOpenAIError);
