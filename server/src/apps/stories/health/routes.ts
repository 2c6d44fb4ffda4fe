import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { Platform } from '../../../platform/platform.js';
import { version } from '../../../version.js';
import { Data } from '../envelopes.js';
import { Instant } from '../instants.js';

const tags = ['stories: health'];

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

/** For anybody: `health` asks the database, `ping` only this process (contract §3.4). */
export function healthRoutes(server: HttpServer, { clock, database }: Platform): void {
  server.get(
    '/health',
    { schema: { tags, summary: 'Whether the service can serve', response: { 200: Data(Health) } } },
    async () => {
      await database.ping().catch((cause: unknown) => {
        throw errors.unavailable('The service cannot reach its database right now.', { cause });
      });
      return {
        data: {
          status: 'healthy' as const,
          timestamp: isoInstant(clock.now()),
          database: 'connected' as const,
          version,
        },
      };
    },
  );

  server.get(
    '/ping',
    { schema: { tags, summary: 'Whether the server answers', response: { 200: Ping } } },
    async () => ({ status: 'ok' as const, timestamp: clock.now() }),
  );
}
