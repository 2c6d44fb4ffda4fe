import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { AppError } from '../../../platform/http/errors.js';
import type { UpgradeRoute } from '../../../platform/http/upgrades.js';
import { presentConversation, presentSegment } from '../conversations/presenter.js';
import { companionJson } from '../wire/json.js';
import type { Hub } from './hub.js';
import { messageIn } from './listen-messages.js';
import { listenQuery } from './listen-query.js';
import { isHandmadePong } from './listen-sockets.js';
import { openSession, type SessionParts } from './session.js';
import type { SessionNews, SessionVoice } from './session-voice.js';

/** Who asks for more than a ping and does not say who they are in this time is let go (contract §9). */
const graceMilliseconds = 5_000;
const unauthorized = 4401;

const Auth = Type.Object({ token: Type.String({ minLength: 1, maxLength: 10_000 }) });
const isAuth = Compile(Auth);
const isAudio = Compile(Type.Object({ data: Type.String() }));
const scalar = Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()]));
const isStart = Compile(
  Type.Object({ codec: scalar, sample_rate: scalar, language: scalar, conversation_timeout: scalar }),
);

export const isWsAddress = (url: URL): boolean => /^\/+ws\/*$/.test(url.pathname);

/**
 * `/ws` of the requirements (contract §9): JSON text, both ways. Anybody may `ping`; who has said who they are may `start`
 * and send audio, as binary messages or base64, and hears `transcript`, `progress` and what becomes of the conversation.
 */
