import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant, parseInstant } from '../../../platform/http/timestamps.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { Deleted } from '../files/schemas.js';
import type { FileService } from '../files/service.js';
import type { RouteHooks } from '../route-hooks.js';
import {
  DeletedFiles,
  DeletedFilesQuery,
  DocumentParams,
  PlaybackState as PlaybackStateShape,
  PlaybackStates,
  SyncBody,
} from './schemas.js';
import type { PlaybackService } from './service.js';
import type { PlaybackState } from './store.js';

const tags = ['speech'];

const present = ({ user_id, ...state }: PlaybackState) => ({
  ...state,
  is_playing: state.is_playing === 1,
  is_paused: state.is_paused === 1,
  is_loading: state.is_loading === 1,
  created_at: isoInstant(state.created_at),
  updated_at: isoInstant(state.updated_at),
});

export function playbackRoutes(
  server: HttpServer,
  playback: PlaybackService,
  files: FileService,
  { authenticated }: RouteHooks,
): void {
  server.post(
    '/playback/sync',
    {
      ...authenticated,
      schema: {
        tags,
        summary: 'Report how far a document was heard',
        body: SyncBody,
        response: { 200: PlaybackStateShape },
      },
    },
    async (request) => {
      const { body } = request;
      return present(
        await playback.report(callerOf(request).userId, {
          documentId: body.document_id,
          title: body.title,
          text: body.text_content,
          languageCode: body.language_code ?? null,
          resumeKey: body.resume_key,
          progress: body.progress,
          isPlaying: body.is_playing,
          isPaused: body.is_paused,
          isLoading: body.is_loading,
          currentTitle: body.current_title,
          at: body.updated_at === undefined ? null : parseInstant(body.updated_at, 'body/updated_at'),
        }),
      );
    },
  );

  server.get(
    '/playback/states',
    {
      ...authenticated,
      schema: { tags, summary: 'All documents, last heard first', response: { 200: PlaybackStates } },
    },
    async (request) => (await playback.list(callerOf(request).userId)).map(present),
  );

  server.get(
    '/playback/state/:documentId',
    {
      ...authenticated,
      schema: {
        tags,
        summary: 'One document, or null',
        params: DocumentParams,
        response: { 200: Type.Union([PlaybackStateShape, Type.Null()]) },
      },
    },
    async (request, reply) => {
      const state = await playback.one(callerOf(request).userId, request.params.documentId);
      // Fastify sends nothing for null; clients read the JSON literal.
      return state
        ? present(state)
        : reply
            .type('application/json; charset=utf-8')
            .serializer(() => 'null')
            .send('null' as never);
    },
  );

  server.delete(
    '/playback/state/:documentId',
    {
      ...authenticated,
      schema: { tags, summary: 'Forget a document', params: DocumentParams, response: { 200: Deleted } },
    },
    async (request) => {
      await playback.remove(callerOf(request).userId, request.params.documentId);
      return { deleted: true as const };
    },
  );

  server.get(
    '/playback/deleted-files',
    {
      ...authenticated,
      schema: {
        tags,
        summary: 'Files that were deleted or ran out since an instant',
        querystring: DeletedFilesQuery,
        response: { 200: DeletedFiles },
      },
    },
    async (request) => {
      const { since } = request.query;
      const from = since === undefined ? null : parseInstant(since, 'querystring/since');
      return { deleted_files: await files.goneSince(callerOf(request).userId, from) };
    },
  );
}
