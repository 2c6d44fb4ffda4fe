import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOfRequest, type VoiceCallers } from '../callers.js';
import { signalOfDeparture } from '../departure.js';
import { readRecording } from './recordings.js';
import { Transcribed } from './schemas.js';
import type { TranscriptionService } from './service.js';

/** Contract §5.3. */
const MAX_SECONDS = 120;

/** `POST /api/transcribe`: a recording, as a form or raw, in words (contract §5.3). Its scope accepts recordings. */
export function transcribeRoute(
  server: HttpServer,
  service: TranscriptionService,
  callers: VoiceCallers,
): void {
  server.post(
    '/transcribe',
    {
      schema: {
        tags: ['voice: conversation'],
        summary: 'A recording in words',
        consumes: ['multipart/form-data', 'audio/webm', 'audio/mp4', 'audio/ogg', 'audio/wav'],
        querystring: Type.Object({ language: Type.Optional(Type.String({ maxLength: 10 })) }),
        response: { 200: Transcribed },
      },
    },
    async (request, reply) => {
      const signal = signalOfDeparture(reply);
      const caller = await callerOfRequest(callers, request);
      const { bytes, fields } = await readRecording(request);
      const given = new Map(fields);
      const language = given.get('language') ?? request.query.language;
      const heard = await service.transcribe(
        caller,
        bytes,
        { signal, ...(language ? { language } : {}) },
        MAX_SECONDS,
      );
      return {
        text: heard.text,
        language: heard.language ?? null,
        duration_s: heard.duration,
        segments: heard.segments.map(({ text, start, end }) => ({ text, start, end })),
        hears: heard.hears,
      };
    },
  );
}
