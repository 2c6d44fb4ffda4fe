import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { presentMemory } from '../memories/presenter.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import { instantOrNull } from '../wire/instants.js';
import { integerOr, listIn, queryText, yesOr } from '../wire/query.js';
import type { Notes } from './notes.js';

const MAX_CONTENT = 10_000;
const MOST = 500;

const pageIn = (query: { readonly limit?: string; readonly offset?: string }) => ({
  limit: integerOr(query.limit, 25, { min: 1, max: MOST }),
  offset: integerOr(query.offset, 0, { min: 0, max: 1_000_000 }),
});

/**
 * What a user's own programs read, with a key instead of a sign-in: contract §8.5.
 *
 * @param prefix `/v1/mcp` or `/v1/dev/user`, which are the same by another kind of key
 */
export function readRoutes(server: HttpServer, prefix: string, notes: Notes, hooks: RouteHooks): void {
  const route = hooks.authenticated;
  const tags = ['companion: by key'];
  const byId = { params: Type.Object({ id: Type.String() }) };
  const paged = { limit: queryText, offset: queryText };

  server.get(
    `${prefix}/memories`,
    {
      ...route,
      schema: {
        tags,
        summary: 'Facts about the user',
        querystring: Type.Object({ ...paged, categories: queryText }),
      },
    },
    async (request) =>
      notes.memories(callerOf(request).userId, {
        ...pageIn(request.query),
        categories: listIn(request.query.categories),
      }),
  );

  server.post(
    `${prefix}/memories`,
    {
      ...route,
      schema: {
        tags,
        summary: 'Writes a fact down',
        body: Type.Object({
          content: Type.String({ minLength: 1, maxLength: MAX_CONTENT }),
          category: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()])),
        }),
      },
    },
    async (request) => {
      const { content, category } = request.body;
      return presentMemory(
        await notes.addMemory(callerOf(request).userId, contentIn(content), category ?? null),
      );
    },
  );

  server.patch(
    `${prefix}/memories/:id`,
    {
      ...route,
      schema: {
        tags,
        summary: 'Rewrites a fact',
        ...byId,
        querystring: Type.Object({ value: Type.Optional(Type.String({ maxLength: MAX_CONTENT })) }),
      },
    },
    async (request) => {
      const content = contentIn(request.query.value ?? '');
      await notes.editMemory(callerOf(request).userId, request.params.id, content);
      return ok;
    },
  );

  server.delete(
    `${prefix}/memories/:id`,
    { ...route, schema: { tags, summary: 'Removes a fact', ...byId } },
    async (request) => {
      await notes.removeMemory(callerOf(request).userId, request.params.id);
      return ok;
    },
  );

  server.get(
    `${prefix}/conversations`,
    {
      ...route,
      schema: {
        tags,
        summary: 'Conversations, newest first',
        querystring: Type.Object({
          ...paged,
          start_date: queryText,
          end_date: queryText,
          categories: queryText,
        }),
      },
    },
    async (request) => {
      const { query } = request;
      const span = {
        from: instantOrNull(query.start_date, 'start_date'),
        to: instantOrNull(query.end_date, 'end_date'),
        categories: listIn(query.categories),
      };
      return notes.conversations(callerOf(request).userId, span, pageIn(query));
    },
  );

  server.get(
    `${prefix}/conversations/:id`,
    { ...route, schema: { tags, summary: 'A conversation with its transcript', ...byId } },
    async (request) => notes.conversation(callerOf(request).userId, request.params.id),
  );

  server.get(
    `${prefix}/action-items`,
    {
      ...route,
      schema: {
        tags,
        summary: 'To-dos, those that are due first',
        querystring: Type.Object({ ...paged, completed: queryText }),
      },
    },
    async (request) =>
      notes.actionItems(
        callerOf(request).userId,
        yesOr(request.query.completed, null),
        pageIn(request.query),
      ),
  );
}

function contentIn(text: string): string {
  const content = text.trim();
  if (content === '') throw errors.validation('The text of a memory must not be empty.');
  return content;
}
