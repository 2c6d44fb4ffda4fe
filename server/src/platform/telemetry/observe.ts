import type { Config } from '../../config.js';
import { toAppError } from '../http/error-body.js';
import type { HttpServer } from '../http/server.js';
import type { FinishRequestSpan } from './tracer.js';

declare module 'fastify' {
  interface FastifyRequest {
    finishSpan: FinishRequestSpan | null;
  }
}

/**
 * Connects error reporting and tracing when their variables are set; otherwise none of their code is even loaded.
 *
 * @returns how to send what is waiting and stop
 */
export async function observe(
  server: HttpServer,
  config: Config,
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
    const { openTelemetryTracer } = await import('./opentelemetry/index.js');
    const tracer = openTelemetryTracer(config.OTEL_EXPORTER_OTLP_ENDPOINT, version);
    closing.push(tracer.close);
    server.decorateRequest('finishSpan', null);
    server.addHook('onRequest', async (request) => {
      const { traceparent } = request.headers;
      request.finishSpan = tracer.request(
        request.method,
        typeof traceparent === 'string' ? traceparent : undefined,
      );
    });
    server.addHook('onResponse', async (request, reply) => {
      request.finishSpan?.(request.routeOptions.url ?? 'unmatched', reply.statusCode);
    });
  }
  return async () => {
    await Promise.all(closing.map((close) => close()));
  };
}
