/** Where traces go. Adapter: `opentelemetry/`, when OTEL_EXPORTER_OTLP_ENDPOINT is set. */
export interface Tracer {
  /**
   * Begins the span of an HTTP request.
   *
   * @param traceparent the caller's W3C trace context header, to go on with their trace
   * @returns what to call when the answer is out
   */
  request(method: string, traceparent: string | undefined): FinishRequestSpan;
  /** Runs a background job in a span of its own. */
  job<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Sends what is waiting. */
  close(): Promise<void>;
}

export type FinishRequestSpan = (route: string, status: number) => void;
