import { errors } from '../../../platform/http/errors.js';
import type { HttpServer } from '../../../platform/http/server.js';

/** Calls over WebRTC, which this server does not take (contract §8.8): told in shape, so that clients can fall back. */
export function callsRoute(server: HttpServer): void {
  server.register(async (scope) => {
    // Offers come as SDP or as a form; neither is read.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => {
      payload.resume();
      done(null);
    });
    scope.post(
      '/realtime/calls',
      { schema: { tags: ['voice: realtime'], summary: 'Calls over WebRTC: not offered, use the WebSocket' } },
      () => {
        throw errors.notImplemented(
          'This server offers Realtime over WebSockets only: connect to /v1/realtime instead.',
        );
      },
    );
  });
}
