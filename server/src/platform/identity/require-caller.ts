import type { FastifyRequest } from 'fastify';
import { errors } from '../http/errors.js';
import type { Platform } from '../platform.js';
import { bearerToken } from './caller.js';

/**
 * An `onRequest` hook that lets only verified users through and sets `request.caller`: session tokens today. Further
 * credentials (e-mail sessions, Firebase tokens, API keys) are verified here too when they come, so that one session
 * works on every app.
 *
 * @throws AppError 401 without a valid credential, 429 when the user calls too often
 */
export function requireCaller(platform: Platform): (request: FastifyRequest) => Promise<void> {
  const { users, sessionTokens, limits, config } = platform;
  const perUser = {
    name: 'user-requests',
    points: config.RATE_LIMIT_MAX,
    seconds: Math.ceil(config.RATE_LIMIT_WINDOW / 1_000),
  };
  return async (request) => {
    const token = bearerToken(request.headers.authorization);
    if (!token) throw errors.unauthorized('Missing or invalid Authorization header');
    const userId = await sessionTokens.verify(token);
    if (!(await users.exists(userId))) throw errors.unauthorized('User not found or token expired');
    const verdict = await limits.consume(perUser, userId);
    if (!verdict.allowed) {
      throw errors.rateLimited('Too many requests. Please wait a moment.', {
        retryAfterSeconds: verdict.retryAfterSeconds,
      });
    }
    users.seen(userId);
    request.caller = { userId, via: 'session-token' };
  };
}
