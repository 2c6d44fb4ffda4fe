import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from '@fastify/cors';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
  type RawServerDefault,
} from 'fastify';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { clientKindOf } from './client-kind.js';
import { drainConnections } from './drain.js';
import { sendError } from './error-body.js';
import { errors } from './errors.js';
import { readRefusedBodies } from './refused-bodies.js';
import { requestIdOf } from './request-id.js';
import { RequestLog } from './request-log.js';
import { compileSchemasWhenUsed } from './schema-compilers.js';
import { securityHeaders } from './security-headers.js';
import { tellSharedPathsApart } from './shared-paths.js';
import { upgradesOf } from './upgrades.js';

/** The HTTP server as apps see it: Fastify with TypeBox schemas. */
export type HttpServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export interface HttpOptions {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Origins that browsers may call from; `any` reflects whoever asks (development). */
  readonly allowedOrigins: readonly string[] | 'any';
  /** Proxies whose forwarding headers are believed; `true` for all, an empty list for none. */
  readonly trustProxy: readonly string[] | true;
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
}

/** The largest body of a route that does not say otherwise. */
const BODY_LIMIT_BYTES = 1_048_576;
/** How long a client may take to send one request, so that slow senders cannot pile up. */
const REQUEST_TIMEOUT_MS = 120_000;
/** Longer than the 60 s after which common balancers drop idle connections, so that they never race us. */
const KEEP_ALIVE_MS = 72_000;

/** Makes the HTTP server with everything that holds for all routes; routes are added by the apps. */
export async function createHttpServer(options: HttpOptions): Promise<HttpServer> {
  const shared: FastifyServerOptions = {
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    childLoggerFactory: (_log, bindings) => new RequestLog(options.log, bindings),
    genReqId: requestIdOf,
    requestIdHeader: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    trustProxy: options.trustProxy === true ? true : [...options.trustProxy],
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
  };
  const tls = options.tls && {
    https: {
      cert: readFileSync(options.tls.certFile),
      key: readFileSync(options.tls.keyFile),
      minVersion: 'TLSv1.2' as const,
    },
  };
  const server = Fastify({
    ...shared,
    ...tls,
  } as FastifyServerOptions).withTypeProvider<TypeBoxTypeProvider>();
  tellSharedPathsApart(server);
  compileSchemasWhenUsed(server);
  drainConnections(server);
  acceptJson(server);
  server.setErrorHandler((error, request, reply) => sendError(error, request, reply));
  server.setNotFoundHandler((request, reply) => {
    if (upgradesOf(server.server).isSocket(request.url)) {
      reply.header('upgrade', 'websocket');
      sendError(errors.upgradeRequired(), request, reply);
      return;
    }
    const path = request.url.split('?', 1)[0];
    sendError(errors.notFound(`Route ${request.method}:${path} not found`), request, reply);
  });
  const headers = securityHeaders({ overTls: options.tls !== undefined });
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  await server.register(cors, {
    origin: options.allowedOrigins === 'any' ? true : [...options.allowedOrigins],
    credentials: true,
    methods: ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
    exposedHeaders: [
      'set-auth-token',
      'content-disposition',
      'content-range',
      'etag',
      'retry-after',
      'x-request-id',
    ],
    maxAge: 600,
  });
  observeRequests(server, options.metrics);
  readRefusedBodies(server);
  return server;
}

/** Takes JSON bodies and no others. */
function acceptJson(server: HttpServer): void {
  server.removeContentTypeParser(['application/json', 'text/plain']);
  acceptJsonAs(server, /^application\/(.+\+)?json\b/i);
}

/**
 * Takes bodies of a content type (`*` for whatever has no other parser, none at all included) as JSON. An empty one
 * counts as none, and a broken one is never quoted back.
 */
export function acceptJsonAs(server: HttpServer, contentType: string | RegExp): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser<string>(contentType, { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, undefined);
      return;
    }
    parse(request, body, (error, value) => {
      if (error) {
        done(errors.invalidJson({ cause: error.name }), undefined);
        return;
      }
      const place = body.includes(ESCAPED_NUL) ? placeOfNul(value, 'body') : null;
      done(place ? errors.validation(`${place} must not contain NUL characters`) : null, value);
    });
  });
}

/** How JSON writes the one character that PostgreSQL's texts cannot hold. */
const ESCAPED_NUL = '\\u0000';

function placeOfNul(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.includes('\0') ? path : null;
  if (!value || typeof value !== 'object') return null;
  for (const [name, inner] of Object.entries(value)) {
    const place = name.includes('\0') ? path : placeOfNul(inner, `${path}/${name}`);
    if (place) return place;
  }
  return null;
}

function observeRequests(server: HttpServer, metrics: Metrics): void {
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done(
      request.url.includes('%00')
        ? errors.badRequest('The address must not contain NUL characters')
        : undefined,
    );
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unmatched';
    metrics.requests.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1_000,
    );
    request.log.debug(
      {
        method: request.method,
        route,
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime),
        ...clientKindOf(request.headers),
      },
      'request',
    );
    done();
  });
}
