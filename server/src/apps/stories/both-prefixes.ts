import type { preValidationHookHandler } from 'fastify';
import type { Clock } from '../../platform/clock.js';
import type { HttpServer } from '../../platform/http/server.js';
import { storiesErrorHandler } from './present-error.js';

/** The shipping app asks with the version, the requirement documents without (contract §1). */
export const PREFIXES = ['/api/v1', '/api'] as const;

/** Registers routes under both prefixes, with errors in the contract's shape and empty bodies taken as `{}`. */
export async function onBothPrefixes(
  server: HttpServer,
  clock: Clock,
  addRoutes: (scope: HttpServer) => Promise<void> | void,
): Promise<void> {
  for (const prefix of PREFIXES) {
    await server.register(
      async (plain) => {
        const scope = plain as HttpServer;
        scope.setErrorHandler(storiesErrorHandler(clock));
        scope.addHook('preValidation', bodyMayBeMissing);
        await addRoutes(scope);
      },
      { prefix },
    );
  }
}

/** The app announces JSON on POSTs that have no body (contract §1). */
const bodyMayBeMissing: preValidationHookHandler = (request, _reply, done) => {
  if (request.routeOptions.schema?.body) request.body ??= {};
  done();
};

/** Takes null on create for what it says: nothing. Added to routes as `preValidation` (contract §1). */
export const nullsAreAbsent: preValidationHookHandler = (request, _reply, done) => {
  request.body = withoutNulls(request.body);
  done();
};

/** The same members without those that are null. */
export function withoutNulls(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
