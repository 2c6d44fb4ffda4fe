import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { AppError, errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { callerOf } from '../../../platform/identity/caller.js';
import { ok, type RouteHooks } from '../route-hooks.js';
import { saidOrNull } from '../wire/instants.js';
import { queryText } from '../wire/query.js';
import { readUploads } from '../wire/uploads.js';
import { doneFrame, messageFrame } from './frames.js';
import { presentBareMessage, presentFile } from './presenter.js';
import type { ChatService } from './service.js';
import { chatWords } from './words.js';

const MAX_TEXT = 20_000;
const MAX_FILES = 4;
const MAX_FILE_BYTES = 20 << 20;
/** An hour of Opus. */
const MAX_VOICE_BYTES = 30 << 20;

/** Turns an uploaded voice message into words. */
export interface VoiceMessages {
  /** @throws AppError 400 for what is no recording */
  transcribe(
    upload: { readonly name: string; readonly bytes: Uint8Array },
    options: { readonly signal?: AbortSignal },
  ): Promise<{ readonly text: string }>;
}

/** The chat about one's own conversations: contract §5.4. */
export function chatRoutes(
  server: HttpServer,
  chat: ChatService,
  voice: VoiceMessages,
  hooks: RouteHooks,
): void {
  const route = hooks.authenticated;
  const tags = ['companion'];
  const ofApp = Type.Object({ app_id: queryText, dropdown_selected: queryText });
  const appIn = (query: { readonly app_id?: string }) => (saidOrNull(query.app_id) ?? '').slice(0, 200);

  server.get(
    '/v2/messages',
    { ...route, schema: { tags, summary: 'The chat, newest message first', querystring: ofApp } },
    async (request) => chat.list(callerOf(request).userId, appIn(request.query)),
  );

  server.post(
    '/v2/messages',
    {
      ...route,
      schema: {
        tags,
        summary: 'Asks; the answer is streamed in frames of `think:`, `data:` and a last `done:`',
        querystring: ofApp,
        body: Type.Object({
          text: Type.String({ maxLength: MAX_TEXT }),
          file_ids: Type.Optional(
            Type.Union([Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 }), Type.Null()]),
          ),
        }),
      },
    },
    async (request, reply) => {
      const { text, file_ids } = request.body;
      const fileIds = file_ids ?? [];
      if (text.trim() === '' && fileIds.length === 0)
        throw errors.validation('text must not be empty', { field: 'text' });
      const signal = leaving(reply);
      const { frames } = await chat.ask(
        callerOf(request).userId,
        { appId: appIn(request.query), text, fileIds },
        signal,
      );
      return stream(reply, frames);
    },
  );

  server.delete(
    '/v2/messages',
    { ...route, schema: { tags, summary: 'Clears the chat', querystring: ofApp } },
    async (request) => chat.clear(callerOf(request).userId, appIn(request.query)),
  );

  server.post(
    '/v2/initial-message',
    { ...route, schema: { tags, summary: 'A greeting', querystring: ofApp } },
    async (request) => chat.greet(callerOf(request).userId, appIn(request.query)),
  );

  server.post(
    '/v2/voice-messages',
    { ...route, schema: { tags, summary: 'Asks aloud; the answer is streamed', querystring: ofApp } },
    async (request, reply) => {
      const [recording] = await readUploads(request, {
        fields: ['files', 'file'],
        maxFiles: MAX_FILES,
        maxBytes: MAX_VOICE_BYTES,
      });
      if (!recording) throw errors.badRequest('Send a recording.');
      const { userId } = callerOf(request);
      const signal = leaving(reply);
      return stream(reply, spoken(userId, appIn(request.query), recording, signal));
    },
  );

  /** What was said comes back first, then its answer. Even a failure is told as an answer: the app shows nothing else. */
  async function* spoken(
    userId: string,
    appId: string,
    recording: Parameters<VoiceMessages['transcribe']>[0],
    signal: AbortSignal,
  ): AsyncGenerator<string> {
    const text = await voice.transcribe(recording, { signal }).then(
      (heard) => heard.text.trim(),
      (error: unknown) => {
        if (error instanceof AppError) return error;
        throw error;
      },
    );
    if (typeof text !== 'string' || text === '') {
      const reason = typeof text === 'string' ? chatWords('en', 'UTC').notHeard : text.message;
      const told = await chat.add({ user_id: userId, app_id: appId, sender: 'ai', text: reason });
      yield doneFrame(await chat.presentOne(userId, told));
      return;
    }
    const { asked, frames } = await chat.ask(userId, { appId, text, fileIds: [] }, signal);
    yield messageFrame(presentBareMessage(asked));
    yield* frames;
  }

  server.post(
    '/v2/files',
    { ...route, schema: { tags, summary: 'Sends files to ask about', querystring: ofApp } },
    async (request) => {
      const uploads = await readUploads(request, {
        fields: ['files', 'file'],
        maxFiles: MAX_FILES,
        maxBytes: MAX_FILE_BYTES,
      });
      return (await chat.addFiles(callerOf(request).userId, uploads)).map(presentFile);
    },
  );

  server.post(
    '/v2/messages/:id/report',
    {
      ...route,
      schema: { tags, summary: 'Reports an answer', params: Type.Object({ id: Type.String() }) },
    },
    async (request) => {
      await chat.mark(callerOf(request).userId, request.params.id, { reported: 1 });
      return ok;
    },
  );

  server.post(
    '/v1/users/analytics/chat_message',
    {
      ...route,
      schema: {
        tags,
        summary: 'Rates an answer',
        querystring: Type.Object({ message_id: queryText, value: Type.Optional(Type.Integer()) }),
      },
    },
    async (request) => {
      const { message_id, value } = request.query;
      if (message_id === undefined || value === undefined)
        throw errors.badRequest('Send message_id and value.');
      await chat.mark(callerOf(request).userId, message_id, { rating: value });
      return ok;
    },
  );
}

/** Aborts when the connection ends, whether the answer was complete or not. */
function leaving(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  return left.signal;
}

/** One write for each frame, and nothing on the way that collects or compresses them. */
const stream = (reply: FastifyReply, frames: AsyncGenerator<string>): FastifyReply =>
  reply
    .type('text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache, no-transform')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(frames));
