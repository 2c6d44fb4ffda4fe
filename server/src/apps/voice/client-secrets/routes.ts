import type { HttpServer } from '../../../platform/http/server.js';
import { callerOfRequest, type VoiceCallers } from '../callers.js';
import { fromOlderSession, toOlderSession } from '../realtime-sessions/older-shape.js';
import { ClientSecretAnswer, ClientSecretBody, OlderSessionAnswer, OlderSessionBody } from './schemas.js';
import type { ClientSecretService } from './service.js';

const tags = ['voice: realtime'];
const DEFAULT_SECONDS = 600;
/** What the older route's secrets live (contract §8.2). */
const OLDER_SECONDS = 60;

/** How a browser gets a secret of its own (contract §8.2). Belongs in the scope under `/v1`. */
export function clientSecretRoutes(
  server: HttpServer,
  service: ClientSecretService,
  callers: VoiceCallers,
): void {
  server.post(
    '/realtime/client_secrets',
    {
      schema: {
        tags,
        summary: 'A short-lived secret for Realtime connections of a browser',
        body: ClientSecretBody,
        response: { 200: ClientSecretAnswer },
      },
    },
    async (request) => {
      const { expires_after: after, session } = request.body;
      const caller = await callerOfRequest(callers, request);
      const made = service.make(
        caller,
        { ...session, type: session?.type ?? 'realtime' },
        after?.seconds ?? DEFAULT_SECONDS,
      );
      return { value: made.value, expires_at: made.expiresAt, session: made.session };
    },
  );

  server.post(
    '/realtime/sessions',
    {
      schema: {
        tags,
        summary: 'The same in the older form',
        body: OlderSessionBody,
        response: { 200: OlderSessionAnswer },
      },
    },
    async (request) => {
      const caller = await callerOfRequest(callers, request);
      const made = service.make(caller, fromOlderSession(request.body), OLDER_SECONDS);
      return {
        ...toOlderSession(made.session),
        client_secret: { value: made.value, expires_at: made.expiresAt },
      };
    },
  );
}
