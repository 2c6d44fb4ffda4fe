import type { HttpServer } from './server.js';

/** More than the proxies in deploy/ let through at once (100 MB). */
const READ_ON_BYTES = 128 * 1_048_576;

/**
 * Reads a body that is refused for its size (413) to its end and drops it, up to {@link READ_ON_BYTES}. Fastify would close
 * the connection in the middle of it, which resets it: a proxy that is still sending then never reads why, answers 503, and
 * takes the node for a broken one.
 */
export function readRefusedBodies(server: HttpServer): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode === 413 && Number(request.headers['content-length']) <= READ_ON_BYTES)
      reply.removeHeader('connection');
    done(null, payload);
  });
}
