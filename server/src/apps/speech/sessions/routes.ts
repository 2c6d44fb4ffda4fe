import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { RouteHooks } from '../route-hooks.js';
import { SessionAnswer, VerifyBody } from './schemas.js';
import type { Session, Sessions } from './service.js';

const present = (session: Session) => ({ user_id: session.userId, session_token: session.token });

export function sessionRoutes(server: HttpServer, sessions: Sessions, hooks: RouteHooks): void {
  server.post(
    '/auth/verify',
    {
      schema: {
        tags: ['speech'],
        summary: 'Sign in with a provider key',
        body: VerifyBody,
        response: { 200: SessionAnswer },
      },
    },
    async (request) => present(await sessions.verify(request.body.openai_token, request.ip)),
  );

  server.post(
    '/auth/refresh',
    {
      ...hooks.authenticated,
      schema: {
        tags: ['speech'],
        summary: 'A new token for seven more days',
        response: { 200: SessionAnswer },
      },
    },
    async (request) => present(await sessions.refresh(callerOf(request).userId)),
  );
}
