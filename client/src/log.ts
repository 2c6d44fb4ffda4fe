export type LogCategory =
  | 'http'
  | 'auth'
  | 'store'
  | 'queue'
  | 'sync'
  | 'conflicts'
  | 'network'
  | 'repositories'
  | 'generation'
  | 'media'
  | 'migration';
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the log. Never holds tokens, passwords, story texts or names. */
export interface LogEntry {
  readonly at: number;
  readonly level: LogLevel;
  readonly category: LogCategory;
  readonly message: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Where the app wants log lines to go: a console, a file, a crash reporter. */
export type LogSink = (entry: LogEntry) => void;

export type Log = (
  level: LogLevel,
  category: LogCategory,
  message: string,
  detail?: Readonly<Record<string, unknown>>,
) => void;

/**
 * A log by category.
 *
 * @param detailed whether `debug` lines are wanted (the flag `detailedLogging`)
 */
export function createLog(
  sink: LogSink | undefined,
  clock: { now(): number },
  detailed: () => boolean = () => false,
): Log {
  if (!sink) return () => undefined;
  return (level, category, message, detail) => {
    if (level === 'debug' && !detailed()) return;
    sink({ at: clock.now(), level, category, message, ...(detail && { detail }) });
  };
}

/** What to write about something that was thrown. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
