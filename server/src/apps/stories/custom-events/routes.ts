import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { Data, paginationOf } from '../envelopes.js';
import { lenientQuery, updatedAfterOf } from '../list-query.js';
import type { StoryMedia } from '../services.js';
import { baseOf } from '../unmodified-since.js';
import { IdParams, Removed } from '../wire-fields.js';
import { presentCustomEvent } from './presenter.js';
import {
  CustomEventAnswer,
  CustomEventCreate,
  CustomEventsAnswer,
  CustomEventsQuery,
  CustomEventUpdateBody,
} from './schemas.js';
import type { CustomEventService } from './service.js';

const tags = ['stories: custom events'];

/** Events that a family makes up (contract §3.3). */
export function customEventRoutes(
  server: HttpServer,
  customEvents: CustomEventService,
  media: StoryMedia,
): void {
  server.get(
    '/custom-events',
    {
      preValidation: lenientQuery('favoritesOnly'),
      schema: {
        tags,
        summary: 'Custom events: favourites first, then the most used',
        querystring: CustomEventsQuery,
        response: { 200: CustomEventsAnswer },
      },
    },
    async (request) => {
      const { limit, offset, category, favoritesOnly } = request.query;
      const updatedAfter = updatedAfterOf(request.query);
      const page = { limit, offset, category: category ?? null, favoritesOnly, updatedAfter };
      const { customEvents: found, total } = await customEvents.list(callerOf(request).userId, page);
      return {
        data: {
          customEvents: found.map((event) => presentCustomEvent(media, event)),
          pagination: paginationOf(total, page),
        },
      };
    },
  );

  server.post(
    '/custom-events',
    {
      preValidation: nullsAreAbsent,
      schema: {
        tags,
        summary: 'Make up an event',
        body: CustomEventCreate,
        response: { 201: CustomEventAnswer },
      },
    },
    async (request, reply) => {
      const event = await customEvents.create(callerOf(request).userId, request.body, request.newRowId);
      return reply
        .code(201)
        .send({ data: presentCustomEvent(media, event), message: 'Custom event created' });
    },
  );

  server.get(
    '/custom-events/:id',
    {
      schema: { tags, summary: 'One custom event', params: IdParams, response: { 200: CustomEventAnswer } },
    },
    async (request) => ({
      data: presentCustomEvent(media, await customEvents.get(callerOf(request).userId, request.params.id)),
    }),
  );

  server.patch(
    '/custom-events/:id',
    {
      schema: {
        tags,
        summary: 'Change a custom event',
        params: IdParams,
        body: CustomEventUpdateBody,
        response: { 200: CustomEventAnswer },
      },
    },
    async (request) => {
      const { baseUpdatedAt, ...change } = request.body;
      const base = baseOf(request, baseUpdatedAt);
      const event = await customEvents.update(callerOf(request).userId, request.params.id, change, base);
      return { data: presentCustomEvent(media, event), message: 'Custom event updated' };
    },
  );

  server.delete(
    '/custom-events/:id',
    {
      schema: {
        tags,
        summary: 'Delete a custom event; its stories stay',
        params: IdParams,
        response: { 200: Data(Removed) },
      },
    },
    async (request) => {
      const { id } = request.params;
      await customEvents.remove(callerOf(request).userId, id, baseOf(request));
      return { data: { id }, message: 'Custom event deleted' };
    },
  );
}
