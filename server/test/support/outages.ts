import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './services.js';

export interface Outage {
  /** Reaches the server while it is not cut. */
  readonly url: string;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** A way to a server that can be cut and restored, as if that server went away and came back. */
export async function tcpWithOutages(serverUrl: string): Promise<Outage> {
  const target = new URL(serverUrl);
  const port = await freePort();
  const sockets = new Set<Socket>();
  let isCut = false;
  const make = () =>
    createServer((client) => {
      // One that was waiting to be accepted comes through even after the server was closed, and would keep it open.
      if (isCut) {
        client.destroy();
        return;
      }
      const upstream = connect(Number(target.port), target.hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      client.pipe(upstream).pipe(client);
    });
  let server = make();
  const listen = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen();
  const url = new URL(serverUrl);
  url.port = String(port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    cut: async () => {
      if (!server.listening) return;
      isCut = true;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    restore: async () => {
      if (server.listening) return;
      isCut = false;
      server = make();
      await listen();
    },
  };
}
