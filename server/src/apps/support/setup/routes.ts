import type { FastifyRequest } from 'fastify';
import type { HttpServer } from '../../../platform/http/server.js';
import { isoInstant } from '../../../platform/http/timestamps.js';
import { supportErrors } from '../errors.js';
import { snippetPlatforms, snippetsOf } from '../onboarding/snippets.js';
import { presentSession } from '../operators/presenter.js';
import type { RegisteredApp } from '../operators/registration.js';
import type { PublicAddress } from '../public-address.js';
import { bodyMayBeMissing } from '../route-body.js';
import { AppsAnswer, CreateAppBody, CreatedAppAnswer, StartBody, StartedAnswer } from './schemas.js';
import type { Setup } from './service.js';

const tags = ['support: set-up'];
const HEADER = 'x-master-api-key';
const MAX_CREDENTIAL = 1_000;

/** Making apps from outside (contract §12): with the master key, or with the token of the one-time link. */
export function setupRoutes(server: HttpServer, setup: Setup, publicAddress: PublicAddress): void {
  const onRequest = (request: FastifyRequest) => setup.authorise(credentialOf(request), request.ip);

  const presentMade = (request: FastifyRequest, app: RegisteredApp) => ({
    app: { id: app.id, name: app.name, api_key: app.apiKey, created_at: isoInstant(app.createdAt) },
    snippets: snippetPlatforms.flatMap((platform) =>
      snippetsOf(platform, { appId: app.id, apiKey: app.apiKey, serverUrl: publicAddress(request) }).map(
        (snippet) => ({ platform, ...snippet }),
      ),
    ),
  });

  server.get(
    '/setup/api/apps',
    { onRequest, schema: { tags, summary: 'The apps of this server', response: { 200: AppsAnswer } } },
    async () => ({
      apps: (await setup.apps()).map(({ id, name, created_at }) => ({
        id,
        name,
        created_at: isoInstant(created_at),
      })),
    }),
  );

  server.post(
    '/setup/api/apps',
    {
      onRequest,
      preValidation: bodyMayBeMissing,
      schema: { tags, summary: 'Make an app', body: CreateAppBody, response: { 200: CreatedAppAnswer } },
    },
    async (request) => presentMade(request, await setup.createApp(request.body.name)),
  );

  server.post(
    '/setup/api/start',
    {
      onRequest,
      preValidation: bodyMayBeMissing,
      schema: {
        tags,
        summary: 'Make an app, its key and its owner',
        description: 'Uses up a one-time link. Answers with the sign-in of the owner.',
        body: StartBody,
        response: { 201: StartedAnswer },
      },
    },
    async (request, reply) => {
      const session = await setup.start(credentialOf(request) ?? '', {
        appName: request.body.app_name,
        email: request.body.email,
        password: request.body.password,
      });
      return reply.code(201).send({ ...presentSession(session), ...presentMade(request, session.app) });
    },
  );
}

/** The header's value, undefined when it is missing. */
function credentialOf(request: FastifyRequest): string | undefined {
  const { rawHeaders } = request.raw;
  const times = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === HEADER).length;
  const value = request.headers[HEADER];
  if (times > 1 || Array.isArray(value) || (value?.length ?? 0) > MAX_CREDENTIAL) {
    throw supportErrors.invalidHeaderFormat();
  }
  return value;
}
