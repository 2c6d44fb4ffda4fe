import { connect, createServer, type Socket } from 'node:net';
import { inject } from 'vitest';
import { freePort } from './services.js';

/** The Redis server of this run, or null, said aloud, when there is none. */
export function redisOrSkip(suite: string): string | null {
  const url = inject('redisUrl');
  if (url === null) console.warn(`SKIPPED ALOUD: ${suite} on redis, because no Redis server is available.`);
  return url;
}

export interface RedisOutage {
  /** Reaches Redis while it is not cut. */
  readonly url: string;
  /** Breaks all connections and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** A way to a Redis server that can be cut and restored, as if that server went away and came back. */
export async function redisWithOutages(redisUrl: string): Promise<RedisOutage> {
  const target = new URL(redisUrl);
  const port = await freePort();
  const sockets = new Set<Socket>();
  const make = () =>
    createServer((client) => {
      const upstream = connect(Number(target.port), target.hostname);
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => sockets.delete(socket));
      }
      client.pipe(upstream).pipe(client);
    });
  let server = make();
  const listen = () => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen();
  const url = new URL(redisUrl);
  url.port = String(port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    cut: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    restore: async () => {
      server = make();
      await listen();
    },
  };
}
