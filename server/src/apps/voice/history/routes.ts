import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { presentMessage, presentSession } from './presenter.js';
import { Gone, MessageShape, Params, SessionShape } from './schemas.js';
import { DEVICE_TOKEN_HEADER, type HistoryService } from './service.js';

const tags = ['voice: history'];

/** The conversations of the device that holds the token (contract §6.2). */
export function historyRoutes(server: HttpServer, history: HistoryService): void {
  const ownerOf = ({ headers }: Pick<FastifyRequest, 'headers'>) =>
    history.ownerOf(headers[DEVICE_TOKEN_HEADER]);

  server.get(
    '/sessions',
    {
      schema: {
        tags,
        summary: 'The device’s conversations, newest first',
        response: { 200: Type.Object({ sessions: Type.Array(SessionShape) }) },
      },
    },
    async (request) => ({ sessions: (await history.sessions(ownerOf(request))).map(presentSession) }),
  );

  server.get(
    '/sessions/:id/messages',
    {
      schema: {
        tags,
        summary: 'What was said, oldest first',
        params: Params,
        response: { 200: Type.Object({ messages: Type.Array(MessageShape) }) },
      },
    },
    async (request) => {
      const messages = await history.messages(ownerOf(request), request.params.id);
      return { messages: messages.map(presentMessage) };
    },
  );

  server.post(
    '/sessions/:id/end',
    { schema: { tags, summary: 'Notes that it is over', params: Params, response: { 204: Gone } } },
    async (request, reply) => {
      await history.end(ownerOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );

  server.delete(
    '/sessions/:id',
    { schema: { tags, summary: 'Forgets one', params: Params, response: { 204: Gone } } },
    async (request, reply) => {
      await history.remove(ownerOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );

  server.delete(
    '/sessions',
    { schema: { tags, summary: 'Forgets all of them', response: { 204: Gone } } },
    async (request, reply) => {
      await history.removeAll(ownerOf(request));
      return reply.code(204).send(null);
    },
  );
}
