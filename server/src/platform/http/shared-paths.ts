import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, RawServerDefault } from 'fastify';

/**
 * Some paths mean different things to different clients, told apart by what the request carries. A route that is only for
 * requests without an `X-App-Id` header says so with this constraint; without it a route is for all that remain.
 */
export const withoutAppId = { constraints: { appId: 'absent' } } as const;

/** Makes {@link withoutAppId} known to a server's router. */
export function tellSharedPathsApart(server: Pick<FastifyInstance, 'addConstraintStrategy'>): void {
  server.addConstraintStrategy({
    name: 'appId',
    storage: () => {
      const handlers = new Map<unknown, Handler>();
      return {
        get: (value) => handlers.get(value) ?? null,
        set: (value, handler) => void handlers.set(value, handler),
      };
    },
    deriveConstraint: (request: IncomingMessage) =>
      request.headers['x-app-id'] === undefined ? 'absent' : 'present',
    mustMatchWhenDerived: false,
  });
}

type Handler = Parameters<
  ReturnType<Parameters<FastifyInstance<RawServerDefault>['addConstraintStrategy']>[0]['storage']>['set']
>[1];
