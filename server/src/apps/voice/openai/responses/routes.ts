import type { TextEvent } from '../../../../platform/ai/text-generator.js';
import type { Clock } from '../../../../platform/clock.js';
import type { HttpServer } from '../../../../platform/http/server.js';
import { callerOfRequest, type VoiceCallers } from '../../callers.js';
import { signalOfDeparture } from '../../departure.js';
import { begun, sendEvents, serverSentEvent, withLastWord } from '../../event-stream.js';
import { BODY_BYTES } from '../chat/routes.js';
import type { TextService } from '../text-service.js';
import { type ResponseEvent, type ResponseInTheMaking, responseInTheMaking } from './presenter.js';
import { readResponses } from './reader.js';
import { ResponsesBody } from './schemas.js';

export function responsesRoute(
  server: HttpServer,
  clock: Clock,
  service: TextService,
  callers: VoiceCallers,
): void {
  server.post(
    '/responses',
    {
      bodyLimit: BODY_BYTES,
      schema: { tags: ['voice: OpenAI'], summary: 'Responses', body: ResponsesBody },
    },
    async (request, reply) => {
      const { body } = request;
      const question = readResponses(body);
      const signal = signalOfDeparture(reply);
      const caller = await callerOfRequest(callers, request);
      const answer = service.stream(caller, question, signal);
      const response = responseInTheMaking(body, clock.now());
      if (body.stream) {
        const events = eventsOf(response, await begun(answer));
        return sendEvents(reply, numbered(withLastWord(events, request, response.fail)));
      }
      for await (const event of answer) response.take(event);
      return response.current();
    },
  );
}

async function* eventsOf(
  response: ResponseInTheMaking,
  answer: AsyncIterable<TextEvent>,
): AsyncGenerator<ResponseEvent> {
  yield* response.begin();
  for await (const event of answer) yield* response.take(event);
}

async function* numbered(events: AsyncIterable<ResponseEvent>): AsyncGenerator<string> {
  let number = 0;
  for await (const event of events) {
    yield serverSentEvent({ ...event, sequence_number: number }, event.type);
    number += 1;
  }
}
