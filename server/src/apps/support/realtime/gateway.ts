import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server, type Socket } from 'socket.io';
import { requestIdOf } from '../../../platform/http/request-id.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import type { DeviceCaller, OperatorCaller } from '../callers.js';
import { guard, verifiedOf } from './guard.js';
import { deviceEvents, operatorEvents } from './handlers.js';
import {
  authenticateDevice,
  authenticateOperator,
  HandshakeRefusal,
  isOriginAllowed,
  operatorOf,
} from './handshake.js';
import type { Live } from './live.js';
import { MAX_FRAME_BYTES, type RealtimeParts, type RealtimeTimings } from './parts.js';
import { sdkErrorsOver } from './sdk-errors.js';
import {
  type AnySession,
  type DeviceSession,
  logFieldsOf,
  newConnectionId,
  type OperatorSession,
} from './sessions.js';
import { handleEvents } from './socket-events.js';
import { serveTestConsole } from './test-console.js';
import { afterToken } from './token-expiry.js';

/** What may wait for one slow client: beyond it the connection is closed, and `/sync` brings what it missed. */
const MAX_WAITING_PACKETS = 4_096;
const MAX_WAITING_CHARACTERS = 4_194_304;
/** Packets from which on, and at every multiple of which, their characters are counted. */
const WORTH_COUNTING = 128;

/** Characters of an event's name that a test console is shown. */
const EVENT_NAME_SHOWN = 50;

/** How a client begins that joins one of our namespaces. */
const KNOWN_CONNECT = /^0\/(client|admin|admin\/test-console),/;

export interface Gateway {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  counts(): { readonly client: number; readonly admin: number; readonly testConsole: number };
  /** Test consoles are no sessions, so they are told here that the server stops. */
  tellConsoles(shutdown: { readonly message: string; readonly reconnect_delay_ms: number }): void;
  close(): Promise<void>;
}

/**
 * The Socket.IO namespaces (contract §4). Rooms are our own ({@link Live}), shared with the older sockets, and other
 * nodes are reached through the fan-out, so Socket.IO's rooms and adapters are not used.
 */
