import { AppError, type AppErrorOptions } from '../../http/errors.js';

/** Failures of accounts, with the codes that existing clients know (contracts/stories.md §2.2). */
export const accountErrors = {
  /** 401: signed out, expired, or never signed in. */
  unauthorized: () => new AppError('UNAUTHORIZED', 401, 'Authentication required'),
  /** 401: the same words for an unknown e-mail. */
  invalidEmailOrPassword: () => new AppError('INVALID_EMAIL_OR_PASSWORD', 401, 'Invalid email or password'),
  /** 401: a provider's token that does not verify. */
  invalidToken: () => new AppError('INVALID_TOKEN', 401, 'Invalid token'),
  /** 404: signing in that way is not set up here. */
  providerNotFound: () => new AppError('PROVIDER_NOT_FOUND', 404, 'Provider not found'),
  /** 403: a browser sends cookies from a page that is not ours. */
  invalidOrigin: () => new AppError('INVALID_ORIGIN', 403, 'Invalid origin'),
  /** 422 */
  emailTaken: (options?: AppErrorOptions) =>
    new AppError(
      'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
      422,
      'User already exists. Use another email.',
      options,
    ),
  /** 400: `field` is the path in the body. */
  validation: (field: string, problem: string) =>
    new AppError('VALIDATION_ERROR', 400, `[body.${field}] ${problem}`, { field }),
  /** 404: the user did not come by e-mail, so there is no password to set. */
  noAccount: () => new AppError('ACCOUNT_NOT_FOUND', 404, 'This user has no e-mail account'),
  /** 429 */
  tooMany: (operation: 'sign-in' | 'sign-up', limit: number, retryAfterSeconds: number) =>
    new AppError(
      'RATE_LIMITED',
      429,
      operation === 'sign-in'
        ? 'Too many failed sign-ins. Please wait a while.'
        : 'Too many new accounts from this address. Please wait a while.',
      { retryAfterSeconds, details: { operation, limit } },
    ),
} as const;
