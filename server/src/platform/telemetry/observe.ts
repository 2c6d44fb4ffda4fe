import { toAppError } from '../http/error-body.js';
import type { HttpServer } from '../http/server.js';
import type { Platform } from '../platform.js';
import type { FinishRequestSpan } from './tracer.js';

declare module 'fastify' {
  interface FastifyRequest {
    finishSpan: FinishRequestSpan | null;
  }
}

/**
 * Connects error reporting and tracing to the routes when their variables are set.
 *
 * @returns how to send what is waiting and stop
 */
export async function observe(
  server: HttpServer,
  { config, tracer }: Pick<Platform, 'config' | 'tracer'>,
  version: string,
): Promise<() => Promise<void>> {
  const closing: (() => Promise<void>)[] = [];
  if (config.SENTRY_DSN) {
    const { sentryReporter } = await import('./sentry/index.js');
    const reporter = sentryReporter(config.SENTRY_DSN, version);
    closing.push(reporter.close);
    server.addHook('onError', async (request, _reply, error) => {
      if (toAppError(error).statusCode < 500) return;
      reporter.report(error, { route: request.routeOptions.url ?? 'unmatched', requestId: request.id });
    });
  }
  if (config.OTEL_EXPORTER_OTLP_ENDPOINT) {
    server.decorateRequest('finishSpan', null);
    // With a callback: what is entered within an async function would be left again at its end.
    server.addHook('onRequest', (request, _reply, done) => {
      const { traceparent } = request.headers;
      request.finishSpan = tracer.request(
        request.method,
        typeof traceparent === 'string' ? traceparent : undefined,
      );
      done();
    });
    server.addHook('onResponse', async (request, reply) => {
      request.finishSpan?.(request.routeOptions.url ?? 'unmatched', reply.statusCode);
    });
  }
  return async () => {
    await Promise.all(closing.map((close) => close()));
  };
}
