import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { matchesEntityTag } from '../../../platform/http/byte-ranges.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { parseInstant } from '../../../platform/http/timestamps.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { RouteHooks } from '../route-hooks.js';
import { presentFile, presentOrder, presentStatus } from './presenter.js';
import {
  AudioFiles,
  Deleted,
  FileParams,
  GenerateAnswer,
  GenerateBody,
  HashParams,
  ListQuery,
  NotModified,
  SinceParams,
  StatusAnswer,
} from './schemas.js';
import type { FileService } from './service.js';
import type { AudioFile } from './store.js';

const tags = ['speech'];

export function fileRoutes(server: HttpServer, files: FileService, { authenticated }: RouteHooks): void {
  server.post(
    '/tts/generate',
    {
      ...authenticated,
      preValidation: readNumericSpeed,
      schema: {
        tags,
        summary: 'Turn a text into audio',
        description:
          'Answers at once; poll the status of `content_hash`. The same content is made once per user.',
        body: GenerateBody,
        response: { 200: GenerateAnswer },
      },
    },
    async (request) => {
      const { openai_token: apiKey, ...order } = request.body;
      return presentOrder(await files.order(callerOf(request).userId, { ...order, apiKey }));
    },
  );

  for (const url of ['/tts/status/:contentHash', '/tts/:contentHash/status']) {
    server.get(
      url,
      {
        ...authenticated,
        schema: {
          tags,
          summary: 'How far a text is',
          params: HashParams,
          response: { 200: StatusAnswer },
        },
      },
      async (request) =>
        presentStatus(await files.byHash(callerOf(request).userId, request.params.contentHash)),
    );
  }

  server.get(
    '/tts/files',
    {
      ...authenticated,
      schema: {
        tags,
        summary: "The caller's files, newest first",
        querystring: ListQuery,
        response: { 200: AudioFiles, 304: NotModified },
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const { limit, cursor } = request.query;
      // A page is its own version; that of all files costs less than reading them.
      const page = limit === undefined ? null : await files.list(userId, { limit, cursor });
      const version = page ? pageVersion(page) : [await files.listVersion(userId), cursor ?? ''].join('/');
      const tag = `W/"${createHash('sha256').update(version).digest('base64url').slice(0, 22)}"`;
      reply.header('etag', tag).header('cache-control', 'private, no-cache');
      if (matchesEntityTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
      return (page ?? (await files.list(userId, { limit, cursor }))).map(presentFile);
    },
  );

  server.get(
    '/tts/files/since/:timestamp',
    {
      ...authenticated,
      schema: {
        tags,
        summary: 'Files created, finished or failed since an instant',
        params: SinceParams,
        response: { 200: AudioFiles },
      },
    },
    async (request) => {
      const since = parseInstant(request.params.timestamp, 'params/timestamp');
      return (await files.changedSince(callerOf(request).userId, since)).map(presentFile);
    },
  );

  for (const url of ['/tts/delete/:fileId', '/tts/:fileId']) {
    server.delete(
      url,
      {
        ...authenticated,
        schema: { tags, summary: 'Delete a file at once', params: FileParams, response: { 200: Deleted } },
      },
      async (request) => {
        await files.remove(callerOf(request).userId, request.params.fileId);
        return { deleted: true as const };
      },
    );
  }
}

/** Differs whenever what a page shows does. */
const pageVersion = (page: readonly AudioFile[]): string =>
  page
    .map(({ id, status, updated_at, chunks_done }) => [id, status, updated_at, chunks_done].join('-'))
    .join('/');

/** Some clients send `"speed": "1.5"`. */
async function readNumericSpeed(request: FastifyRequest): Promise<void> {
  const { body } = request;
  if (!body || typeof body !== 'object' || !('speed' in body) || typeof body.speed !== 'string') return;
  const speed = Number(body.speed);
  if (body.speed.trim() !== '' && !Number.isNaN(speed)) body.speed = speed;
}
