import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { HttpServer } from './server.js';

/** What one app says at `GET /api/health`, the address that several contracts give to it. */
export interface HealthMembers {
  readonly tag: string;
  /** The schemas of the members. */
  readonly properties: Readonly<Record<string, TSchema>>;
  /** @throws AppError 503 when the app cannot serve */
  ask(): Promise<Readonly<Record<string, unknown>>>;
  /** Presents that error, where the app has a shape of its own. */
  readonly errorHandler?: (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => void;
}

/** One answer with the members of all chosen apps; nothing when there are none. The first app's errors win. */
export function sharedHealthRoute(server: HttpServer, apps: readonly HealthMembers[]): void {
  if (apps.length === 0) return;
  const errorHandler = apps.find((app) => app.errorHandler)?.errorHandler;
  server.get(
    '/api/health',
    {
      ...(errorHandler ? { errorHandler } : {}),
      schema: {
        tags: apps.map(({ tag }) => tag),
        summary: 'Whether the service can serve',
        response: { 200: Type.Object(Object.assign({}, ...apps.map(({ properties }) => properties))) },
      },
    },
    async (_request, reply) => {
      const answers = await Promise.all(apps.map((app) => app.ask()));
      return reply.header('cache-control', 'no-store').send(Object.assign({}, ...answers));
    },
  );
}
