import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { speechFormats } from '../../../platform/ai/speech-synthesizer.js';
import { AppError, errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import type { Platform } from '../../../platform/platform.js';
import { callerOfRequest, type VoiceCallers } from '../callers.js';
import { signalOfDeparture } from '../departure.js';
import { begun } from '../event-stream.js';
import { plainText } from '../speaking/plain-text.js';
import { mediaTypes, type SpeechService } from './service.js';

const SPEECH_CHARACTERS = 4_096;
const DEFAULT_VOICE = 'alloy';

const SpeakBody = Type.Object({
  text: Type.String({ description: `1 to ${SPEECH_CHARACTERS} characters; marks of Markdown are not read.` }),
  voice: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  format: Type.Optional(
    Type.Unsafe<(typeof speechFormats)[number]>({ type: 'string', enum: [...speechFormats] }),
  ),
  speed: Type.Optional(Type.Number({ minimum: 0.25, maximum: 4 })),
  apiKey: Type.Optional(Type.String()),
});

/** `POST /api/speak`: words as sound, from the first sentence on (contract §5.3). */
export function speakRoute(
  server: HttpServer,
  { config }: Pick<Platform, 'config'>,
  service: SpeechService,
  callers: VoiceCallers,
): void {
  server.post(
    '/speak',
    { schema: { tags: ['voice: conversation'], summary: 'Hear a text', body: SpeakBody } },
    async (request, reply) => {
      const { text: given, voice = DEFAULT_VOICE, format = 'mp3', speed = 1, apiKey } = request.body;
      const text = speakable(plainText(given), 'text');
      const caller = await callerOfRequest(callers, request, apiKey);
      const asked = { text, voice, format, speed, model: config.VOICE_SPEECH_MODEL };
      const sound = await begun(service.speak(caller, asked, signalOfDeparture(reply)));
      return reply.type(mediaTypes[format]).send(Readable.from(sound));
    },
  );
}

/**
 * @param field as the client calls it
 * @throws AppError 400 for nothing to speak, 413 for too much
 */
export function speakable(text: string, field: string): string {
  if (text.trim() === '') throw errors.validation(`${field} must not be empty`, { field });
  if ([...text].length > SPEECH_CHARACTERS)
    throw new AppError('TOO_LARGE', 413, `${field} is longer than ${SPEECH_CHARACTERS} characters.`, {
      field,
    });
  return text;
}
