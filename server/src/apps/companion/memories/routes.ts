import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import { saidOrNull } from '../wire/instants.js';
import { integerOr, queryText, yesOr } from '../wire/query.js';
import { presentMemory } from './presenter.js';
import { NewMemoryBody, ValueQuery } from './schemas.js';
import { ALL_MEMORIES, type Memories, memoryCategoryOf } from './service.js';

const VISIBILITIES = ['private', 'public'] as const;

/** Facts about the user: contract §5.3 for the app, §9 for the requirement document. */
export function memoryRoutes(server: HttpServer, memories: Memories, hooks: RouteHooks): void {
  const route = hooks.authenticated;
  const tags = ['companion'];
  const byId = { params: Type.Object({ id: Type.String() }) };

  // The two differ in the status of a creation only: `/v3` is the app's, `/v1` the requirement document's.
  for (const { path, created } of [
    { path: '/v3/memories', created: 200 },
    { path: '/v1/memories', created: 201 },
  ]) {
    server.get(
      path,
      {
        ...route,
        schema: {
          tags,
          summary: 'Facts about the user',
          querystring: Type.Object({ limit: queryText, offset: queryText, categories: queryText }),
        },
      },
      async (request) => {
        const offset = integerOr(request.query.offset, 0, { min: 0, max: 1_000_000 });
        // The app asks for 100, never for a second page, and shows what it got: the first page is all of them.
        const limit =
          offset === 0 ? ALL_MEMORIES : integerOr(request.query.limit, 100, { min: 1, max: ALL_MEMORIES });
        const found = await memories.list(callerOf(request).userId, { limit, offset });
        return found.map(presentMemory);
      },
    );

    server.post(
      path,
      { ...route, schema: { tags, summary: 'Writes a fact down', body: NewMemoryBody } },
      async (request, reply) => {
        const { content, category, visibility, tags: labels } = request.body;
        if (content.trim() === '') throw errors.validation('content must not be empty', { field: 'content' });
        const memory = await memories.add(callerOf(request).userId, {
          content: content.trim(),
          category: memoryCategoryOf(category),
          visibility: visibility === 'public' ? 'public' : 'private',
          tags: labels ?? [],
        });
        return reply.code(created).send(presentMemory(memory));
      },
    );
  }

  server.delete(
    '/v3/memories/:id',
    { ...route, schema: { tags, summary: 'Removes a fact', ...byId } },
    async (request) => {
      await memories.remove(callerOf(request).userId, request.params.id);
      return ok;
    },
  );

  server.delete(
    '/v3/memories',
    { ...route, schema: { tags, summary: 'Removes all facts' } },
    async (request) => {
      await memories.removeAll(callerOf(request).userId);
      return ok;
    },
  );

  server.patch(
    '/v3/memories/:id',
    { ...route, schema: { tags, summary: 'Rewrites a fact', ...byId, querystring: ValueQuery } },
    async (request) => {
      const content = request.query.value?.trim() ?? '';
      if (content === '') throw errors.badRequest('value must not be empty');
      await memories.edit(callerOf(request).userId, request.params.id, content);
      return ok;
    },
  );

  server.post(
    '/v3/memories/:id/review',
    { ...route, schema: { tags, summary: 'Says whether a fact is right', ...byId, querystring: ValueQuery } },
    async (request) => {
      await memories.review(callerOf(request).userId, request.params.id, yesOr(request.query.value, true));
      return ok;
    },
  );

  server.patch(
    '/v3/memories/:id/visibility',
    { ...route, schema: { tags, summary: 'Says who may see a fact', ...byId, querystring: ValueQuery } },
    async (request) => {
      const visibility = VISIBILITIES.find((one) => one === saidOrNull(request.query.value));
      if (!visibility) throw errors.badRequest(`value must be one of ${VISIBILITIES.join(', ')}`);
      await memories.setVisibility(callerOf(request).userId, request.params.id, visibility);
      return ok;
    },
  );
}
