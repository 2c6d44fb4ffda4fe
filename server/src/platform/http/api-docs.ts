import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { HttpServer } from './server.js';

/** The OpenAPI document at `/docs/json` and its page at `/docs`. Must be registered before the routes that it describes. */
export async function serveApiDocs(server: HttpServer, version: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Earshot',
        version,
        description: 'The self-hosted backend for apps that listen, speak and chat.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
  });
  await server.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    transformStaticCSP: (policy) => policy.replace(/https: ?/g, '').replace('upgrade-insecure-requests', ''),
  });
}
