import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import type { PersonRow } from '../tables.js';
import { isoOf } from '../wire/instants.js';
import { queryText } from '../wire/query.js';
import type { People } from './service.js';

/** Somebody whom the user knows, as contract §6.3 writes it. This server keeps no samples of others' voices. */
export const presentPerson = (person: PersonRow): Record<string, unknown> => ({
  id: person.id,
  name: person.name,
  created_at: isoOf(person.created_at),
  updated_at: isoOf(person.updated_at),
  speech_samples: [],
});

/** People whose voices were named: contract §5.6. */
export function peopleRoutes(server: HttpServer, people: People, hooks: RouteHooks): void {
  const route = hooks.authenticated;
  const tags = ['companion'];
  const byId = { params: Type.Object({ id: Type.String() }) };
  const samples = Type.Object({ include_speech_samples: queryText });

  server.get(
    '/v1/users/people',
    { ...route, schema: { tags, summary: 'People whom the user knows', querystring: samples } },
    async (request) => (await people.list(callerOf(request).userId)).map(presentPerson),
  );

  server.post(
    '/v1/users/people',
    {
      ...route,
      schema: {
        tags,
        summary: 'Adds a person',
        body: Type.Object({ name: Type.String({ maxLength: 1_000 }) }),
      },
    },
    async (request) => presentPerson(await people.add(callerOf(request).userId, request.body.name)),
  );

  server.get(
    '/v1/users/people/:id',
    { ...route, schema: { tags, summary: 'One person', ...byId, querystring: samples } },
    async (request) => presentPerson(await people.get(callerOf(request).userId, request.params.id)),
  );

  server.patch(
    '/v1/users/people/:id/name',
    {
      ...route,
      schema: { tags, summary: 'Renames a person', ...byId, querystring: Type.Object({ value: queryText }) },
    },
    async (request) => {
      await people.rename(callerOf(request).userId, request.params.id, request.query.value ?? '');
      return ok;
    },
  );

  server.delete(
    '/v1/users/people/:id',
    { ...route, schema: { tags, summary: 'Forgets a person', ...byId } },
    async (request, reply) => {
      await people.remove(callerOf(request).userId, request.params.id);
      return reply.code(204).send();
    },
  );
}
