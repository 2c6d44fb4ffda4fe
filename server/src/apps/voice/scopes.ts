import type { preValidationHookHandler } from 'fastify';
import type { HttpServer } from '../../platform/http/server.js';
import type { VoiceCallers } from './callers.js';
import { openaiErrorHandler, voiceErrorHandler } from './present-error.js';

type AddRoutes = (scope: HttpServer) => Promise<void> | void;

/** The routes under `/api`, with errors as contract §5.1 has them. */
export const onApi = (server: HttpServer, callers: VoiceCallers, addRoutes: AddRoutes): Promise<void> =>
  onPrefix(server, '/api', callers, async (scope) => {
    scope.setErrorHandler(voiceErrorHandler);
    await addRoutes(scope);
  });

/** The routes under `/v1`, with errors as OpenAI has them. */
export const onV1 = (server: HttpServer, callers: VoiceCallers, addRoutes: AddRoutes): Promise<void> =>
  onPrefix(server, '/v1', callers, async (scope) => {
    scope.setErrorHandler(openaiErrorHandler);
    await addRoutes(scope);
  });

async function onPrefix(
  server: HttpServer,
  prefix: string,
  callers: VoiceCallers,
  addRoutes: AddRoutes,
): Promise<void> {
  await server.register(
    async (plain) => {
      const scope = plain as HttpServer;
      scope.addHook('onRequest', async (request, reply) => {
        reply.header('cache-control', 'no-store');
        await callers.admit(request.ip);
      });
      scope.addHook('preValidation', bodyMayBeMissing);
      await addRoutes(scope);
    },
    { prefix },
  );
}

/** OpenAI's clients send no body where every member of it is optional. */
const bodyMayBeMissing: preValidationHookHandler = (request, _reply, done) => {
  if (request.routeOptions.schema?.body) request.body ??= {};
  done();
};
