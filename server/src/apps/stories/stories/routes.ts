import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { Data, paginationOf } from '../envelopes.js';
import { languageCodeOf, languageNames } from '../language.js';
import { lenientQuery, updatedAfterOf } from '../list-query.js';
import type { GenerateStory, StoryMedia } from '../services.js';
import { baseOf } from '../unmodified-since.js';
import { IdParams, Removed } from '../wire-fields.js';
import { presentDetail, presentListedStory } from './presenter.js';
import {
  StoriesAnswer,
  StoriesQuery,
  StoryAnswer,
  StoryCreate,
  StoryQuery,
  StoryUpdateBody,
} from './schemas.js';
import type { StoryService } from './service.js';

const tags = ['stories: stories'];

/** Stories (contract §3.2). Those without words are ordered from the generation room. */
export function storyRoutes(
  server: HttpServer,
  rooms: { readonly stories: StoryService; readonly media: StoryMedia; readonly generate: GenerateStory },
): void {
  const { stories, media, generate } = rooms;

  server.get(
    '/stories',
    {
      preValidation: lenientQuery('isFavorite', 'includeIllustrations'),
      schema: {
        tags,
        summary: 'Stories, newest first',
        querystring: StoriesQuery,
        response: { 200: StoriesAnswer },
      },
    },
    async (request) => {
      const { limit, offset, heroId, language, isFavorite, includeIllustrations } = request.query;
      const page = {
        limit,
        offset,
        heroId: heroId ?? null,
        languages: language === undefined ? null : sameLanguage(language),
        favoritesOnly: isFavorite,
        updatedAfter: updatedAfterOf(request.query),
        includeIllustrations,
      };
      const { stories: found, total } = await stories.list(callerOf(request).userId, page);
      return {
        data: {
          stories: found.map(({ story, illustrations }) => presentListedStory(media, story, illustrations)),
          pagination: paginationOf(total, page),
        },
      };
    },
  );

  server.post(
    '/stories',
    {
      preValidation: nullsAreAbsent,
      schema: {
        tags,
        summary: 'Have a story told, or store one',
        description: 'With `content` it is stored as it is, without an engine.',
        body: StoryCreate,
        response: { 201: StoryAnswer },
      },
      config: { ordered: (body: { readonly content?: string }) => body.content === undefined },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const { body } = request;
      if (body.content !== undefined) {
        const stored = await stories.create(userId, body, request.newRowId);
        return reply.code(201).send({ data: presentDetail(media, stored), message: 'Story created' });
      }
      const storyId = await generate(request, reply, { ...body, language: wantedLanguage(body) });
      if (storyId === null) return reply;
      const told = await stories.get(userId, storyId, true);
      return reply.code(201).send({ data: presentDetail(media, told), message: 'Story created' });
    },
  );

  server.get(
    '/stories/:id',
    {
      preValidation: lenientQuery('includeIllustrations'),
      schema: {
        tags,
        summary: 'One story with its hero and event',
        params: IdParams,
        querystring: StoryQuery,
        response: { 200: StoryAnswer },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { includeIllustrations } = request.query;
      return {
        data: presentDetail(media, await stories.get(userId, request.params.id, includeIllustrations)),
      };
    },
  );

  server.patch(
    '/stories/:id',
    {
      schema: {
        tags,
        summary: 'Change a story',
        description: 'Another `content` makes its narration void.',
        params: IdParams,
        body: StoryUpdateBody,
        response: { 200: StoryAnswer },
      },
    },
    async (request) => {
      const { baseUpdatedAt, ...change } = request.body;
      const base = baseOf(request, baseUpdatedAt);
      const changed = await stories.update(callerOf(request).userId, request.params.id, change, base);
      return { data: presentDetail(media, changed), message: 'Story updated' };
    },
  );

  server.delete(
    '/stories/:id',
    {
      schema: {
        tags,
        summary: 'Delete a story with its pictures',
        params: IdParams,
        response: { 200: Data(Removed) },
      },
    },
    async (request) => {
      const { id } = request.params;
      await stories.remove(callerOf(request).userId, id, baseOf(request));
      return { data: { id }, message: 'Story deleted' };
    },
  );
}

/** A story that is stored may leave its language open; one that is to be told must name it. */
function wantedLanguage({ language }: { readonly language?: string }): string {
  if (language === undefined) throw errors.validation('language: is required', { field: 'language' });
  return language;
}

/** All ways in which clients write the same language. */
function sameLanguage(text: string): readonly string[] {
  const code = languageCodeOf(text);
  return code ? [code, languageNames[code]] : [text];
}
