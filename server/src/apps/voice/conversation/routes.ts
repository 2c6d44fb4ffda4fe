import type { Clock } from '../../../platform/clock.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOfRequest, type VoiceCallers } from '../callers.js';
import { signalOfDeparture } from '../departure.js';
import { begun, sendEvents, withLastWord } from '../event-stream.js';
import { DEVICE_TOKEN_HEADER, type HistoryService } from '../history/service.js';
import type { UsageService } from '../usage/service.js';
import { presentTurn, presentTurnEvent, presentTurnFailure } from './presenter.js';
import { ConversationAnswer, ConversationBody } from './schemas.js';
import { type ConversationService, questionOf, type Turn, type TurnEvent } from './service.js';

const tags = ['voice: conversation'];
/** Contract §7. */
const BODY_BYTES = 64 * 1_024;

/** `POST /api/conversation`: a question in words, the answer in words, and aloud when asked (contract §5.1). */
export function conversationRoute(
  server: HttpServer,
  clock: Clock,
  {
    service,
    history,
    usage,
  }: {
    readonly service: ConversationService;
    readonly history: HistoryService;
    readonly usage: UsageService;
  },
  callers: VoiceCallers,
): void {
  server.post(
    '/conversation',
    {
      bodyLimit: BODY_BYTES,
      schema: {
        tags,
        summary: 'Ask the assistant',
        body: ConversationBody,
        response: { 200: ConversationAnswer },
      },
    },
    async (request, reply) => {
      const { message, history: before, apiKey, sessionId, stream, voice, format = 'mp3' } = request.body;
      const question = questionOf(message, before);
      const askedAt = clock.now();
      const owner = history.keeperOf(request.headers[DEVICE_TOKEN_HEADER], sessionId);
      const caller = await callerOfRequest(callers, request, apiKey);
      const keep = async ({ text }: Turn) => {
        await usage.count(caller);
        if (owner === null || sessionId === undefined) return;
        await history
          .keep(owner, { sessionId, question: question.message, askedAt, answer: text })
          // The answer is worth more than its copy.
          .catch((error: unknown) => request.log.error({ err: error }, 'a turn could not be kept'));
      };
      const signal = signalOfDeparture(reply);
      if (!stream && !request.headers.accept?.includes('text/event-stream'))
        return presentTurn(await service.answer(caller, question, { signal, keep }));
      const spokenIn = voice === undefined ? {} : { spokenIn: { voice, format } };
      const events = await begun(service.stream(caller, question, { signal, keep, ...spokenIn }));
      return sendEvents(reply, withLastWord(presented(events), request, presentTurnFailure));
    },
  );
}

async function* presented(events: AsyncIterable<TurnEvent>): AsyncGenerator<string> {
  for await (const event of events) yield presentTurnEvent(event);
}
