import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../platform/http/server.js';

const origins = new AsyncLocalStorage<string>();

const originOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}`;

/**
 * Lets what happens in a request know under which address the client reached this server, so that media addresses are
 * whole (native apps need that) wherever they are made. After the body was read, because reading it loses the context.
 */
export function rememberOrigin(server: HttpServer): void {
  server.addHook('preValidation', (request, _reply, done) => {
    origins.run(originOf(request), done);
  });
}

/** For example `https://stories.example.org`; undefined outside of requests. */
export const currentOrigin = (): string | undefined => origins.getStore();
