/**
 * The error catalogue: every failure that a caller can be told about is made here, with its code, its HTTP
 * status and words a person can act on. Apps present these in their contract's shape; nothing matches on messages.
 */
export interface AppErrorOptions {
  /** Seconds after which trying again makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The offending field as a JSON pointer or header name. */
  readonly field?: string;
  /** Members that a contract's error body carries beside the usual ones, for example `missing_permissions`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The underlying failure: logged, never sent. */
  readonly cause?: unknown;
}

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly retryAfterSeconds: number | undefined;
  readonly field: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    readonly code: string,
    readonly statusCode: number,
    message: string,
    options: AppErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.field = options.field;
    this.details = options.details;
  }
}

type Options = AppErrorOptions;

export const errors = {
  /** 400: the request breaks a rule that its sender can mend. */
  badRequest: (message: string, options?: Options) => new AppError('BAD_REQUEST', 400, message, options),
  /** 400: the body is no JSON at all. */
  invalidJson: (options?: Options) => new AppError('INVALID_JSON', 400, 'Body is not valid JSON', options),
  /** 400: a field has the wrong type, length or value. */
  validation: (message: string, options?: Options) =>
    new AppError('VALIDATION_FAILED', 400, message, options),
  /** 400: an audio or picture format that this server's engine does not offer. */
  unsupportedFormat: (message: string, options?: Options) =>
    new AppError('UNSUPPORTED_FORMAT', 400, message, options),
  /** 401: no credential, or one that does not verify. */
  unauthorized: (message: string, options?: Options) => new AppError('UNAUTHORIZED', 401, message, options),
  /** 403: known, but not allowed. */
  forbidden: (message: string, options?: Options) => new AppError('FORBIDDEN', 403, message, options),
  /** 404: does not exist, or is somebody else's; the two are never told apart. */
  notFound: (message: string, options?: Options) => new AppError('NOT_FOUND', 404, message, options),
  /** 409: contradicts what is stored. */
  conflict: (message: string, options?: Options) => new AppError('CONFLICT', 409, message, options),
  /** 413: more bytes than this route takes. */
  tooLarge: (message: string, options?: Options) => new AppError('TOO_LARGE', 413, message, options),
  /** 416: a byte range outside the file. */
  rangeNotSatisfiable: (message: string, options?: Options) =>
    new AppError('RANGE_NOT_SATISFIABLE', 416, message, options),
  /** 426: a plain request where there is a socket. */
  upgradeRequired: (options?: Options) =>
    new AppError('UPGRADE_REQUIRED', 426, 'There is a WebSocket at this address.', options),
  /** 422: the same as `validation`, where a contract asks for this status. */
  unprocessable: (message: string, options?: Options) =>
    new AppError('VALIDATION_FAILED', 422, message, options),
  /** 429: too often; `retryAfterSeconds` says when to come back. */
  rateLimited: (message: string, options?: Options) => new AppError('RATE_LIMITED', 429, message, options),
  /** 429: a daily or queue allowance is used up. */
  quotaExceeded: (message: string, options?: Options) =>
    new AppError('QUOTA_EXCEEDED', 429, message, options),
  /** 500: our own fault; the cause is in the log under the request id. */
  internal: (options?: Options) =>
    new AppError('INTERNAL_ERROR', 500, 'Something went wrong on the server. Please try again.', options),
  /** 502: the upstream answered with something unusable. */
  upstreamFailed: (message: string, options?: Options) =>
    new AppError('UPSTREAM_FAILED', 502, message, options),
  /** 501: part of a protocol that this server does not speak. */
  notImplemented: (message: string, options?: Options) =>
    new AppError('NOT_IMPLEMENTED', 501, message, options),
  /** 501: needs a language model, and this server has none. */
  noLanguageModel: (message: string, options?: Options) =>
    new AppError('NO_LANGUAGE_MODEL', 501, message, options),
  /** 504: the upstream took too long. */
  upstreamTimeout: (message: string, options?: Options) =>
    new AppError('UPSTREAM_TIMEOUT', 504, message, options),
  /** 503: the upstream cannot be reached or is overloaded. */
  upstreamUnavailable: (message: string, options?: Options) =>
    new AppError('UPSTREAM_UNAVAILABLE', 503, message, options),
  /** 503: the database, the disk or a needed service cannot be used right now. */
  unavailable: (message: string, options?: Options) => new AppError('UNAVAILABLE', 503, message, options),
  /** 507: the disk is full. */
  storageFull: (options?: Options) =>
    new AppError(
      'STORAGE_FULL',
      507,
      'The server has run out of storage. Nothing was saved; try again once space has been freed.',
      options,
    ),
} as const;
