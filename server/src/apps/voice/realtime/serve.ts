import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import type { Log } from '../../../platform/telemetry/log.js';
import type { VoiceCaller } from '../callers.js';
import type { EngineChoice } from '../engines.js';
import { effectiveSession, isMembers, type RealtimeSession } from '../realtime-sessions/configuration.js';
import type { UsageService } from '../usage/service.js';
import { asAppError, CLOSE, type ClientConnection, LONGEST_SESSION_MS } from './client-connection.js';
import { errorEvent, inWords, parseEvent, type RealtimeEvent, RealtimeProblem } from './events.js';
import type { Handshake } from './handshake.js';
import { createLocalSession } from './local/session.js';
import type { Peer } from './peer.js';
import { proxyRealtime } from './proxy.js';
import { connectUpstream, noRealtime } from './upstream.js';

/** An upstream that was found to have no Realtime endpoint is not asked again for so long. */
const NO_REALTIME_MS = 5 * 60_000;

/** Finds who answers a client, an upstream or this server's own engines, and brings the two together. */
export type Serve = (
  client: ClientConnection,
  handshake: Handshake,
  caller: VoiceCaller,
  log: Log,
) => Promise<void>;

export function createServe(
  { config, text, clock }: Platform,
  engines: EngineChoice,
  usage: UsageService,
): Serve {
  let withoutRealtimeUntil = 0;

  /** Whether an upstream is to be tried, and with which key. */
  const upstreamFor = ({ apiKey }: VoiceCaller): { readonly apiKey: string | undefined } | null => {
    if (config.VOICE_REALTIME === 'local') return null;
    if (config.VOICE_REALTIME === 'auto' && performance.now() < withoutRealtimeUntil) return null;
    if (apiKey !== undefined) return { apiKey };
    const isChosen = text.engine === 'openai' || config.VOICE_REALTIME === 'proxy';
    const hasOne = config.OPENAI_API_KEY !== undefined || config.OPENAI_BASE_URL !== undefined;
    return isChosen && hasOne ? { apiKey: config.OPENAI_API_KEY } : null;
  };
  const upstreamUrl = (model: string, isTranscription: boolean): string => {
    const base = (config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1').replace(/\/$/, '');
    const query = isTranscription ? 'intent=transcription' : `model=${encodeURIComponent(model)}`;
    return `${base.replace(/^http/, 'ws')}/realtime?${query}`;
  };

  const countAnswers = (caller: VoiceCaller, events: readonly RealtimeEvent[]) => {
    if (events.some(isAnswered)) void usage.count(caller);
  };

  const throughUpstream = (
    client: ClientConnection,
    upstream: WebSocket,
    caller: VoiceCaller,
    apiKey: string | undefined,
  ) => {
    const { dialect, socket } = client;
    const isSame = dialect.name === 'current';
    const translate = (message: string): string | null => {
      try {
        return JSON.stringify(dialect.fromClient(parseEvent(message)));
      } catch (error) {
        client.send(errorEvent(inWords(error)));
        return null;
      }
    };
    proxyRealtime(
      {
        socket,
        translate: isSame ? null : translate,
        receiveBy: client.receiveBy,
        deliver: (raw, sent) => {
          if (ANSWER_ENDED.test(raw.slice(0, 400))) countAnswers(caller, eventsIn(raw));
          if (!isSame) for (const event of eventsIn(raw)) client.send(event, sent);
          else if (socket.readyState === WebSocket.OPEN) socket.send(raw, sent);
        },
        send: client.send,
        close: client.close,
      },
      upstream,
      { session: caller.session, apiKey, now: () => performance.now() },
    );
  };

  const byOwnEngines = (
    client: ClientConnection,
    { isTranscription }: Handshake,
    caller: VoiceCaller,
    model: string,
    log: Log,
  ) => {
    const { apiKey, session } = caller;
    const { dialect } = client;
    const chosen: RealtimeSession = isTranscription
      ? { ...session, type: 'transcription' }
      : (session ?? { type: 'realtime' });
    let peer: Peer;
    try {
      peer = createLocalSession({
        engines: engines.enginesFor(apiKey),
        apiKey,
        speechModel: config.VOICE_SPEECH_MODEL,
        textModel: config.VOICE_MODEL,
        session: effectiveSession(
          chosen,
          { model, instructions: config.VOICE_INSTRUCTIONS },
          Math.floor((clock.now() + LONGEST_SESSION_MS) / 1_000),
        ),
        send: (event) => {
          client.send(event);
          countAnswers(caller, [event]);
        },
        drained: client.drained,
        log: (error) => log.warn({ err: error }, 'a realtime turn failed'),
        now: () => performance.now(),
      });
    } catch (error) {
      client.send(errorEvent(inWords(error)));
      client.close(CLOSE.failed, 'invalid_session');
      return;
    }
    client.socket.on('close', peer.close);
    client.receiveBy((data, isBinary) => {
      try {
        if (isBinary) throw new RealtimeProblem('invalid_event', 'Messages are JSON text.');
        peer.receive(dialect.fromClient(parseEvent(String(data))));
      } catch (error) {
        client.send(errorEvent(inWords(error)));
      }
    });
  };

  return async (client, handshake, caller, log) => {
    const model = handshake.model ?? modelOf(caller.session) ?? config.VOICE_REALTIME_MODEL;
    const target = upstreamFor(caller);
    if (target) {
      const url = upstreamUrl(model, handshake.isTranscription);
      const upstream = await connectUpstream({ url, ...target }, client.gone).catch((error: unknown) => {
        if (!client.gone.aborted) client.fail(asAppError(error));
        return null;
      });
      if (upstream === null) return;
      if (upstream !== noRealtime) {
        log.info({ mode: 'proxy', dialect: client.dialect.name }, 'a realtime connection began');
        throughUpstream(client, upstream, caller, target.apiKey);
        return;
      }
      if (config.VOICE_REALTIME === 'proxy') {
        client.fail(errors.upstreamFailed('The assistant’s provider has no Realtime endpoint.'));
        return;
      }
      withoutRealtimeUntil = performance.now() + NO_REALTIME_MS;
    }
    log.info({ mode: 'local', dialect: client.dialect.name }, 'a realtime connection began');
    byOwnEngines(client, handshake, caller, model, log);
  };
}

/** Tells the few events that are worth reading from the many that pass by. */
const ANSWER_ENDED = /"type"\s*:\s*"response\.done"/;

const isAnswered = ({ type, response }: RealtimeEvent): boolean =>
  type === 'response.done' && isMembers(response) && response.status === 'completed';

const modelOf = (session: RealtimeSession | undefined): string | undefined =>
  typeof session?.model === 'string' ? session.model : undefined;

/** An upstream's event; what is none is dropped. */
function eventsIn(raw: string): readonly RealtimeEvent[] {
  try {
    return [parseEvent(raw)];
  } catch (error) {
    if (error instanceof RealtimeProblem) return [];
    throw error;
  }
}
