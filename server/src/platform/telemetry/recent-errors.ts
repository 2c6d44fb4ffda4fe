/** One error-level record of the log, as it was written: redacted. */
export interface RecentError {
  /** ISO 8601. */
  readonly time: string;
  readonly message: string;
  /** Name of the error. */
  readonly type: string | null;
  /** What the error says, and its code. */
  readonly detail: string | null;
  readonly requestId: string | null;
}

/** The newest errors that this process has logged, for its operator. Kept in memory only. */
export interface RecentErrors {
  /** Takes every line of the log; keeps those of errors. */
  note(line: string): void;
  /** Newest first. */
  list(): readonly RecentError[];
}

const KEPT = 50;
/** The level is the first member of every line. */
const ERROR = /^\{"level":"(?:error|fatal)"/;

export function createRecentErrors(): RecentErrors {
  const lines: string[] = [];
  return {
    note: (line) => {
      if (!ERROR.test(line)) return;
      lines.unshift(line);
      lines.length = Math.min(lines.length, KEPT);
    },
    list: () => lines.map(recentErrorOf),
  };
}

function recentErrorOf(line: string): RecentError {
  const { time, message, err, request_id: requestId } = JSON.parse(line) as Record<string, unknown>;
  const { type, message: words, code } = (err ?? {}) as Record<string, unknown>;
  const detail = [words, code].filter((part) => typeof part === 'string').join(' · ');
  return {
    time: String(time),
    message: String(message),
    type: typeof type === 'string' ? type : null,
    detail: detail || null,
    requestId: typeof requestId === 'string' ? requestId : null,
  };
}
