/** Where unexpected errors are reported besides the log. Adapter: `sentry/`, when SENTRY_DSN is set. */
export interface ErrorReporter {
  /** @param context short labels such as the route pattern and the request id; never texts, keys or tokens */
  report(error: unknown, context: Readonly<Record<string, string>>): void;
  /** Sends what is waiting. */
  close(): Promise<void>;
}
