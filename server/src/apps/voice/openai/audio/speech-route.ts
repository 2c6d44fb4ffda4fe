import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { speechFormats } from '../../../../platform/ai/speech-synthesizer.js';
import type { HttpServer } from '../../../../platform/http/server.js';
import type { Platform } from '../../../../platform/platform.js';
import { callerOfRequest, type VoiceCallers } from '../../callers.js';
import { signalOfDeparture } from '../../departure.js';
import { begun, sendEvents, serverSentEvent } from '../../event-stream.js';
import { speakable } from '../../speech/routes.js';
import { mediaTypes, type SpeechService } from '../../speech/service.js';
import { modelFor } from '../model-choice.js';
import { Open, oneOf } from '../shapes.js';

const SpeechBody = Type.Object(
  {
    model: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    input: Type.String({ description: '1 to 4,096 characters.' }),
    voice: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    instructions: Type.Optional(Type.String({ maxLength: 4_096 })),
    response_format: Type.Optional(oneOf(...speechFormats)),
    speed: Type.Optional(Type.Number({ minimum: 0.25, maximum: 4 })),
    stream_format: Type.Optional(oneOf('audio', 'sse')),
  },
  Open,
);

/** `POST /v1/audio/speech`, as sound or (`stream_format: "sse"`) as events. */
export function openaiSpeechRoute(
  server: HttpServer,
  { config }: Pick<Platform, 'config'>,
  service: SpeechService,
  callers: VoiceCallers,
): void {
  server.post(
    '/audio/speech',
    { schema: { tags: ['voice: OpenAI'], summary: 'A text as sound', body: SpeechBody } },
    async (request, reply) => {
      const { model, input, voice = 'alloy', instructions, speed = 1, stream_format } = request.body;
      const format = request.body.response_format ?? 'mp3';
      const text = speakable(input, 'input');
      const signal = signalOfDeparture(reply);
      const caller = await callerOfRequest(callers, request);
      const asked = {
        text,
        voice,
        format,
        speed,
        model: config.VOICE_SPEECH_MODEL,
        ...modelFor(caller, model, config.VOICE_SPEECH_MODEL),
        ...(instructions ? { instructions } : {}),
      };
      const sound = await begun(service.speak(caller, asked, signal));
      return stream_format === 'sse'
        ? sendEvents(reply, soundEvents(sound))
        : reply.type(mediaTypes[format]).send(Readable.from(sound));
    },
  );
}

async function* soundEvents(sound: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const piece of sound)
    yield serverSentEvent({ type: 'speech.audio.delta', audio: Buffer.from(piece).toString('base64') });
  yield serverSentEvent({
    type: 'speech.audio.done',
    usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
  });
}
