import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { HttpServer } from './server.js';

/** The product's mark, in the light of the page's dark bar. */
const MARK = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="132" height="32" viewBox="0 0 132 32">
    <circle cx="16" cy="16" r="4" fill="#9fe6a6"/>
    <g fill="none" stroke="#9fe6a6" stroke-width="2"><circle cx="16" cy="16" r="9"/><circle cx="16" cy="16" r="14" opacity=".5"/></g>
    <text x="40" y="23" fill="#fff" font-family="system-ui, sans-serif" font-size="20" font-weight="700">Earshot</text>
  </svg>`,
);

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
    transformStaticCSP: (policy) =>
      policy
        .replace(/https: ?/g, '')
        .replace('validator.swagger.io', '')
        .replace('upgrade-insecure-requests', ''),
    theme: { title: 'Earshot API' },
    logo: { type: 'image/svg+xml', content: MARK, href: '/', target: '_self' },
  });
}