export function wsRoute(hub: Hub, parts: SessionParts): UpgradeRoute {
  const { clock, log } = parts.platform;
  return (request, raw, head, url) => {
    if (!isWsAddress(url)) return false;
    raw.on('error', () => raw.destroy());
    const token = url.searchParams.get('token') ?? url.searchParams.get('access_token');
    const isNamed = token !== null || request.headers.authorization !== undefined;
    const mayBeKnown = isNamed || request.headers.cookie !== undefined;
    hub.open(request, raw, head, (connection, peer) => {
      const say = (type: string, more: Readonly<Record<string, unknown>> = {}) =>
        connection.send(companionJson({ type, ...more }));
      const refuse = (code: string, error: string) => say('error', { code, error, message: error });
      const voice: SessionVoice = {
        tell: (news) => connection.send(wsMessage(news)),
        end: (code, reason) => connection.close(code, reason),
      };
      let grace: NodeJS.Timeout | undefined;
      connection.socket.once('close', () => clearTimeout(grace));
      const identify = async (said: string | null): Promise<void> => {
        const caller = await hub.verify(request, said);
        clearTimeout(grace);
        hub.admit(peer(), caller);
        say('authenticated', { user_id: caller.userId });
      };
      const lock = (message: string): void => {
        refuse('UNAUTHORIZED', message);
        grace ??= setTimeout(() => connection.close(unauthorized, 'not authenticated'), graceMilliseconds);
      };
      const start = async (query: Record<string, unknown>): Promise<void> => {
        const asked = new URLSearchParams({ codec: 'pcm16', sample_rate: '16000' });
        for (const [name, value] of [...url.searchParams, ...Object.entries(query)])
          if (value !== null && value !== undefined && name !== 'type') asked.set(name, String(value));
        const read = listenQuery(asked);
        if ('refusal' in read) return refuse('VALIDATION_FAILED', read.refusal);
        const { userId } = peer();
        if (userId === null || peer().session) return;
        const session = await openSession(parts, { userId, ...read }, voice);
        peer().session = session;
        if (!connection.isOpen) return session.finish();
        say('started', { conversation_id: session.conversationId });
      };
      const stop = async (): Promise<void> => {
        const { session } = peer();
        peer().session = null;
        await session?.finish();
        say('stopped', { conversation_id: session?.conversationId ?? null });
      };
      let receivedBytes = 0;
      let toldAt = 0;
      const take = (message: Uint8Array): void => {
        if (isHandmadePong(message)) return;
        peer().session?.audio(message);
        receivedBytes += message.length;
        if (clock.now() - toldAt < 1_000) return;
        toldAt = clock.now();
        say('progress', { received_bytes: receivedBytes });
      };
      const act = async (said: NonNullable<ReturnType<typeof messageIn>>): Promise<void> => {
        if (said.type === 'auth') {
          if (!isAuth.Check(said)) return refuse('VALIDATION_FAILED', 'token is required');
          return identify(said.token).catch((error: unknown) => {
            if (!(error instanceof AppError)) throw error;
            lock(error.message);
          });
        }
        if (peer().userId === null) return lock('Say who you are first: {"type":"auth","token":"…"}');
        if (said.type === 'start') {
          if (!isStart.Check(said))
            return refuse('VALIDATION_FAILED', 'start takes codec, sample_rate, language');
          return start({ ...said });
        }
        if (said.type === 'audio') {
          if (!isAudio.Check(said)) return refuse('VALIDATION_FAILED', 'data must be audio in base64');
          if (!peer().session) await start({});
          return take(Buffer.from(said.data, 'base64'));
        }
        if (said.type === 'stop') return stop();
        refuse('UNKNOWN_TYPE', 'Known types: ping, auth, start, audio, stop');
      };
      const inTurn = (work: () => Promise<void>) =>
        connection.inTurn(() =>
          work().catch((error: unknown) => {
            if (!(error instanceof AppError)) log.error({ err: error }, 'a message of /ws failed');
            const { code, message } =
              error instanceof AppError ? error : { code: 'INTERNAL_ERROR', message: 'Please try again.' };
            refuse(code, message);
          }),
        );
      if (mayBeKnown)
        inTurn(() =>
          identify(token).catch((error: unknown) => {
            if (!(error instanceof AppError)) throw error;
            if (!isNamed) return; // a cookie of something else
            refuse(error.code, error.message);
            connection.close(unauthorized, 'not authenticated');
          }),
        );
      return {
        ping: () => {},
        hear: (message, isBinary) => {
          if (isBinary) {
            return inTurn(async () => {
              if (peer().userId === null) return lock('Say who you are first: {"type":"auth","token":"…"}');
              if (!peer().session) await start({});
              take(message);
            });
          }
          const said = messageIn(message.toString('utf8'));
          if (!said) return refuse('INVALID_JSON', 'Send JSON objects with a type');
          if (said.type === 'ping')
            return say('pong', {
              timestamp: said.timestamp ?? null,
              time: new Date(clock.now()).toISOString(),
            });
          if (said.type !== 'pong') inTurn(() => act(said));
        },
      };
    });
    return true;
  };
}

function wsMessage(news: SessionNews): string {
  switch (news.kind) {
    case 'segments':
      return companionJson({
        type: 'transcript',
        conversation_id: news.conversationId,
        segments: news.segments.map(presentSegment),
      });
    case 'translating':
      return companionJson({ type: 'translation', segments: news.segments.map(presentSegment) });
    case 'status':
      return companionJson({ type: 'status', status: news.status, message: news.text ?? null });
    case 'last':
      return companionJson({ type: 'last_conversation', conversation_id: news.conversationId });
    case 'processing':
    case 'created':
      return companionJson({
        type: news.kind === 'processing' ? 'conversation_processing' : 'conversation_created',
        conversation: presentConversation(news.conversation),
      });
    case 'photo-received':
      return companionJson({ type: 'photo', photo_id: news.photoId });
    case 'photo-described':
      return companionJson({ type: 'photo', photo_id: news.photoId, description: news.description });
    case 'speaker':
      return companionJson({
        type: 'speaker_suggestion',
        speaker: news.speaker,
        person_id: news.personId,
        person_name: news.personName,
        segment_id: news.segmentId,
      });
  }
}
