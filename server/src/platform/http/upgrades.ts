import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpServer } from './server.js';

/** Takes an upgrade to a WebSocket, or leaves it to the next one by returning false. */
export type UpgradeRoute = (request: IncomingMessage, socket: Duplex, head: Buffer, url: URL) => boolean;

export interface Upgrades {
  /**
   * @param isHere whether the address is one of the route's sockets, so that plain requests to it hear that they must
   * upgrade
   * @returns how to take the route away again
   */
  add(route: UpgradeRoute, isHere?: (url: URL) => boolean): () => void;
  /** Whether there is a socket at this address. */
  isSocket(address: string): boolean;
}

type NodeServer = HttpServer['server'];

const routers = new WeakMap<NodeServer, Upgrades>();

/** The one place where a server's upgrades go: each app adds its sockets, and what nobody takes is refused with 404. */
export function upgradesOf(server: NodeServer): Upgrades {
  const known = routers.get(server);
  if (known) return known;
  const routes = new Set<{ readonly route: UpgradeRoute; readonly isHere: (url: URL) => boolean }>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const address = request.url ?? '/';
    if (!URL.canParse(address, 'http://server')) {
      refuseUpgrade(socket, 400, 'BAD_REQUEST', 'The address is not valid');
      return;
    }
    const url = new URL(address, 'http://server');
    for (const { route } of routes) if (route(request, socket, head, url)) return;
    refuseUpgrade(socket, 404, 'NOT_FOUND', 'There is no socket at this address');
  });
  const upgrades: Upgrades = {
    add: (route, isHere = () => false) => {
      const entry = { route, isHere };
      routes.add(entry);
      return () => void routes.delete(entry);
    },
    isSocket: (address) => {
      if (!URL.canParse(address, 'http://server')) return false;
      const url = new URL(address, 'http://server');
      return [...routes].some(({ isHere }) => isHere(url));
    },
  };
  routers.set(server, upgrades);
  return upgrades;
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  503: 'Service Unavailable',
};

/** Answers an upgrade with an error and closes the connection. */
export function refuseUpgrade(socket: Duplex, status: number, code: string, error: string): void {
  const body = JSON.stringify({ error, code });
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}`,
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
