import type { HttpServer } from '../../../platform/http/server.js';

/** `GET` and `HEAD /v1/health`, for everybody: contract §8.1. Whether the parts work is told by `/health`. */
export function healthRoute(server: HttpServer): void {
  server.get(
    '/v1/health',
    { schema: { tags: ['companion'], summary: 'Answers while the server runs' } },
    async () => ({ status: 'ok' }),
  );
}
