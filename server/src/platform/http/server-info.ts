import { networkInterfaces } from 'node:os';
import { type Static, Type } from 'typebox';
import type { HttpServer } from './server.js';

const Model = Type.Object({ engine: Type.String(), model: Type.String() });

export const ServerInfo = Type.Object({
  name: Type.String(),
  version: Type.String(),
  nodes: Type.Union([Type.Literal('one'), Type.Literal('many')]),
  apps: Type.Array(
    Type.Object({
      name: Type.String(),
      title: Type.String(),
      summary: Type.String(),
      path: Type.Union([Type.String(), Type.Null()]),
    }),
  ),
  engines: Type.Object({
    speech: Type.Object({
      engine: Type.String(),
      formats: Type.Array(Type.String()),
      voices: Type.Array(Type.String()),
      models: Type.Array(Type.String()),
      maxCharacters: Type.Integer(),
    }),
    transcription: Type.Object({
      engine: Type.String(),
      hears: Type.Union([Type.Literal('words'), Type.Literal('times')]),
    }),
    text: Model,
    image: Model,
  }),
  addresses: Type.Array(Type.String()),
  listensOnLoopbackOnly: Type.Boolean(),
  secure: Type.Boolean(),
  retentionHours: Type.Number(),
});

export type ServerInfoAnswer = Static<typeof ServerInfo>;

/** `GET /api/server`: what this server is and offers, for the pages and for clients that want to adapt. No secrets. */
export function serverInfoRoute(server: HttpServer, describe: () => ServerInfoAnswer): void {
  server.get(
    '/api/server',
    {
      schema: {
        tags: ['server'],
        summary: 'What this server is and offers',
        response: { 200: ServerInfo },
      },
    },
    async () => describe(),
  );
}

const LOOPBACK = /^(127\.|::1$|localhost$)/;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** The addresses by which other devices of the network may reach a server that listens on `host`. */
export function reachableAddresses(host: string, port: number, secure: boolean): string[] {
  if (isLoopback(host)) return [];
  const scheme = secure ? 'https' : 'http';
  if (host !== '0.0.0.0' && host !== '::') return [`${scheme}://${host}:${port}`];
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => `${scheme}://${address}:${port}`);
}
