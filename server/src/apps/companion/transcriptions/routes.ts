import { Type } from 'typebox';
import type { TranscriptSpan } from '../../../platform/ai/transcriber.js';
import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import type { Recordings } from '../listening/recordings.js';
import type { Rooms } from '../rooms.js';
import type { RouteHooks } from '../route-hooks.js';
import type { TranscriptionRow } from '../tables.js';
import { isoOf, saidOrNull } from '../wire/instants.js';
import { queryText } from '../wire/query.js';
import { readUploads } from '../wire/uploads.js';
import type { TranscriptionService } from './service.js';

const maxBytes = 64 << 20;
/** Of a message that is spoken into the chat's text box. */
const spoken = { fields: ['files', 'file', 'audio'], maxFiles: 1, maxBytes: 32 << 20 };

/** Words of single recordings: contract §9 and `v2/voice-message/transcribe` of §5.4. */
export function transcriptionRoutes(
  server: HttpServer,
  rooms: Pick<Rooms, 'users'> & {
    readonly transcriptions: TranscriptionService;
    readonly recordings: Recordings;
  },
  hooks: RouteHooks,
): void {
  const { transcriptions, recordings, users } = rooms;
  const language = async (userId: string, asked: string | undefined) =>
    saidOrNull(asked) ?? (await users.profile(userId))?.language ?? null;

  server.post(
    '/v1/transcriptions',
    {
      ...hooks.authenticated,
      schema: {
        tags: ['companion'],
        summary: 'The words of a recording',
        querystring: Type.Object({ language: queryText }),
      },
    },
    async (request, reply) => {
      const { userId } = callerOf(request);
      const [file] = await readUploads(request, {
        fields: ['file', 'files', 'audio'],
        maxFiles: 1,
        maxBytes,
      });
      if (!file) throw errors.badRequest('Send a recording in the field "file".');
      const row = await transcriptions.transcribe(
        userId,
        file,
        await language(userId, request.query.language),
      );
      return reply.code(201).send(presentTranscription(row));
    },
  );

  server.get(
    '/v1/transcriptions/:id',
    {
      ...hooks.authenticated,
      schema: {
        tags: ['companion'],
        summary: 'A transcription, finished or not',
        params: Type.Object({ id: Type.String() }),
      },
    },
    async (request) =>
      presentTranscription(await transcriptions.find(callerOf(request).userId, request.params.id)),
  );

  server.post(
    '/v2/voice-message/transcribe',
    {
      ...hooks.authenticated,
      schema: { tags: ['companion'], summary: 'The words of a spoken chat message' },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const files = await readUploads(request, spoken);
      const heard = [];
      for (const file of files)
        heard.push(await recordings.transcribe(file, { language: await language(userId, undefined) }));
      const transcript = heard
        .map(({ text }) => text)
        .join(' ')
        .trim();
      if (transcript === '') throw errors.badRequest('Nothing was understood in this recording.');
      return { transcript };
    },
  );
}

function presentTranscription(row: TranscriptionRow): Record<string, unknown> {
  const spans = JSON.parse(row.segments) as TranscriptSpan[];
  return {
    id: row.id,
    status: row.status,
    text: row.text,
    transcript: row.text,
    segments: spans.map(({ text, start, end }, index) => ({
      id: `${row.id}-${index}`,
      text,
      speaker: 'SPEAKER_00',
      speaker_id: 0,
      is_user: false,
      person_id: null,
      start,
      end,
    })),
    language: row.language,
    duration: row.duration,
    conversation_id: row.conversation_id,
    created_at: isoOf(row.created_at),
  };
}
