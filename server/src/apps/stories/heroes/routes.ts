import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { Data, paginationOf } from '../envelopes.js';
import { lenientQuery, updatedAfterOf } from '../list-query.js';
import type { StoryMedia } from '../services.js';
import { baseOf } from '../unmodified-since.js';
import { IdParams, Removed } from '../wire-fields.js';
import { presentHero } from './presenter.js';
import { HeroAnswer, HeroCreate, HeroesAnswer, HeroesQuery, HeroQuery, HeroUpdateBody } from './schemas.js';
import type { HeroService } from './service.js';

const tags = ['stories: heroes'];

/** Heroes (contract §3.1). */
export function heroRoutes(server: HttpServer, heroes: HeroService, media: StoryMedia): void {
  server.get(
    '/heroes',
    {
      preValidation: lenientQuery('includeStories'),
      schema: {
        tags,
        summary: 'Heroes, newest first',
        querystring: HeroesQuery,
        response: { 200: HeroesAnswer },
      },
    },
    async (request) => {
      const { limit, offset, includeStories } = request.query;
      const updatedAfter = updatedAfterOf(request.query);
      const page = { limit, offset, includeStories, updatedAfter };
      const { heroes: found, total } = await heroes.list(callerOf(request).userId, page);
      return {
        data: {
          heroes: found.map(({ hero, stories }) => presentHero(media, hero, stories)),
          pagination: paginationOf(total, page),
        },
      };
    },
  );

  server.post(
    '/heroes',
    {
      preValidation: nullsAreAbsent,
      schema: { tags, summary: 'Create a hero', body: HeroCreate, response: { 201: HeroAnswer } },
    },
    async (request, reply) => {
      const hero = await heroes.create(callerOf(request).userId, request.body, request.newRowId);
      return reply.code(201).send({ data: presentHero(media, hero), message: 'Hero created' });
    },
  );

  server.get(
    '/heroes/:id',
    {
      preValidation: lenientQuery('includeStories'),
      schema: {
        tags,
        summary: 'One hero',
        params: IdParams,
        querystring: HeroQuery,
        response: { 200: HeroAnswer },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { hero, stories } = await heroes.get(userId, request.params.id, request.query.includeStories);
      return { data: presentHero(media, hero, stories) };
    },
  );

  server.patch(
    '/heroes/:id',
    {
      schema: {
        tags,
        summary: 'Change a hero',
        description: 'Null takes an optional field away.',
        params: IdParams,
        body: HeroUpdateBody,
        response: { 200: HeroAnswer },
      },
    },
    async (request) => {
      const { baseUpdatedAt, ...change } = request.body;
      const base = baseOf(request, baseUpdatedAt);
      const hero = await heroes.update(callerOf(request).userId, request.params.id, change, base);
      return { data: presentHero(media, hero), message: 'Hero updated' };
    },
  );

  server.delete(
    '/heroes/:id',
    {
      schema: {
        tags,
        summary: 'Delete a hero with its stories',
        params: IdParams,
        response: { 200: Data(Removed) },
      },
    },
    async (request) => {
      const { id } = request.params;
      await heroes.remove(callerOf(request).userId, id, baseOf(request));
      return { data: { id }, message: 'Hero deleted' };
    },
  );
}
