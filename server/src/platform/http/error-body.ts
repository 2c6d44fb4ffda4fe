import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { storageError } from '../database/failures.js';
import { AppError, errors } from './errors.js';

/** The default error body: every field a string but the status, so that every client without a stricter shape reads it. */
export interface ErrorBody {
  readonly error: string;
  readonly message: string;
  readonly code: string;
  readonly detail: string;
  readonly statusCode: number;
}

/** The default body of an error: `error` is the reason phrase, `message` and `detail` are for people. */
export function defaultErrorBody(error: AppError): ErrorBody {
  return {
    error: STATUS_CODES[error.statusCode] ?? 'Error',
    message: error.message,
    code: error.code,
    detail: error.message,
    statusCode: error.statusCode,
  };
}

/** Makes any thrown value an error of the catalogue. Unknown ones become a 500 that tells nothing of the inside. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const storage = storageError(thrown);
  if (storage) return storage;
  const framework = thrown as Partial<FastifyError>;
  const status = framework.statusCode ?? 500;
  if (status < 400 || status >= 500) return errors.internal({ cause: thrown });
  return new AppError(framework.code ?? 'BAD_REQUEST', status, frameworkMessage(framework), {
    cause: thrown,
  });
}

/** Fastify's own words, except where they would quote the request. */
function frameworkMessage(error: Partial<FastifyError>): string {
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return 'Unsupported media type; send application/json.';
  if (error.code === 'FST_ERR_BAD_URL') return 'The address of the request is not valid.';
  return error.message ?? 'The request is not valid.';
}

/** Sends an error in a contract's shape: the one place that decides what is logged and which headers go along. */
export function sendError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  present: (error: AppError, request: FastifyRequest) => object = defaultErrorBody,
): void {
  const error = toAppError(thrown);
  if (error.statusCode >= 500) {
    request.log.error({ err: thrown, code: error.code, route: request.routeOptions.url }, 'request failed');
  } else {
    request.log.debug({ code: error.code, status: error.statusCode }, 'request refused');
  }
  if (reply.raw.headersSent) {
    reply.raw.destroy(); // part of a file is out already: cutting the connection is the only honest answer
    return;
  }
  if (error.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(error.retryAfterSeconds))));
  }
  reply
    .code(error.statusCode)
    .header('content-type', 'application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(present(error, request));
}
