import { Type } from 'typebox';
import type { HttpServer } from '../../../platform/http/server.js';
import type { Push } from '../../../platform/push/push.js';

/** What a web page needs to subscribe. It is public by its nature, so nobody is asked who they are. */
export function pushRoutes(server: HttpServer, push: Pick<Push, 'webPublicKey'>): void {
  for (const prefix of ['/v1', '/api/v1']) {
    server.get(
      `${prefix}/web-push-key`,
      {
        schema: {
          tags: ['support'],
          summary: 'The VAPID public key for PushManager.subscribe',
          response: { 200: Type.Object({ public_key: Type.String() }) },
        },
      },
      async () => ({ public_key: push.webPublicKey }),
    );
  }
}
