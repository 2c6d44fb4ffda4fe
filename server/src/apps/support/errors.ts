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
  missingFields: error('MISSING_FIELDS', 400, 'A required field is missing.'),
  webhookNotFound: error('WEBHOOK_NOT_FOUND', 404, 'There is no such webhook.'),
  deliveryNotFound: error('DELIVERY_NOT_FOUND', 404, 'There is no such delivery.'),
  deliveryNotFailed: error('DELIVERY_NOT_FAILED', 409, 'Only a failed delivery can be sent again.'),
  webhookLimit: error('WEBHOOK_LIMIT', 409, 'This app has as many webhooks as it may have.'),
  webhookSecretLost: error(
    'WEBHOOK_SECRET_LOST',
    409,
    'The secret of this webhook was sealed under another server secret. Remove the webhook and add it again.',
  ),
  privateAddress: error(
    'PRIVATE_ADDRESS',
    400,
    'Webhooks may not point to private, loopback or link-local addresses.',
  ),
  missingAuthHeader: error('MISSING_AUTH_HEADER', 401, 'The header Authorization is required.'),
  invalidAuthFormat: error('INVALID_AUTH_FORMAT', 401, 'The header Authorization must be `Bearer <token>`.'),
  // The operators' page renews its token when a socket's refusal contains "auth" (§4.4).
  tokenExpired: error('TOKEN_EXPIRED', 401, 'The authentication token has expired.'),
  invalidToken: error('INVALID_TOKEN', 401, 'The authentication token is not valid.'),
  forbidden: error('FORBIDDEN', 403, 'Your role does not allow this.'),
  accountDisabled: error('ACCOUNT_DISABLED', 403, 'This account has been disabled.'),
  missingCredentials: error('MISSING_CREDENTIALS', 400, 'E-mail and password are required.'),
  invalidCredentials: error('INVALID_CREDENTIALS', 401, 'The e-mail or the password is not right.'),
  weakPassword: error('WEAK_PASSWORD', 400, 'A password needs at least 8 characters.'),
  wrongPassword: error('INVALID_PASSWORD', 403, 'The current password is not right.'),
  userExists: error('USER_EXISTS', 409, 'There is an account with this e-mail already.'),
  signupClosed: error('SIGNUP_CLOSED', 403, 'Accounts are made by invitation on this server.'),
  missingRefreshToken: error('MISSING_REFRESH_TOKEN', 400, 'refresh_token is required.'),
  invalidRefreshToken: error('INVALID_REFRESH_TOKEN', 401, 'This refresh token is not known.'),
  tokenRevoked: error('TOKEN_REVOKED', 401, 'This refresh token has been revoked. Please sign in again.'),
  refreshTokenExpired: error('TOKEN_EXPIRED', 401, 'This refresh token has expired. Please sign in again.'),
  invalidInvitation: error(
    'INVALID_INVITATION',
    400,
    'This invitation is not valid any more, or it is for another e-mail. Please ask for a new one.',
  ),
  memberNotFound: error('MEMBER_NOT_FOUND', 404, 'There is no such member of the team.'),
  invitationNotFound: error('INVITATION_NOT_FOUND', 404, 'There is no such invitation.'),
  lastOwner: error('LAST_OWNER', 409, 'A team must keep at least one active owner.'),
  apiKeyNotFound: error('API_KEY_NOT_FOUND', 404, 'There is no such API key.'),
  apiKeyEnded: error('API_KEY_ENDED', 409, 'This API key has ended. Please create a new one.'),
  missingName: error('MISSING_NAME', 400, 'A name is required.'),
  missingBody: error('MISSING_BODY', 400, 'The message needs a body.'),
  invalidUserKey: error('INVALID_USER_KEY', 400, 'A user key begins with `user:` or `device:`.'),
  userNotFound: error('USER_NOT_FOUND', 404, 'There is no such user.'),
  missingPlatform: error('MISSING_PLATFORM', 400, 'A platform is required.'),
  invalidPlatform: error('INVALID_PLATFORM', 400, 'There is no such platform.'),
  invalidTaskId: error('INVALID_TASK_ID', 400, 'There is no such task.'),
  cannedReplyNotFound: error('CANNED_REPLY_NOT_FOUND', 404, 'There is no such canned reply.'),
  shortcutTaken: error('SHORTCUT_TAKEN', 409, 'Another canned reply has this shortcut.'),
  missingParams: error('MISSING_PARAMS', 400, 'A required parameter is missing.'),
  invalidInterval: error('INVALID_INTERVAL', 400, 'An interval is one of hour, day, week, month.'),
  missingQuery: error('MISSING_QUERY', 400, 'A segment query is required.'),
  invalidQuery: error('INVALID_QUERY', 400, 'The segment query is not valid.'),
  masterKeyNotSet: error(
    'MASTER_KEY_NOT_SET',
    500,
    'MASTER_API_KEY is not set on this server. Set it and start again, or use the link that the first start prints.',
  ),
  missingMasterKey: error('MISSING_MASTER_KEY', 401, 'The header X-Master-API-Key is required.'),
  invalidMasterKey: error(
    'INVALID_MASTER_KEY',
    403,
    'The master key is not right, or the set-up link is used up.',
  ),
  invalidHeaderFormat: error('INVALID_HEADER_FORMAT', 400, 'The header X-Master-API-Key must be given once.'),
} as const;
