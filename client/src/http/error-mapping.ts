import type { ErrorCode } from './errors.js';
import { EarshotError } from './errors.js';

/** Codes of the server (contract §1.2, §2.2, §5) that say more than the status. */
const BY_SERVER_CODE: Readonly<Record<string, ErrorCode>> = {
  ValidationError: 'validation',
  VALIDATION_ERROR: 'validation',
  BadRequest: 'badRequest',
  INVALID_EMAIL_OR_PASSWORD: 'invalidCredentials',
  USER_ALREADY_EXISTS: 'emailTaken',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'emailTaken',
  PASSWORD_TOO_SHORT: 'passwordTooShort',
  PASSWORD_TOO_LONG: 'passwordTooLong',
  RATE_LIMIT: 'aiBusy',
  AI_ERROR: 'aiFailed',
  AIError: 'aiFailed',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  408: 'timeout',
  409: 'conflict',
  413: 'tooLarge',
  422: 'validation',
  429: 'rateLimited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Problems by field, from `details` where it is a map, else from the `path: problem; path: problem` of the message. */
function fieldsOf(details: unknown, message: string | undefined): Record<string, string> {
  const fields: Record<string, string> = {};
  if (isObject(details)) {
    for (const [name, problem] of Object.entries(details)) {
      const text = Array.isArray(problem) ? problem.join(', ') : textOf(problem);
      if (text) fields[name] = text;
    }
  }
  if (Object.keys(fields).length > 0) return fields;
  for (const [, path, problem] of (message ?? '').matchAll(/(?:^|;\s*)\/?([\w./[\]-]+):\s*([^;]+)/g)) {
    if (path && problem) fields[path] = problem.trim();
  }
  return fields;
}

/** When the server allows another attempt: `resetAt` of the body, else `Retry-After`, else `X-RateLimit-Reset`. */
export function resetTimeOf(body: unknown, headers: Headers, now: number): number | undefined {
  if (isObject(body) && (typeof body.resetAt === 'string' || typeof body.resetAt === 'number')) {
    const at = new Date(body.resetAt).getTime();
    if (Number.isFinite(at)) return at;
  }
  const after = headers.get('retry-after');
  if (after !== null && after.trim() !== '') {
    const seconds = Number(after);
    const at = Number.isFinite(seconds) ? now + seconds * 1000 : Date.parse(after);
    if (Number.isFinite(at)) return at;
  }
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  // Seconds since the epoch, as is usual, unless the number is far too large for that.
  return Number.isFinite(reset) && reset > 0 ? (reset > 1e11 ? reset : reset * 1000) : undefined;
}

/** Without any hint the app waits for an hour (contract §1.2). */
const RATE_LIMIT_WITHOUT_RESET_MS = 3_600_000;

/** The error that an answer of 400 or above stands for. */
export function errorOfAnswer(
  answer: { readonly status: number; readonly headers: Headers },
  body: unknown,
  now: number,
): EarshotError {
  const { status } = answer;
  const content = isObject(body) ? body : {};
  const nested = isObject(content.error) ? content.error : {};
  const serverCode = textOf(content.code) ?? textOf(content.error) ?? textOf(nested.code);
  const serverMessage = textOf(content.message) ?? textOf(nested.message);
  const byStatus = BY_STATUS[status] ?? (status >= 500 ? 'server' : status >= 400 ? 'badRequest' : 'unknown');
  const known = serverCode === undefined ? undefined : BY_SERVER_CODE[serverCode];
  const code = serverMessage === 'Content safety check failed' ? 'unsafeContent' : (known ?? byStatus);
  const resetAt =
    resetTimeOf(body, answer.headers, now) ??
    (code === 'rateLimited' ? now + RATE_LIMIT_WITHOUT_RESET_MS : undefined);
  const operation = textOf(content.operation);
  return new EarshotError(code, {
    status,
    ...(serverCode !== undefined && { serverCode }),
    ...(serverMessage !== undefined && { serverMessage }),
    ...(status < 429 && { fields: fieldsOf(content.details ?? nested.details, serverMessage) }),
    ...(resetAt !== undefined && { resetAt }),
    ...(operation !== undefined && { operation }),
  });
}
