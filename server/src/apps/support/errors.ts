import { AppError, type AppErrorOptions } from '../../platform/http/errors.js';

/**
 * The support contract's own codes. The first argument of each is what a person reads; `present-error.ts` puts both
 * into the contract's shape.
 */
const error =
  (code: string, statusCode: number, words: string) =>
  (message = words, options?: AppErrorOptions) =>
    new AppError(code, statusCode, message, options);

export const supportErrors = {
  missingAppId: error('MISSING_APP_ID', 400, 'The header X-App-Id is required.'),
  missingDeviceId: error('MISSING_DEVICE_ID', 400, 'The header X-Device-Id is required.'),
  missingApiKey: error('MISSING_API_KEY', 400, 'The header X-Api-Key is required.'),
  invalidApp: error(
    'INVALID_APP_ID',
    403,
    'This app id and key do not belong together, or the key has ended.',
  ),
  validation: error('VALIDATION_ERROR', 400, 'The request is not valid.'),
  conversationNotFound: error('CONVERSATION_NOT_FOUND', 404, 'There is no such conversation.'),
  messageNotFound: error('MESSAGE_NOT_FOUND', 404, 'There is no such message.'),
  messageTooLong: error('MESSAGE_TOO_LONG', 400, 'A message has at most 5000 characters.'),
  rateLimited: error('RATE_LIMIT_EXCEEDED', 429, 'Too many requests. Please wait a moment.'),
} as const;
