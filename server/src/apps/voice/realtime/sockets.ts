import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { createClientAddress } from '../../../platform/http/client-address.js';
import { AppError, errors } from '../../../platform/http/errors.js';
import { requestIdOf } from '../../../platform/http/request-id.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { upgradesOf } from '../../../platform/http/upgrades.js';
import type { Platform } from '../../../platform/platform.js';
import type { VoiceCaller, VoiceCallers } from '../callers.js';
import type { EngineChoice } from '../engines.js';
import { presentOpenAIError } from '../present-error.js';
import { effectiveSession, type RealtimeSession } from '../realtime-sessions/configuration.js';
import { errorEvent, inWords, parseEvent, type RealtimeEvent, RealtimeProblem } from './events.js';
import { type Handshake, REALTIME_PROTOCOL, readHandshake } from './handshake.js';
import { createLocalSession } from './local/session.js';
import type { Peer } from './peer.js';
import { proxyRealtime } from './proxy.js';
import { connectUpstream, noRealtime } from './upstream.js';

export interface RealtimeSockets {
  /** Takes the upgrades of `/v1/realtime` that are not another app's. */
  attach(server: HttpServer): void;
  /** How many are connected to this node. */
  count(): number;
  /** To be called before the HTTP server closes, because that waits for the sockets. */
  close(): void;
}

/** The largest message of the protocol (contract §8.1: 15 MiB of audio) and some room. */
const LONGEST_MESSAGE = 16 * 1024 * 1024;
/** Contract §8.1. */
const LONGEST_SESSION_MS = 60 * 60_000;
/** Contract §8.8. */
const PING_MS = 20_000;
/** Messages that a client may send per second over ten seconds: audio comes in 50 pieces a second, or 100. */
const MESSAGES_PER_SECOND = 500;
/** Bytes that wait for a slow client before no more is made for it. */
const HIGH_WATER = 4 * 1024 * 1024;
/** How long a client may take to answer a close before its connection is cut. */
const CLOSE_PATIENCE_MS = 1_000;
/** An upstream that was found to have no Realtime endpoint is not asked again for so long. */
const NO_REALTIME_MS = 5 * 60_000;

/** Close codes; 3000 is what OpenAI sends to browsers for a credential that is not valid. */
const CLOSE = { goingAway: 1001, abused: 1008, failed: 1011, later: 1013, unauthorized: 3000 } as const;

interface Connection {
  readonly socket: WebSocket;
  isAlive: boolean;
  messages: number;
}

