import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';
import { AppError } from '../../../platform/http/errors.js';
import { requestIdOf } from '../../../platform/http/request-id.js';
import { refuseUpgrade } from '../../../platform/http/upgrades.js';
import type { Caller } from '../../../platform/identity/caller.js';
import { verifyCaller } from '../../../platform/identity/require-caller.js';
import type { Platform } from '../../../platform/platform.js';
import type { Session } from './session.js';
import { type Connection, createConnection } from './socket-connection.js';

/** A second of 48 kHz sound in one message, and room to spare. */
const longestMessage = 256 << 10;
const mostSockets = 2_000;
const mostOfOneUser = 8;
/** How long an ending waits for the words that were said right before it. */
const wordsMilliseconds = 6_000;
/** What has been received may be on its way through the journal. */
const journalMilliseconds = 300;
const tickMilliseconds = 1_000;
const pingMilliseconds = 10_000;
const silenceMilliseconds = 30_000;
/** Who does not say who they are may look whether somebody is here, not stay. */
const anonymousMilliseconds = 60_000;

/** One client of either protocol. */
export interface Peer {
  readonly connection: Connection;
  userId: string | null;
  session: Session | null;
  /** The protocol's ping, when it has one. */
  ping(): void;
  /** Every message, in order. */
  hear(message: Buffer, isBinary: boolean): void;
}

/** All listening sockets of this node: their number, their pulse, and their end. */
export interface Hub {
  readonly size: number;
  /** Who opens a socket. @throws AppError 401, 403 */
  verify(request: IncomingMessage, token: string | null): Promise<Caller>;
  refuse(raw: Duplex, error: unknown): void;
  /** Opens the socket; `make` is called before its first message is read. */
  open(
    request: IncomingMessage,
    raw: Duplex,
    head: Buffer,
    make: (connection: Connection, peer: () => Peer) => Omit<Peer, 'connection' | 'userId' | 'session'>,
  ): void;
  /** The socket belongs to this caller from now on. */
  admit(peer: Peer, caller: Caller): void;
  /** Waits a moment for the words of what a user has said last on this node; false when they are still to come. */
  wordsStored(userId: string): Promise<boolean>;
  close(): Promise<void>;
}

export function createHub(platform: Platform): Hub {
  const { clock, log, callers, users } = platform;
  const upgrader = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: longestMessage,
  });
  const peers = new Map<Peer, { readonly openedAt: number; pingedAt: number; stopWatching(): void }>();
  /** Streams whose client has gone and whose words are still being found. */
  const finishing = new Set<Session>();
  let isClosing = false;

  const ticking = setInterval(() => {
    const now = clock.now();
    for (const [peer, pulse] of peers) {
      if (now - peer.connection.heardAt >= silenceMilliseconds) {
        peer.connection.close(1001, 'silent for too long');
        continue;
      }
      if (peer.userId === null && now - pulse.openedAt >= anonymousMilliseconds) {
        peer.connection.close(4401, 'not authenticated');
        continue;
      }
      if (now - pulse.pingedAt < pingMilliseconds) continue;
      pulse.pingedAt = now;
      peer.ping();
    }
  }, tickMilliseconds).unref();

  const gone = (peer: Peer): void => {
    peers.get(peer)?.stopWatching();
    peers.delete(peer);
    const { session } = peer;
    peer.session = null;
    if (session) finish(session);
  };
  const finish = (session: Session): void => {
    finishing.add(session);
    session
      .finish()
      .catch((error: unknown) => log.error({ err: error }, 'a listening session did not end well'))
      .finally(() => finishing.delete(session));
  };

  return {
    get size() {
      return peers.size;
    },
    verify: (request, token) =>
      verifyCaller(
        platform,
        token && !request.headers.authorization
          ? { ...request.headers, authorization: `Bearer ${token}` }
          : request.headers,
        { developmentLogins: true },
      ),
    refuse(raw, error) {
      const { statusCode, code, message } =
        error instanceof AppError
          ? error
          : { statusCode: 503, code: 'UNAVAILABLE', message: 'Please try again.' };
      if (!(error instanceof AppError)) log.error({ err: error }, 'a socket could not be opened');
      refuseUpgrade(raw, statusCode, code, message);
    },
    open(request, raw, head, make) {
      if (isClosing || peers.size >= mostSockets) {
        refuseUpgrade(
          raw,
          503,
          'UNAVAILABLE',
          'The server has no room for another socket. Please try again.',
        );
        return;
      }
      upgrader.handleUpgrade(request, raw, head, (socket) => {
        const request_id = requestIdOf(request);
        // A broken connection closes itself; without a listener its error would end the process.
        socket.on('error', (error) => log.debug({ err: error, request_id }, 'a listening socket failed'));
        const connection = createConnection(
          socket,
          clock,
          (message, isBinary) => peer.hear(message, isBinary),
          (error) => log.warn({ err: error, request_id }, 'a message of a listening socket failed'),
        );
        const peer: Peer = { connection, userId: null, session: null, ...make(connection, () => peer) };
        peers.set(peer, { openedAt: clock.now(), pingedAt: clock.now(), stopWatching: () => {} });
        socket.on('close', () => gone(peer));
        peer.ping();
      });
    },
    admit(peer, caller) {
      const pulse = peers.get(peer);
      if (!pulse) return;
      peer.userId = caller.userId;
      users.seen(caller.userId);
      pulse.stopWatching = callers.onRevoked(caller, () => peer.connection.close(1008, 'signed out'));
      const own = [...peers.keys()].filter(({ userId }) => userId === caller.userId);
      for (const oldest of own.slice(0, -mostOfOneUser))
        oldest.connection.close(1001, 'too many sockets of one user');
    },
    async wordsStored(userId) {
      const sessions = [...finishing, ...[...peers.keys()].flatMap(({ session }) => session ?? [])].filter(
        (session) => session.userId === userId && session.hasAudio,
      );
      if (sessions.length === 0) return true;
      const until = performance.now() + wordsMilliseconds;
      await sleep(journalMilliseconds);
      while (performance.now() < until && sessions.some((session) => session.awaitsWords))
        await sleep(journalMilliseconds / 6);
      return !sessions.some((session) => session.awaitsWords);
    },
    async close() {
      isClosing = true;
      clearInterval(ticking);
      const sessions = [...finishing];
      const closed = [...peers.keys()].map((peer) => {
        const { session, connection } = peer;
        peer.session = null;
        if (session) sessions.push(session);
        if (connection.socket.readyState === WebSocket.CLOSED) return Promise.resolve();
        const done = new Promise<void>((resolve) => connection.socket.once('close', () => resolve()));
        connection.close(1001, 'the server is going away');
        return done;
      });
      await Promise.all(sessions.map((session) => session.abandon()));
      await Promise.all(closed);
      upgrader.close();
    },
  };
}
