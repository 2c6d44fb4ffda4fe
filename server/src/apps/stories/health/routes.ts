import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import type { HealthMembers } from '../../../platform/http/shared-health.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { Platform } from '../../../platform/platform.js';
import { version } from '../../../version.js';
import { Data } from '../envelopes.js';
import { Instant } from '../instants.js';
import { storiesErrorHandler } from '../present-error.js';

const tag = 'stories: health';

const Health = Type.Object({
  status: Type.Literal('healthy'),
  timestamp: Instant,
  database: Type.Literal('connected'),
  version: Type.String(),
});

const Ping = Type.Object({
  status: Type.Literal('ok'),
  timestamp: Type.Integer({ description: 'Epoch ms.' }),
});

/** What the app says of itself: the database is asked (contract §3.4). */
export const storiesHealth = ({ clock, database }: Platform): HealthMembers => ({
  tag,
  properties: Data(Health).properties,
  ask: async () => {
    await database.ping().catch((cause: unknown) => {
      throw errors.unavailable('The service cannot reach its database right now.', { cause });
    });
    return {
      data: { status: 'healthy', timestamp: isoInstant(clock.now()), database: 'connected', version },
    };
  },
  errorHandler: storiesErrorHandler(clock),
});

/** For anybody: `health` asks the database, `ping` only this process. `/api/health` is shared with other apps. */
export function healthRoutes(
  server: HttpServer,
  { clock }: Platform,
  { properties, ask }: HealthMembers,
): void {
  if (server.prefix !== '/api')
    server.get(
      '/health',
      {
        schema: {
          tags: [tag],
          summary: 'Whether the service can serve',
          response: { 200: Type.Object({ ...properties }) },
        },
      },
      ask,
    );

  server.get(
    '/ping',
    { schema: { tags: [tag], summary: 'Whether the server answers', response: { 200: Ping } } },
    async () => ({ status: 'ok' as const, timestamp: clock.now() }),
  );
}