export function createRealtimeSockets(
  platform: Platform,
  callers: VoiceCallers,
  engines: EngineChoice,
): RealtimeSockets {
  const { config, log: serverLog } = platform;
  const upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: LONGEST_MESSAGE,
    handleProtocols: (offered) => (offered.has(REALTIME_PROTOCOL) ? REALTIME_PROTOCOL : false),
  });
  const connections = new Set<Connection>();
  const perAddress = new Map<string, number>();
  const addressOf = createClientAddress(config);
  let withoutRealtimeUntil = 0;
  let isClosing = false;

  const heartbeat = setInterval(() => {
    for (const connection of connections) {
      if (!connection.isAlive) connection.socket.terminate();
      connection.isAlive = false;
      connection.socket.ping();
    }
  }, PING_MS).unref();
  const counting = setInterval(() => {
    for (const connection of connections) connection.messages = 0;
  }, 10_000).unref();

  const close = (socket: WebSocket, code: number, reason = ''): void => {
    socket.close(code, reason.slice(0, 100));
    setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS).unref();
  };

  /** Whether an upstream is to be tried, and with which key. */
  const upstreamFor = ({ apiKey, via }: VoiceCaller): { readonly apiKey: string | undefined } | null => {
    if (config.VOICE_REALTIME === 'local') return null;
    if (config.VOICE_REALTIME === 'auto' && performance.now() < withoutRealtimeUntil) return null;
    if (apiKey !== undefined) return { apiKey };
    const isOperators = platform.text.engine === 'openai';
    if (!isOperators && config.VOICE_REALTIME !== 'proxy') return null;
    if (config.OPENAI_API_KEY === undefined && config.OPENAI_BASE_URL === undefined) return null;
    return via === 'nobody' && config.REQUIRE_USER_KEY ? null : { apiKey: config.OPENAI_API_KEY };
  };
  const upstreamUrl = (model: string, isTranscription: boolean): string => {
    const base = (config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1')
      .replace(/\/$/, '')
      .replace(/^http/, 'ws');
    return `${base}/realtime?${isTranscription ? 'intent=transcription' : `model=${encodeURIComponent(model)}`}`;
  };

  const serve = async (
    socket: WebSocket,
    request: IncomingMessage,
    handshake: Handshake,
    caller: VoiceCaller,
  ) => {
    const { dialect } = handshake;
    const gone = new AbortController();
    const log = serverLog.child({ request_id: requestIdOf(request) });
    const connection: Connection = { socket, isAlive: true, messages: 0 };
    connections.add(connection);
    const stopWatching = caller.account
      ? platform.callers.onRevoked(caller.account, () => close(socket, CLOSE.unauthorized, 'revoked'))
      : () => {};
    const longest = setTimeout(() => {
      send(
        errorEvent(
          new RealtimeProblem('session_expired', 'Your session hit the maximum duration of 60 minutes.'),
        ),
      );
      close(socket, CLOSE.goingAway, 'session_expired');
    }, LONGEST_SESSION_MS).unref();
    socket.on('pong', () => {
      connection.isAlive = true;
    });
    socket.on('error', (error) => log.debug({ err: error }, 'a realtime socket failed'));
    socket.on('close', () => {
      gone.abort();
      connections.delete(connection);
      clearTimeout(longest);
      stopWatching();
      log.info('a realtime connection ended');
    });
    const write = (event: RealtimeEvent, sent?: () => void) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event), sent);
    };
    const send = (event: RealtimeEvent) => {
      for (const told of dialect.toClient(event)) write(told);
    };
    const isAllowed = (): boolean => {
      connection.messages += 1;
      if (connection.messages <= MESSAGES_PER_SECOND * 10) return true;
      if (connection.messages === MESSAGES_PER_SECOND * 10 + 1) {
        send(errorEvent(errors.rateLimited('Too many messages.')));
        close(socket, CLOSE.abused, 'rate_limit_exceeded');
      }
      return false;
    };
    const fail = (error: AppError) => {
      send(errorEvent(error));
      close(
        socket,
        error.statusCode === 401 ? CLOSE.unauthorized : error.statusCode === 429 ? CLOSE.later : CLOSE.failed,
        presentOpenAIError(error).error.code ?? '',
      );
    };

    // What comes before it is known who answers waits here; reading goes on, so that a client that leaves is noticed.
    const early: (readonly [Buffer, boolean])[] = [];
    let earlyBytes = 0;
    let receive = (data: Buffer, isBinary: boolean): void => {
      early.push([data, isBinary]);
      earlyBytes += data.length;
      if (earlyBytes > HIGH_WATER) socket.pause();
    };
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isAllowed()) receive(data, isBinary);
    });
    const receiveBy = (next: (data: Buffer, isBinary: boolean) => void) => {
      receive = next;
      socket.resume();
      for (const [data, isBinary] of early.splice(0)) next(data, isBinary);
    };
    const model = handshake.model ?? modelOf(caller.session) ?? config.VOICE_REALTIME_MODEL;
    const upstream = upstreamFor(caller);
    if (upstream) {
      const url = upstreamUrl(model, handshake.isTranscription);
      const connected = await connectUpstream({ url, ...upstream }, gone.signal).catch((error: unknown) => {
        if (gone.signal.aborted) return null;
        fail(asAppError(error));
        return null;
      });
      if (connected === null) return;
      if (connected !== noRealtime) {
        log.info({ mode: 'proxy', dialect: dialect.name }, 'a realtime connection began');
        const isSame = dialect.name === 'current';
        const translate = (text: string): string | null => {
          try {
            return JSON.stringify(dialect.fromClient(parseEvent(text)));
          } catch (error) {
            send(errorEvent(inWords(error)));
            return null;
          }
        };
        proxyRealtime(
          {
            socket,
            translate: isSame ? null : translate,
            receiveBy,
            deliver: (raw, sent) => {
              if (socket.readyState !== WebSocket.OPEN) return;
              if (isSame) socket.send(raw, sent);
              else for (const event of translated(raw, dialect.toClient)) write(event, sent);
            },
            send: (event) => write(event),
            close: (code, reason) => close(socket, code, reason),
          },
          connected,
          { session: caller.session, apiKey: upstream.apiKey, now: () => performance.now() },
        );
        return;
      }
      if (config.VOICE_REALTIME === 'proxy') {
        fail(errors.upstreamFailed('The assistant’s provider has no Realtime endpoint.'));
        return;
      }
      withoutRealtimeUntil = performance.now() + NO_REALTIME_MS;
    }
    log.info({ mode: 'local', dialect: dialect.name }, 'a realtime connection began');
    let peer: Peer;
    try {
      peer = createLocalSession({
        engines: engines.enginesFor(caller.apiKey),
        apiKey: caller.apiKey,
        speechModel: config.VOICE_SPEECH_MODEL,
        textModel: config.VOICE_MODEL,
        session: effectiveSession(
          handshake.isTranscription
            ? { ...caller.session, type: 'transcription' }
            : (caller.session ?? { type: 'realtime' }),
          { model, instructions: config.VOICE_INSTRUCTIONS },
          Math.floor((platform.clock.now() + LONGEST_SESSION_MS) / 1_000),
        ),
        send,
        drained: () => drained(socket),
        log: (error) => log.warn({ err: error }, 'a realtime turn failed'),
        now: () => performance.now(),
      });
    } catch (error) {
      send(errorEvent(inWords(error)));
      close(socket, CLOSE.failed, 'invalid_session');
      return;
    }
    socket.on('close', peer.close);
    receiveBy((data, isBinary) => {
      try {
        if (isBinary) throw new RealtimeProblem('invalid_event', 'Messages are JSON text.');
        peer.receive(dialect.fromClient(parseEvent(String(data))));
      } catch (error) {
        send(errorEvent(inWords(error)));
      }
    });
  };

  const take = async (request: IncomingMessage, raw: Duplex, head: Buffer, url: URL): Promise<void> => {
    raw.on('error', () => raw.destroy());
    let handshake: Handshake | undefined;
    try {
      if (isClosing) throw errors.unavailable('The server is shutting down.');
      if (!isOriginAllowed(request)) throw errors.forbidden('This page may not connect from where it is.');
      const address = addressOf(request);
      await callers.admit(address);
      handshake = readHandshake(request, url);
      const caller = await callers.identify({ headers: request.headers, key: handshake.key });
      const open = perAddress.get(address) ?? 0;
      if (open >= config.VOICE_SESSIONS_PER_ADDRESS)
        throw errors.rateLimited('Too many Realtime connections from this address.');
      perAddress.set(address, open + 1);
      raw.once('close', () => {
        const left = (perAddress.get(address) ?? 1) - 1;
        if (left === 0) perAddress.delete(address);
        else perAddress.set(address, left);
      });
      const accepted = handshake;
      upgrader.handleUpgrade(request, raw, head, (socket) => {
        serve(socket, request, accepted, caller).catch((error: unknown) => {
          serverLog.error({ err: error }, 'a realtime connection failed');
          close(socket, CLOSE.failed);
        });
      });
    } catch (error) {
      const told = asAppError(error);
      if (told.statusCode >= 500) serverLog.error({ err: error }, 'a realtime connection could not begin');
      if (handshake?.isBrowser) refuseAloud(request, raw, head, told);
      else refuse(raw, told);
    }
  };
  /** A page cannot read why an upgrade was refused, so it is let in, told, and shown out. */
  const refuseAloud = (request: IncomingMessage, raw: Duplex, head: Buffer, error: AppError) =>
    upgrader.handleUpgrade(request, raw, head, (socket) => {
      socket.on('error', () => socket.terminate());
      socket.send(JSON.stringify(errorEvent(error)));
      const { type, code } = presentOpenAIError(error).error;
      close(socket, error.statusCode === 401 ? CLOSE.unauthorized : CLOSE.later, `${type}.${code}`);
    });
  const isOriginAllowed = ({ headers }: IncomingMessage): boolean =>
    config.NODE_ENV !== 'production' ||
    headers.origin === undefined ||
    platform.trustedOrigins.trusts(headers);

  return {
    attach: (server) => {
      const isHere = (url: URL) =>
        url.pathname.replace(/\/$/, '') === '/v1/realtime' && !url.searchParams.has('app_id');
      upgradesOf(server.server).add((request, socket, head, url) => {
        if (!isHere(url)) return false;
        void take(request, socket, head, url);
        return true;
      }, isHere);
    },
    count: () => connections.size,
    close: () => {
      isClosing = true;
      clearInterval(heartbeat);
      clearInterval(counting);
      for (const { socket } of connections) close(socket, CLOSE.goingAway, 'the server is shutting down');
    },
  };
}

