import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Compile } from 'typebox/compile';
import { WebSocket, WebSocketServer } from 'ws';
import { requestIdOf } from '../../../../platform/http/request-id.js';
import { Allowance } from '../allowance.js';
import { failureCode } from '../dispatch.js';
import { authenticateDevice, authenticateOperator, HandshakeRefusal, isOriginAllowed } from '../handshake.js';
import type { Live } from '../live.js';
import { MAX_FRAME_BYTES, type RealtimeParts, type RealtimeTimings } from '../parts.js';
import {
  type AnySession,
  type DeviceSession,
  logFieldsOf,
  newConnectionId,
  type OperatorSession,
} from '../sessions.js';
import { afterToken } from '../token-expiry.js';
import { closeCodes, IncomingFrame, type LegacyFrame, Subscription, TypingFrame } from './frames.js';

/** Bytes that may wait for one slow client. */
const MAX_WAITING_BYTES = 1_048_576;
/** How long a client may take to answer a close before its connection is cut. */
const CLOSE_PATIENCE_MS = 1_000;

const isFrame = Compile(IncomingFrame);
const isSubscription = Compile(Subscription);
const isTypingFrame = Compile(TypingFrame);

const knownFrames: ReadonlySet<string> = new Set(['ping', 'subscribe', 'unsubscribe', 'user.typing']);

interface Peer {
  readonly socket: WebSocket;
  readonly session: AnySession;
  readonly allowance: Allowance;
  heardAt: number;
  isAlive: boolean;
  last: Promise<void>;
}

export interface LegacySockets {
  handleDevice(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void;
  handleOperator(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void;
  counts(): { readonly legacyClient: number; readonly legacyAdmin: number };
  close(): Promise<void>;
}

/** The plain WebSockets of older SDKs and of the old operators' page (contract §5), over the same rooms. */
export function createLegacySockets(
  parts: RealtimeParts,
  timings: RealtimeTimings,
  live: Live,
): LegacySockets {
  const { clock, log } = parts;
  const upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: MAX_FRAME_BYTES,
  });
  const peers = new Set<Peer>();
  const namespaces = new WeakMap<WebSocket, string>();
  const namespaceOf = (socket: WebSocket): string => namespaces.get(socket) ?? 'unknown';

