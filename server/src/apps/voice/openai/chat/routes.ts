import type { TextEvent } from '../../../../platform/ai/text-generator.js';
import type { Clock } from '../../../../platform/clock.js';
import type { AppError } from '../../../../platform/http/errors.js';
import type { HttpServer } from '../../../../platform/http/server.js';
import { callerOfRequest, type VoiceCallers } from '../../callers.js';
import { signalOfDeparture } from '../../departure.js';
import { begun, sendEvents, serverSentEvent, withLastWord } from '../../event-stream.js';
import { presentOpenAIError } from '../../present-error.js';
import type { TextService } from '../text-service.js';
import { chatIdentity, presentChunks, presentCompletion } from './presenter.js';
import { readChat } from './reader.js';
import { ChatBody } from './schemas.js';

/** Conversations with pictures are long. */
export const BODY_BYTES = 20 * 1_048_576;

export function chatRoute(
  server: HttpServer,
  clock: Clock,
  service: TextService,
  callers: VoiceCallers,
): void {
  server.post(
    '/chat/completions',
    {
      bodyLimit: BODY_BYTES,
      schema: { tags: ['voice: OpenAI'], summary: 'Chat Completions', body: ChatBody },
    },
    async (request, reply) => {
      const { body } = request;
      const question = readChat(body);
      const signal = signalOfDeparture(reply);
      const caller = await callerOfRequest(callers, request);
      const answer = service.stream(caller, question, signal);
      const identity = chatIdentity(clock.now(), body.model);
      if (body.stream) {
        const chunks = presentChunks(
          identity,
          await begun(answer),
          body.stream_options?.include_usage ?? false,
        );
        return sendEvents(reply, withLastWord(chunks, request, presentFailure));
      }
      const events: TextEvent[] = [];
      for await (const event of answer) events.push(event);
      return presentCompletion(identity, events);
    },
  );
}

/** A stream that breaks off ends with OpenAI's error body. */
const presentFailure = (error: AppError): string => serverSentEvent(presentOpenAIError(error));
