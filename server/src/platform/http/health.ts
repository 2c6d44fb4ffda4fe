import { Type } from 'typebox';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Events } from '../events/events.js';
import type { Media } from '../media/media.js';
import { withoutSecrets } from '../telemetry/log.js';
import type { HttpServer } from './server.js';
import { isoInstant } from './timestamps.js';

const Check = Type.Object({ ok: Type.Boolean(), message: Type.Optional(Type.String()) });

const Readiness = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('unavailable')]),
  timestamp: Type.String(),
  checks: Type.Object({ database: Check, media: Check, events: Check, replica: Type.Optional(Check) }),
});

/** How long a part may take to answer before it counts as gone. */
const PATIENCE_MS = 3_000;

/**
 * `GET /health` says that the process lives; `GET /health/ready` that it can serve: 503 when the database or the media
 * cannot be used, 200 `degraded` while only the other nodes cannot be heard or the read replica does not answer.
 */
export function healthRoutes(
  server: HttpServer,
  parts: {
    readonly version: string;
    readonly clock: Clock;
    readonly database: Database;
    readonly media: Media;
    readonly events: Events;
    /** Clients that hold a socket open on this node. */
    readonly openSockets: () => number;
  },
): void {
  server.get(
    '/health',
    {
      schema: {
        tags: ['server'],
        summary: 'The process lives',
        response: {
          200: Type.Object({
            status: Type.String(),
            timestamp: Type.String(),
            version: Type.String(),
            websocket_connections: Type.Integer(),
          }),
        },
      },
    },
    async () => ({
      status: 'ok',
      timestamp: isoInstant(parts.clock.now()),
      version: parts.version,
      websocket_connections: parts.openSockets(),
    }),
  );

  server.get(
    '/health/ready',
    {
      schema: {
        tags: ['server'],
        summary: 'The server can serve',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (_request, reply) => {
      const [database, media, replica] = await Promise.all([
        check(() => parts.database.ping()),
        check(() => parts.media.ping()),
        parts.database.pingReplica ? check(() => parts.database.pingReplica?.() ?? Promise.resolve()) : null,
      ]);
      const events = parts.events.healthy()
        ? { ok: true }
        : { ok: false, message: 'Other nodes cannot be reached; this node goes on by itself.' };
      const canServe = database.ok && media.ok;
      const isWhole = events.ok && replica?.ok !== false;
      const status = !canServe ? 'unavailable' : isWhole ? 'ok' : 'degraded';
      return reply.code(canServe ? 200 : 503).send({
        status,
        timestamp: isoInstant(parts.clock.now()),
        checks: { database, media, events, ...(replica ? { replica } : {}) },
      });
    },
  );
}

async function check(probe: () => Promise<void>): Promise<{ ok: boolean; message?: string }> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([probe(), tooLate]);
    return { ok: true };
  } catch (error) {
    return { ok: false, message: withoutSecrets(error instanceof Error ? error.message : String(error)) };
  } finally {
    clearTimeout(timer);
  }
}
