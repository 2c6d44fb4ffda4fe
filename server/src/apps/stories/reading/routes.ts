import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant, parseInstant } from '../../../platform/http/timestamps.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { Platform } from '../../../platform/platform.js';
import { nullsAreAbsent } from '../both-prefixes.js';
import { paginationOf } from '../envelopes.js';
import { isoSecond } from '../instants.js';
import { lenientQuery, pageQuery } from '../list-query.js';
import { owned } from '../ownership.js';
import type { ReadingService, StoryMedia } from '../services.js';
import type { StoryStore } from '../stories/store.js';
import { writesOver } from '../writes.js';
import type { Journey } from './journey.js';
import * as shapes from './schemas.js';
import type { ListeningSession, ReadingStore } from './store.js';

const tags = ['stories: reading'];

export interface ReadingParts {
  readonly platform: Pick<Platform, 'changes' | 'clock' | 'database'>;
  readonly service: ReadingService;
  readonly journey: Journey;
  readonly store: ReadingStore;
  readonly stories: StoryStore;
  readonly media: StoryMedia;
}

const presentSession = (session: ListeningSession) => ({
  id: session.id,
  userId: session.user_id,
  storyId: session.story_id,
  startedAt: isoInstant(session.started_at),
  endedAt: session.ended_at === null ? null : isoInstant(session.ended_at),
  duration: session.duration,
  completed: session.completed === 1,
  createdAt: isoInstant(session.created_at),
  updatedAt: isoInstant(session.updated_at),
});

const instantOf = (text: string | undefined, field: string): number | undefined =>
  text === undefined ? undefined : parseInstant(text, field);

/** Plays, listening sessions and what becomes of them (contract §3.5). Belongs in the authenticated scope. */
export function readingRoutes(server: HttpServer, parts: ReadingParts): void {
  const { platform, service, journey, store, stories, media } = parts;
  const { changes, clock, database } = platform;
  const write = writesOver(database, changes);

  server.post(
    '/stories/:id/play',
    {
      schema: {
        tags,
        summary: 'A story is being played',
        params: shapes.StoryParams,
        response: { 200: shapes.Played },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { params, newRowId } = request;
      const { row } = await write(userId, (tx) => service.play(tx, userId, params.id, clock.now(), newRowId));
      const lastPlayedAt = row.last_played_at === null ? null : isoInstant(row.last_played_at);
      return { data: { id: row.id, playCount: row.play_count, lastPlayedAt } };
    },
  );

  server.post(
    '/analytics/sessions',
    {
      preValidation: nullsAreAbsent,
      schema: {
        tags,
        summary: 'Report one listening',
        body: shapes.SessionBody,
        response: { 201: shapes.ReportedSession },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const { startedAt, endedAt, ...body } = request.body;
      const from = instantOf(startedAt, 'startedAt');
      const to = instantOf(endedAt, 'endedAt');
      const session = {
        ...body,
        ...(from === undefined ? {} : { startedAt: from }),
        ...(to === undefined ? {} : { endedAt: to }),
      };
      const { sessionId } = await write(userId, async (tx) => {
        const heard = await service.listen(tx, userId, session, request.newRowId);
        return { sessionId: heard.sessionId, version: heard.story.version };
      });
      return reply.code(201).send({ data: presentSession(await store.session(sessionId)) });
    },
  );

  server.get(
    '/analytics/sessions',
    {
      preValidation: lenientQuery(),
      schema: {
        tags,
        summary: 'Listenings, newest first',
        querystring: Type.Object({ ...pageQuery, ...shapes.SessionsQuery }),
        response: { 200: shapes.Sessions },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { limit, offset, storyId, startDate, endDate, completed } = request.query;
      if (storyId !== undefined) owned(await stories.byId(storyId), userId, 'Story');
      const { sessions, total } = await store.sessions(userId, {
        limit,
        offset,
        storyId: storyId ?? null,
        completed: completed ?? null,
        from: dayOrInstant(startDate, 'startDate', 'T00:00:00.000Z'),
        to: dayOrInstant(endDate, 'endDate', 'T23:59:59.999Z'),
      });
      return {
        data: {
          sessions: sessions.map(presentSession),
          pagination: paginationOf(total, { limit, offset }),
        },
      };
    },
  );

  server.get(
    '/analytics',
    { schema: { tags, summary: 'Totals of the reading journey', response: { 200: shapes.Totals } } },
    async (request) => {
      const totals = await journey.totals(callerOf(request).userId);
      return { data: { ...totals, updatedAt: isoInstant(totals.updatedAt) } };
    },
  );

  server.get(
    '/analytics/summary',
    {
      schema: {
        tags,
        summary: 'The reading journey at a glance',
        querystring: Type.Object({
          ...shapes.timezoneQuery,
          refresh: Type.Optional(Type.String({ description: 'Figures are always fresh.' })),
        }),
        response: { 200: shapes.Summary },
      },
    },
    async (request) => ({
      data: await journey.summary(callerOf(request).userId, request.query.timezone),
    }),
  );

  server.get(
    '/analytics/activity',
    {
      schema: {
        tags,
        summary: 'Minutes by day',
        querystring: Type.Object({
          ...shapes.timezoneQuery,
          range: Type.String({ default: 'week', description: 'week, month, year or all.' }),
        }),
        response: { 200: shapes.Activity },
      },
    },
    async (request) => {
      const { range, timezone } = request.query;
      return { data: await journey.activity(callerOf(request).userId, range.toLowerCase(), timezone) };
    },
  );

  server.get(
    '/analytics/heroes',
    { schema: { tags, summary: 'The reading journey by hero', response: { 200: shapes.Heroes } } },
    async (request) => {
      const heroes = await journey.heroes(callerOf(request).userId);
      return {
        data: {
          heroes: heroes.map(({ avatarKey, ...hero }) => ({ ...hero, avatarUrl: media.address(avatarKey) })),
        },
      };
    },
  );

  server.get(
    '/analytics/milestones',
    {
      schema: {
        tags,
        summary: 'What was reached, and what comes next',
        querystring: Type.Object(shapes.timezoneQuery),
        response: { 200: shapes.Milestones },
      },
    },
    async (request) => {
      const told = await journey.milestones(callerOf(request).userId, request.query.timezone);
      return {
        data: {
          ...told,
          milestones: told.milestones.map((milestone) => ({
            ...milestone,
            // The app's parser of this date knows no fractions of seconds.
            unlockedAt: milestone.unlockedAt === null ? null : isoSecond(milestone.unlockedAt),
          })),
        },
      };
    },
  );

  server.get(
    '/analytics/insights',
    { schema: { tags, summary: 'Habits', response: { 200: shapes.Insights } } },
    async (request) => ({ data: { insights: await journey.insights(callerOf(request).userId) } }),
  );
}

/** A bound of a span: an instant, or a whole day by its date. */
const dayOrInstant = (text: string | undefined, field: string, time: string): number | null => {
  if (text === undefined) return null;
  return parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? text + time : text, field);
};
