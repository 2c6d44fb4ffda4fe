/** Where traces go. Adapter: `opentelemetry/`, when OTEL_EXPORTER_OTLP_ENDPOINT is set; else {@link noTracer}. */
export interface Tracer {
  /**
   * Begins the span of an HTTP request; what the request goes on to do belongs to it.
   *
   * @param traceparent the caller's W3C trace context header, to go on with their trace
   * @returns what to call when the answer is out
   */
  request(method: string, traceparent: string | undefined): FinishRequestSpan;
  /** The W3C trace context of what is being done now, to be sent along to other nodes; null outside of any span. */
  current(): string | null;
  /** Does something in a span of its own that goes on with a trace of elsewhere. */
  follow(name: string, traceparent: string | null, work: () => void): void;
  /** Sends what is waiting. */
  close(): Promise<void>;
}

export type FinishRequestSpan = (route: string, status: number) => void;

/** Traces nothing and costs nothing. */
export const noTracer: Tracer = {
  request: () => () => {},
  current: () => null,
  follow: (_name, _traceparent, work) => work(),
  close: async () => {},
};
