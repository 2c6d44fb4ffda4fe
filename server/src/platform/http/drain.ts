import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { HttpServer } from './server.js';

/** How long answers under way may go on once the server is asked to stop; the rest of the 10 s is for closing. */
const DRAIN_MS = 6_000;

/**
 * Ends what keeps an HTTP server from closing: at once the connections over which nothing was asked yet (browsers open
 * some ahead of need, and Node does not count them as idle), and after {@link DRAIN_MS} all that are left.
 */
export function drainConnections(server: HttpServer): void {
  const silent = new Set<Socket>();
  const opened = server.server instanceof TlsServer ? 'secureConnection' : 'connection';
  server.server.on(opened, (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.server.on('request', ({ socket }) => silent.delete(socket));
  server.server.on('upgrade', ({ socket }) => silent.delete(socket));
  server.addHook('preClose', (done) => {
    for (const socket of silent) socket.destroy();
    setTimeout(() => server.server.closeAllConnections(), DRAIN_MS).unref();
    done();
  });
}
