import type { IncomingMessage } from 'node:http';
import type { Namespace, Socket } from 'socket.io';
import { requestIdOf } from '../../../platform/http/request-id.js';
import { HandshakeRefusal } from './handshake.js';
import type { RealtimeParts } from './parts.js';

/** What a handshake leaves on its socket. */
export interface Verified<Caller> {
  readonly caller: Caller;
  readonly verifiedAt: number;
}

export const verifiedOf = <Caller>(socket: Socket): Verified<Caller> => socket.data as Verified<Caller>;

/**
 * Lets in who verifies. The others get the contract's text, and their connection is closed shortly after: only then do
 * clients try again.
 *
 * @param authenticate throws HandshakeRefusal
 */
export function guard<Caller>(
  { clock, log }: Pick<RealtimeParts, 'clock' | 'log'>,
  namespace: Namespace,
  refusalDelay: number,
  authenticate: (auth: Readonly<Record<string, unknown>>, request: IncomingMessage) => Promise<Caller>,
): void {
  // A client that sends CONNECT twice while the first is being verified would be two sockets on one connection.
  const joining = new WeakSet<Socket['conn']>();
  namespace.use((socket, next) => {
    const { conn } = socket;
    const refuse = (message: string): void => {
      next(new Error(message));
      setTimeout(() => conn.close(), refusalDelay).unref();
    };
    if (joining.has(conn)) {
      refuse('AUTH_ERROR');
      return;
    }
    joining.add(conn);
    const auth: unknown = socket.handshake.auth;
    // Keys and tokens do not stay in memory with the socket.
    socket.handshake.auth = {};
    const verifiedAt = clock.now();
    authenticate(isRecord(auth) ? auth : {}, socket.request).then(
      (caller) => {
        socket.data = { caller, verifiedAt } satisfies Verified<Caller>;
        next();
      },
      (error: unknown) => {
        if (!(error instanceof HandshakeRefusal))
          log.error({ err: error, request_id: requestIdOf(socket.request) }, 'a handshake failed');
        refuse(error instanceof HandshakeRefusal ? error.message : 'AUTH_ERROR');
      },
    );
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
