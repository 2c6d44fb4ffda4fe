import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Tracer } from '../tracer.js';

const propagator = new W3CTraceContextPropagator();

/** Sends spans of requests, and of what they cause on any node, to an OpenTelemetry collector by OTLP over HTTP. Names hold no ids. */
export function openTelemetryTracer(endpoint: string, version: string): Tracer {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'earshot', 'service.version': version }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })),
    ],
  });
  const tracer = provider.getTracer('earshot', version);
  const running = new AsyncLocalStorage<Span>();
  return {
    request: (method, traceparent) => {
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, contextOf(traceparent ?? null));
      running.enterWith(span);
      return (route, status) => {
        span.updateName(`${method} ${route}`);
        span.setAttributes({
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
        });
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },
    current: () => {
      const span = running.getStore();
      if (!span) return null;
      const carrier: Record<string, string> = {};
      propagator.inject(trace.setSpan(ROOT_CONTEXT, span), carrier, {
        set: (target, name, value) => {
          target[name] = value;
        },
      });
      return carrier.traceparent ?? null;
    },
    follow: (name, traceparent, work) => {
      const span = tracer.startSpan(name, { kind: SpanKind.CONSUMER }, contextOf(traceparent));
      try {
        running.run(span, work);
      } finally {
        span.end();
      }
    },
    close: () => provider.shutdown(),
  };
}

/** A context whose span is the caller's; the root when they sent none. */
function contextOf(traceparent: string | null): Context {
  if (traceparent === null) return ROOT_CONTEXT;
  return propagator.extract(
    ROOT_CONTEXT,
    { traceparent },
    {
      get: (carrier, name) => (name === 'traceparent' ? carrier.traceparent : undefined),
      keys: Object.keys,
    },
  );
}