const asAppError = (error: unknown): AppError =>
  error instanceof AppError ? error : errors.internal({ cause: error });

const modelOf = (session: RealtimeSession | undefined): string | undefined =>
  typeof session?.model === 'string' ? session.model : undefined;

/** An upstream's event in the client's dialect; what is no event is dropped. */
function translated(
  raw: string,
  toClient: (event: RealtimeEvent) => readonly RealtimeEvent[],
): readonly RealtimeEvent[] {
  try {
    return toClient(parseEvent(raw));
  } catch (error) {
    if (error instanceof RealtimeProblem) return [];
    throw error;
  }
}

/** Resolves once the client has taken most of what waits for it, or has gone. */
async function drained(socket: WebSocket): Promise<void> {
  while (socket.readyState === WebSocket.OPEN && socket.bufferedAmount > HIGH_WATER)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Answers an upgrade with an error as OpenAI writes it. */
function refuse(raw: Duplex, error: AppError): void {
  const body = JSON.stringify(presentOpenAIError(error));
  const retry = error.retryAfterSeconds === undefined ? [] : [`Retry-After: ${error.retryAfterSeconds}`];
  raw.once('finish', () => raw.destroy());
  raw.end(
    [
      `HTTP/1.1 ${error.statusCode} ${STATUS_CODES[error.statusCode] ?? 'Error'}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...retry,
      '',
      body,
    ].join('\r\n'),
  );
}
