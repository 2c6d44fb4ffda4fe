import { Type } from 'typebox';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { withoutAppId } from '../../../platform/http/shared-paths.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import { instantOrNull, saidOrNull } from '../wire/instants.js';
import { integerOr, queryText, yesOr } from '../wire/query.js';
import { presentActionItem } from './presenter.js';
import { Description, ItemChange, NewItem } from './schemas.js';
import type { ActionItems } from './service.js';

/** To-dos as the mobile app reads and changes them: contract §5.2. */
export function actionItemRoutes(server: HttpServer, items: ActionItems, hooks: RouteHooks): void {
  const route = hooks.authenticated;
  const inConversation = { ...route, ...withoutAppId };
  const byId = { params: Type.Object({ id: Type.String() }) };
  const tags = ['companion'];

  server.get(
    '/v1/action-items',
    {
      ...route,
      schema: {
        tags,
        summary: 'To-dos, those that are due first',
        querystring: Type.Object({
          limit: queryText,
          offset: queryText,
          completed: queryText,
          include_completed: queryText,
          conversation_id: queryText,
          start_date: queryText,
          end_date: queryText,
          due_start_date: queryText,
          due_end_date: queryText,
        }),
      },
    },
    async (request) => {
      const { query } = request;
      const limit = integerOr(query.limit, 50, { min: 1, max: 500 });
      const offset = integerOr(query.offset, 0, { min: 0, max: 1_000_000 });
      const withCompleted = yesOr(query.include_completed, true);
      const found = await items.list(
        callerOf(request).userId,
        {
          completed: yesOr(query.completed, withCompleted ? null : false),
          conversationId: saidOrNull(query.conversation_id),
          from: instantOrNull(query.start_date, 'start_date'),
          to: instantOrNull(query.end_date, 'end_date'),
          dueFrom: instantOrNull(query.due_start_date, 'due_start_date'),
          dueTo: instantOrNull(query.due_end_date, 'due_end_date'),
        },
        { limit: limit + 1, offset },
      );
      return { action_items: found.slice(0, limit).map(presentActionItem), has_more: found.length > limit };
    },
  );

  server.post(
    '/v1/action-items',
    { ...route, schema: { tags, summary: 'Adds a to-do', body: NewItem } },
    async (request) => {
      const [item] = await items.add(callerOf(request).userId, [fieldsOf(request.body)]);
      if (!item) throw errors.internal();
      return presentActionItem(item);
    },
  );

  server.post(
    '/v1/action-items/batch',
    {
      ...route,
      schema: { tags, summary: 'Adds several to-dos', body: Type.Array(NewItem, { maxItems: 500 }) },
    },
    async (request) => {
      const added = await items.add(callerOf(request).userId, request.body.map(fieldsOf));
      return { action_items: added.map(presentActionItem), created_count: added.length };
    },
  );

  server.get(
    '/v1/action-items/:id',
    { ...route, schema: { tags, summary: 'One to-do', ...byId } },
    async (request) => presentActionItem(await items.get(callerOf(request).userId, request.params.id)),
  );

  server.patch(
    '/v1/action-items/:id',
    { ...route, schema: { tags, summary: 'Changes a to-do', ...byId, body: ItemChange } },
    async (request) =>
      presentActionItem(
        await items.change(callerOf(request).userId, request.params.id, fieldsOf(request.body)),
      ),
  );

  server.patch(
    '/v1/action-items/:id/completed',
    {
      ...route,
      schema: {
        tags,
        summary: 'Ticks a to-do off',
        ...byId,
        querystring: Type.Object({ completed: queryText }),
      },
    },
    async (request) => {
      const completed = yesOr(request.query.completed, true);
      return presentActionItem(
        await items.change(callerOf(request).userId, request.params.id, { completed }),
      );
    },
  );

  server.delete(
    '/v1/action-items/:id',
    { ...route, schema: { tags, summary: 'Removes a to-do', ...byId } },
    async (request, reply) => {
      await items.remove(callerOf(request).userId, request.params.id);
      return reply.code(204).send();
    },
  );

  server.get(
    '/v1/conversations/:id/action-items',
    { ...inConversation, schema: { tags, summary: "A conversation's to-dos", ...byId } },
    async (request) => {
      const { id } = request.params;
      const found = await items.ofConversation(callerOf(request).userId, id);
      return { action_items: found.map(presentActionItem), conversation_id: id };
    },
  );

  server.patch(
    '/v1/conversations/:id/action-items',
    {
      ...inConversation,
      schema: {
        tags,
        summary: 'Ticks to-dos off by their place',
        ...byId,
        body: Type.Object({
          items_idx: Type.Array(Type.Integer(), { maxItems: 1_000 }),
          values: Type.Array(Type.Boolean(), { maxItems: 1_000 }),
        }),
      },
    },
    async (request) => {
      const { items_idx, values } = request.body;
      await items.completeByPlace(callerOf(request).userId, request.params.id, items_idx, values);
      return ok;
    },
  );

  server.patch(
    '/v1/conversations/:id/action-items/:place',
    {
      ...inConversation,
      schema: {
        tags,
        summary: 'Renames a to-do, found by its text',
        params: Type.Object({ id: Type.String(), place: Type.String() }),
        body: Type.Object({ old_description: Type.String(), description: Description }),
      },
    },
    async (request) => {
      const { old_description, description } = request.body;
      await items.rename(callerOf(request).userId, request.params.id, old_description, description);
      return ok;
    },
  );

  server.delete(
    '/v1/conversations/:id/action-items',
    {
      ...inConversation,
      schema: { tags, summary: 'Removes one to-do of a conversation, named in the body, or all', ...byId },
    },
    async (request, reply) => {
      await items.removeOf(callerOf(request).userId, request.params.id, describedIn(request.body));
      return reply.code(204).send();
    },
  );
}

const fieldsOf = (body: {
  readonly description?: string;
  readonly completed?: boolean | null;
  readonly due_at?: string | null;
  readonly conversation_id?: string | null;
}) => ({
  description: body.description,
  completed: body.completed ?? undefined,
  dueAt: body.due_at === undefined ? undefined : instantOrNull(body.due_at, 'due_at'),
  conversationId: saidOrNull(body.conversation_id),
});

/** The to-do that a removal names; null for all of them. */
function describedIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('description' in body)) return null;
  return typeof body.description === 'string' ? body.description : null;
}
