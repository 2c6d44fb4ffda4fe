import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { createClientAddress } from '../../../platform/http/client-address.js';
import { type AppError, errors } from '../../../platform/http/errors.js';
import { requestIdOf } from '../../../platform/http/request-id.js';
import type { HttpServer } from '../../../platform/http/server.js';
import { upgradesOf } from '../../../platform/http/upgrades.js';
import type { Platform } from '../../../platform/platform.js';
import type { VoiceCaller, VoiceCallers } from '../callers.js';
import type { EngineChoice } from '../engines.js';
import { presentOpenAIError } from '../present-error.js';
import type { UsageService } from '../usage/service.js';
import {
  asAppError,
  CLOSE,
  type ClientConnection,
  closeCodeOf,
  closePatiently,
  createClientConnection,
} from './client-connection.js';
import { errorEvent } from './events.js';
import { type Handshake, REALTIME_PROTOCOL, readHandshake } from './handshake.js';
import { createServe } from './serve.js';

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
/** Contract §8.8. */
const PING_MS = 20_000;

/** The WebSockets of `/v1/realtime`: who may open one, from where, and how many. */
export function createRealtimeSockets(
  platform: Platform,
  callers: VoiceCallers,
  engines: EngineChoice,
  usage: UsageService,
): RealtimeSockets {
  const { config, log: serverLog } = platform;
  const upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: LONGEST_MESSAGE,
    handleProtocols: (offered) => (offered.has(REALTIME_PROTOCOL) ? REALTIME_PROTOCOL : false),
  });
  const serve = createServe(platform, engines, usage);
  const clients = new Set<ClientConnection>();
  const perAddress = new Map<string, number>();
  const addressOf = createClientAddress(config);
  let isClosing = false;
  const heartbeat = setInterval(() => {
    for (const client of clients) client.beat();
  }, PING_MS).unref();

  const begin = (socket: WebSocket, request: IncomingMessage, handshake: Handshake, caller: VoiceCaller) => {
    const log = serverLog.child({ request_id: requestIdOf(request) });
    const client = createClientConnection(socket, handshake.dialect, () => performance.now());
    clients.add(client);
    const stopWatching = caller.account
      ? platform.callers.onRevoked(caller.account, () => client.close(CLOSE.unauthorized, 'revoked'))
      : () => {};
    socket.on('error', (error) => log.debug({ err: error }, 'a realtime socket failed'));
    socket.on('close', () => {
      clients.delete(client);
      stopWatching();
      log.info('a realtime connection ended');
    });
    serve(client, handshake, caller, log).catch((error: unknown) => {
      log.error({ err: error }, 'a realtime connection failed');
      client.close(CLOSE.failed);
    });
  };

  /** Counts a connection of an address. @throws AppError 429 */
  const admit = (address: string, raw: Duplex) => {
    const open = perAddress.get(address) ?? 0;
    if (open >= config.VOICE_SESSIONS_PER_ADDRESS)
      throw errors.rateLimited('Too many Realtime connections from this address.');
    perAddress.set(address, open + 1);
    raw.once('close', () => {
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left === 0) perAddress.delete(address);
      else perAddress.set(address, left);
    });
  };
  const isOriginAllowed = ({ headers }: IncomingMessage): boolean =>
    config.NODE_ENV !== 'production' ||
    headers.origin === undefined ||
    platform.trustedOrigins.trusts(headers);

  const take = async (request: IncomingMessage, raw: Duplex, head: Buffer, url: URL): Promise<void> => {
    raw.on('error', () => raw.destroy());
    let handshake: Handshake | undefined;
    try {
      if (isClosing) throw errors.unavailable('The server is shutting down.');
      if (!isOriginAllowed(request)) throw errors.forbidden('Pages of this address may not connect.');
      const address = addressOf(request);
      await callers.admit(address);
      handshake = readHandshake(request, url);
      const caller = await callers.identify({ headers: request.headers, key: handshake.key });
      if (raw.destroyed) return;
      admit(address, raw);
      const accepted = handshake;
      upgrader.handleUpgrade(request, raw, head, (socket) => begin(socket, request, accepted, caller));
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
      closePatiently(socket, closeCodeOf(error), `${type}.${code}`);
    });

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
    count: () => clients.size,
    close: () => {
      isClosing = true;
      clearInterval(heartbeat);
      for (const client of clients) client.close(CLOSE.goingAway, 'the server is shutting down');
    },
  };
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
