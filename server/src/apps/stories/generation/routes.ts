import { Type } from 'typebox';
import type { Clock } from '../../../platform/clock.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { Data } from '../envelopes.js';
import { owned } from '../ownership.js';
import { presentStoriesError } from '../present-error.js';
import { errorOf, type Orders } from './orders.js';
import { Generation } from './schemas.js';

/** Where clients that did not wait ask for the end of their order. */
export function generationRoutes(server: HttpServer, orders: Orders, clock: Clock): void {
  server.get(
    '/generations/:id',
    {
      schema: {
        tags: ['stories'],
        summary: 'How something that was ordered with `Prefer: respond-async` stands',
        params: Type.Object({ id: Type.String() }),
        response: { 200: Data(Generation) },
      },
    },
    async (request) => {
      const row = owned(await orders.byId(request.params.id), callerOf(request).userId, 'Generation');
      return {
        data: {
          id: row.id,
          kind: row.kind,
          status: row.status,
          ...(row.subject_id === null ? {} : { subjectId: row.subject_id }),
          ...(row.result === null ? {} : { result: JSON.parse(row.result) }),
          ...(row.status === 'failed' ? { failure: { ...presentStoriesError(errorOf(row), clock) } } : {}),
          createdAt: isoInstant(row.created_at),
          updatedAt: isoInstant(row.updated_at),
        },
      };
    },
  );
}