  const close = (socket: WebSocket, code: number, reason = ''): void => {
    socket.close(code, reason);
    setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS).unref();
  };
  const send = (socket: WebSocket, frame: LegacyFrame): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (socket.bufferedAmount > MAX_WAITING_BYTES) {
      close(socket, closeCodes.tooSlow);
      return;
    }
    parts.metrics.eventsOut.inc({ namespace: namespaceOf(socket), event: frame.type });
    socket.send(JSON.stringify(frame));
  };
  const fail = (socket: WebSocket, error: string, code: string): void =>
    send(socket, { type: 'error', error, code });
  const refuse = (socket: WebSocket, closeCode: number, error: string, code: string): void => {
    fail(socket, error, code);
    close(socket, closeCode, code);
  };

  const heartbeat = setInterval(() => {
    for (const peer of peers) {
      if (!peer.isAlive) {
        peer.socket.terminate();
        continue;
      }
      peer.isAlive = false;
      peer.socket.ping();
    }
  }, timings.legacyPing).unref();
  const silence = setInterval(() => {
    for (const { socket, session, heardAt } of peers) {
      if (session.kind !== 'device' || clock.now() - heardAt < timings.legacySilence) continue;
      refuse(socket, closeCodes.silent, 'Nothing was heard for too long', 'CONNECTION_TIMEOUT');
    }
  }, timings.legacySilence / 10).unref();

  const act = async (peer: Peer, frame: { readonly type: string }): Promise<void> => {
    const { socket, session } = peer;
    if (frame.type === 'ping') send(socket, { type: 'pong' });
    else if (frame.type === 'subscribe' || frame.type === 'unsubscribe') {
      if (!isSubscription.Check(frame)) fail(socket, 'conversation_id is required', 'VALIDATION_ERROR');
      else if (frame.type === 'subscribe') await live.join(session, frame.conversation_id);
      else live.leaveConversation(session, frame.conversation_id);
    } else if (frame.type === 'user.typing' && session.kind === 'device') {
      if (!isTypingFrame.Check(frame)) fail(socket, 'conversation_id is required', 'VALIDATION_ERROR');
      else if (!live.sessions.isIn(session, frame.conversation_id)) return;
      else if (frame.is_typing ?? true) live.typing.start(session, frame.conversation_id);
      else live.typing.stop(session, frame.conversation_id);
    }
  };
  const hear = (peer: Peer, text: string): void => {
    const { socket, session } = peer;
    if (!live.isHere(session)) return;
    peer.heardAt = clock.now();
    const verdict = peer.allowance.take(clock.now());
    if (verdict === 'abused') close(socket, closeCodes.tooSlow);
    if (verdict !== 'allowed') return;
    const frame = parse(text);
    if (!isFrame.Check(frame)) {
      fail(socket, 'Not a JSON object with a type', 'INVALID_JSON');
      return;
    }
    const event = knownFrames.has(frame.type) ? frame.type : 'other';
    parts.metrics.eventsIn.inc({ namespace: namespaceOf(socket), event });
    peer.last = peer.last
      .then(() => (live.isHere(session) ? act(peer, frame) : undefined))
      .catch((error: unknown) => {
        const code = failureCode(error, log, { event, ...logFieldsOf(session) });
        const isUnknown = code === 'CONVERSATION_NOT_FOUND';
        if (isUnknown && session.kind === 'device')
          fail(socket, 'This conversation is not yours', 'UNAUTHORIZED_CONVERSATION');
        else fail(socket, isUnknown ? 'There is no such conversation' : 'It could not be done', code);
      });
  };

  /** A verified socket comes in. */
  const admit = (
    socket: WebSocket,
    request: IncomingMessage,
    session: AnySession,
    verifiedAt: number,
  ): void => {
    const now = clock.now();
    const peer: Peer = {
      socket,
      session,
      allowance: new Allowance(now),
      heardAt: now,
      isAlive: true,
      last: Promise.resolve(),
    };
    peers.add(peer);
    const label = { namespace: namespaceOf(socket) };
    parts.metrics.sockets.inc(label);
    const cancelExpiry =
      session.kind === 'operator'
        ? afterToken(session.caller, clock, () => session.drop('TOKEN_EXPIRED', 'unauthorized: expired'))
        : () => {};
    socket.on('close', () => {
      peers.delete(peer);
      parts.metrics.sockets.dec(label);
      cancelExpiry();
      live.leave(session, 'transport close');
      log.debug(logFieldsOf(session), 'a socket disconnected');
    });
    socket.on('pong', () => {
      peer.isAlive = true;
    });
    socket.on('message', (data) => hear(peer, String(data)));
    if (!live.enter(session, verifiedAt)) return;
    log.debug({ ...logFieldsOf(session), request_id: requestIdOf(request) }, 'a socket connected');
    send(socket, { type: 'connection.established', connection_id: session.connectionId });
    if (session.kind === 'device') {
      peer.last = live.joinLatest(session).catch((error: unknown) => {
        log.error({ err: error, ...logFieldsOf(session) }, 'the latest conversation could not be joined');
      });
    }
  };
  const telling = (socket: WebSocket, sessionOf: () => AnySession) => ({
    connectionId: newConnectionId(),
    tell: ({ legacy }: { readonly legacy?: LegacyFrame }) => {
      if (legacy) send(socket, legacy);
    },
    // These protocols have no word for it: their clients catch up when they connect.
    catchUp: () => {
      send(socket, { type: 'server.going_away', message: 'Please connect again' });
      close(socket, closeCodes.goingAway, 'catch up');
    },
    drop: (code: string, message: string) => {
      live.leave(sessionOf(), code);
      refuse(socket, closeCodes.unauthorized, message, code);
    },
  });

  /** Opens the WebSocket first, because the failures are told as frames. */
  const open = (
    request: IncomingMessage,
    raw: Duplex,
    head: Buffer,
    namespace: string,
    admission: (socket: WebSocket, verifiedAt: number) => Promise<void>,
  ): void => {
    upgrader.handleUpgrade(request, raw, head, (socket) => {
      namespaces.set(socket, namespace);
      const request_id = requestIdOf(request);
      // A broken connection closes itself; without a listener its error would end the process.
      socket.on('error', (error) => log.debug({ err: error, request_id }, 'an older socket failed'));
      admission(socket, clock.now()).catch((error: unknown) => {
        log.error({ err: error, request_id }, 'a handshake failed');
        refuse(socket, 1011, 'The connection could not be verified', 'SERVER_ERROR');
      });
    });
  };

  return {
    handleDevice: (request, raw, head, url) =>
      open(request, raw, head, '/v1/realtime', async (socket, verifiedAt) => {
        const header = request.headers['x-api-key'];
        const auth = {
          app_id: url.searchParams.get('app_id'),
          device_id: url.searchParams.get('device_id'),
          api_key: (typeof header === 'string' && header) || url.searchParams.get('api_key'),
        };
        try {
          const caller = await authenticateDevice(parts.keys, auth);
          const session: DeviceSession = {
            kind: 'device',
            caller,
            conversationId: null,
            ...telling(socket, () => session),
          };
          if (socket.readyState === WebSocket.OPEN) admit(socket, request, session, verifiedAt);
        } catch (error) {
          if (!(error instanceof HandshakeRefusal)) throw error;
          if (error.message === 'MISSING_PARAMS')
            refuse(socket, closeCodes.missingParameters, 'Missing required parameters', 'MISSING_PARAMS');
          else if (await parts.appExists(auth.app_id ?? ''))
            refuse(socket, closeCodes.unauthorized, 'Invalid API key', 'INVALID_API_KEY');
          else refuse(socket, closeCodes.forbidden, 'Invalid app_id', 'INVALID_APP_ID');
        }
      }),
    handleOperator: (request, raw, head, url) =>
      open(request, raw, head, '/admin/realtime', async (socket, verifiedAt) => {
        // The old page calls it a key; only an operator's access token is taken, never the app's key.
        const token = url.searchParams.get('admin_token') ?? url.searchParams.get('api_key');
        try {
          if (!isOriginAllowed(request.headers, parts.allowedOrigins))
            throw new HandshakeRefusal('INVALID_CREDENTIALS');
          const auth = { app_id: url.searchParams.get('app_id'), admin_token: token };
          const caller = await authenticateOperator(parts.operators, auth);
          const session: OperatorSession = {
            kind: 'operator',
            caller,
            followsApp: false,
            conversationIds: new Set(),
            ...telling(socket, () => session),
          };
          if (socket.readyState === WebSocket.OPEN) admit(socket, request, session, verifiedAt);
        } catch (error) {
          if (!(error instanceof HandshakeRefusal)) throw error;
          if (error.message === 'MISSING_PARAMS')
            refuse(socket, closeCodes.missingParameters, 'Missing required parameters', 'MISSING_PARAMS');
          else refuse(socket, closeCodes.unauthorized, 'Invalid credentials', 'INVALID_CREDENTIALS');
        }
      }),
    counts: () => {
      let legacyClient = 0;
      for (const { session } of peers) if (session.kind === 'device') legacyClient += 1;
      return { legacyClient, legacyAdmin: peers.size - legacyClient };
    },
    close: async () => {
      clearInterval(heartbeat);
      clearInterval(silence);
      const closed = [...peers].map(
        ({ socket, session }) =>
          new Promise<void>((resolve) => {
            socket.once('close', () => resolve());
            send(socket, { type: 'server.going_away', message: 'The server is shutting down' });
            live.leave(session, 'server shutting down');
            close(socket, closeCodes.goingAway, 'server shutting down');
          }),
      );
      await Promise.all(closed);
      upgrader.close();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