export function createGateway(parts: RealtimeParts, timings: RealtimeTimings, live: Live): Gateway {
  const { clock, log } = parts;
  const io = new Server({
    transports: ['websocket'],
    allowUpgrades: false,
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    maxHttpBufferSize: MAX_FRAME_BYTES,
    pingInterval: timings.pingInterval,
    pingTimeout: timings.pingTimeout,
    connectTimeout: timings.connectTimeout,
  });
  // Upgrades are handed over by hand, on two paths; Socket.IO makes its engine only for a server, so it gets an idle one.
  io.attach(createServer());

  // Unknown namespaces are refused by the library, which then waits; clients try again only when the connection ends.
  io.engine.on('connection', (conn: Socket['conn']) => {
    conn.once('data', (first: unknown) => {
      if (typeof first === 'string' && KNOWN_CONNECT.test(first)) return;
      setTimeout(() => conn.close(), timings.refusalDelay).unref();
    });
  });

  const emit = (socket: Socket, emission: readonly [string, ...unknown[]]): void => {
    if (!isKeepingUp(socket.conn)) return;
    parts.metrics.eventsOut.inc({ namespace: socket.nsp.name, event: emission[0] });
    socket.emit(...emission);
  };
  const left = (session: AnySession, reason: string): void => {
    live.leave(session, reason);
    log.debug({ ...logFieldsOf(session), reason }, 'a socket disconnected');
  };
  /** Closes the connection rather than disconnecting the socket: clients try again only then. */
  const drop = (socket: Socket, session: AnySession, code: string, message: string): void => {
    socket.emit('error', { code, message });
    live.leave(session, code);
    socket.conn.close();
  };
  const count = (socket: Socket): void => {
    const namespace = { namespace: socket.nsp.name };
    parts.metrics.sockets.inc(namespace);
    socket.on('disconnect', () => parts.metrics.sockets.dec(namespace));
  };
  const greet = (session: AnySession): void => {
    const connected = { connection_id: session.connectionId, server_time: isoInstant(clock.now()) };
    session.tell({ device: ['connected', connected], operator: ['connected', connected] });
  };
  const welcome = (session: AnySession, { request }: Socket): void => {
    greet(session);
    log.debug({ ...logFieldsOf(session), request_id: requestIdOf(request) }, 'a socket connected');
  };

  const reportError = sdkErrorsOver(parts.fanOut, clock);
  const clients = io.of('/client');
  guard(parts, clients, timings.refusalDelay, (auth) => authenticateDevice(parts.keys, auth));
  const fromDevices = deviceEvents(live);
  clients.on('connection', (socket: Socket) => {
    const { caller, verifiedAt } = verifiedOf<DeviceCaller>(socket);
    const session: DeviceSession = {
      kind: 'device',
      caller,
      connectionId: newConnectionId(),
      conversationId: null,
      tell: ({ device }) => {
        if (device) emit(socket, device);
      },
      // Clients catch up on `connected` and on nothing else (contract §4.6).
      catchUp: () => greet(session),
      drop: (code, message) => drop(socket, session, code, message),
    };
    socket.on('disconnect', (reason) => left(session, reason));
    if (!live.enter(session, verifiedAt)) return;
    welcome(session, socket);
    const joined = live
      .joinLatest(session)
      .catch((error: unknown) =>
        log.error({ err: error, ...logFieldsOf(session) }, 'the latest conversation could not be joined'),
      );
    handleEvents(
      parts,
      socket,
      session,
      fromDevices,
      () => live.isHere(session),
      joined,
      (event, code) => reportError(caller, { code, where: event.slice(0, EVENT_NAME_SHOWN) }),
    );
  });

  const admins = io.of('/admin');
  guard(parts, admins, timings.refusalDelay, async (auth, request) => {
    if (!isOriginAllowed(request.headers, parts.allowedOrigins)) throw new HandshakeRefusal('AUTH_ERROR');
    return authenticateOperator(parts.operators, auth);
  });
  const expiries = new Map<OperatorSession, () => void>();
  const expireWithToken = (session: OperatorSession): void => {
    expiries.get(session)?.();
    const cancel = afterToken(session.caller, clock, () =>
      session.drop('TOKEN_EXPIRED', 'unauthorized: the access token has expired'),
    );
    expiries.set(session, cancel);
  };
  const fromOperators = operatorEvents(live, parts, expireWithToken);
  admins.on('connection', (socket: Socket) => {
    const { caller, verifiedAt } = verifiedOf<OperatorCaller>(socket);
    const session: OperatorSession = {
      kind: 'operator',
      caller,
      connectionId: newConnectionId(),
      followsApp: true,
      conversationIds: new Set(),
      tell: ({ operator }) => {
        if (operator) emit(socket, operator);
      },
      catchUp: () => greet(session),
      drop: (code, message) => drop(socket, session, code, message),
    };
    socket.on('disconnect', (reason) => {
      expiries.get(session)?.();
      expiries.delete(session);
      left(session, reason);
    });
    if (!live.enter(session, verifiedAt)) return;
    expireWithToken(session);
    handleEvents(parts, socket, session, fromOperators, () => live.isHere(session));
    welcome(session, socket);
  });

  const consoles = io.of('/admin/test-console');
  guard(parts, consoles, timings.refusalDelay, async ({ token }, request) => {
    if (!isOriginAllowed(request.headers, parts.allowedOrigins)) throw new HandshakeRefusal('Invalid token');
    if (typeof token !== 'string' || token === '') throw new HandshakeRefusal('Authentication required');
    return operatorOf(parts.operators, token).catch((error: unknown) => {
      throw error instanceof HandshakeRefusal ? new HandshakeRefusal('Invalid token') : error;
    });
  });
  serveTestConsole(parts, live, consoles);
  for (const namespace of [clients, admins, consoles]) namespace.on('connection', count);

  // Socket.IO always has the main namespace; nobody has business there.
  guard(parts, io.of('/'), timings.refusalDelay, async () => {
    throw new HandshakeRefusal('Invalid namespace');
  });

  return {
    handleUpgrade: (request, socket, head) => {
      io.engine.handleUpgrade(request, socket, head);
    },
    counts: () => ({
      client: clients.sockets.size,
      admin: admins.sockets.size,
      testConsole: consoles.sockets.size,
    }),
    tellConsoles: (shutdown) => void consoles.emit('server:shutdown', shutdown),
    close: async () => {
      for (const cancel of expiries.values()) cancel();
      await io.close();
    },
  };
}

/** Closes the connection of a client that does not read what it is sent. */
function isKeepingUp(conn: Socket['conn']): boolean {
  const { writeBuffer } = conn as unknown as { readonly writeBuffer: readonly { readonly data?: unknown }[] };
  const { length } = writeBuffer;
  if (length < WORTH_COUNTING || (length < MAX_WAITING_PACKETS && length % WORTH_COUNTING !== 0)) return true;
  const characters = writeBuffer.reduce(
    (sum, { data }) => sum + (typeof data === 'string' ? data.length : 0),
    0,
  );
  if (length < MAX_WAITING_PACKETS && characters < MAX_WAITING_CHARACTERS) return true;
  conn.close(true);
  return false;
}
