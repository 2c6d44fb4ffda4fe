import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { HttpServer } from './server.js';

/** Where the build of the `web` workspace is, seen from `server/src/platform/http` and `server/dist/platform/http` alike. */
const BUILT_PAGES = fileURLToPath(new URL('../../../../web/dist', import.meta.url));

/**
 * Serves the pages: hashed assets for ever, and the one HTML document under every page's path, always asked for anew.
 *
 * @param paths the pages' paths, for example `/` and `/speech`
 * @returns false when the pages are not built
 */
export async function servePages(server: HttpServer, paths: readonly string[]): Promise<boolean> {
  if (!existsSync(`${BUILT_PAGES}/index.html`)) return false;
  await server.register(fastifyStatic, {
    root: BUILT_PAGES,
    index: false,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (response, path) => {
      const isHashed = path.includes('/assets/') || path.includes('\\assets\\');
      response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const path of paths) {
    server.get(path, { schema: { hide: true } }, (_request, reply) => reply.sendFile('index.html'));
  }
  return true;
}
