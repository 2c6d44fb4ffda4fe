import { type DestinationStream, type Logger, pino } from 'pino';
import { createRecentErrors, type RecentErrors } from './recent-errors.js';

export type Log = Logger;

/** Where secrets and private words can appear in what is logged; each is replaced before a line is written. */
const REDACTED_PATHS = [
  'authorization',
  'cookie',
  'apiKey',
  'key',
  'token',
  'text',
  'password',
  'openai_token',
  'session_token',
  'api_key',
  'access_token',
  'refresh_token',
  'admin_token',
  'push_token',
  'body',
]
  .flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `headers["x-${name}"]`])
  // Browsers can say who they are to a WebSocket only here.
  .concat('headers["sec-websocket-protocol"]', '*.headers["sec-websocket-protocol"]');

/** Anything that looks like an upstream API key or a JSON Web Token, wherever it stands in a message. */
const SECRET_LOOKING =
  /\b((?:sk-|ek_|rhq_|earshot_sk_|omi_mcp_|omi_dev_)[A-Za-z0-9_-]{6,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)/g;

/** The same words with keys and tokens taken out. */
export const withoutSecrets = (words: string): string => words.replace(SECRET_LOOKING, '[redacted]');

const recentErrors = new WeakMap<Log, RecentErrors>();

/** The newest errors that went to a log of {@link createLog}; none for a log that was made otherwise. */
export const recentErrorsOf = (log: Log): RecentErrors => recentErrors.get(log) ?? createRecentErrors();

/**
 * The process's log: JSON lines on standard output. Tokens, keys and users' texts never reach it: known fields are
 * redacted, and error messages are searched for what looks like a secret.
 */
export function createLog(level: string, destination?: DestinationStream): Log {
  const errors = createRecentErrors();
  const options = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    serializers: { err: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: {
      streamWrite: (line: string) => {
        errors.note(line);
        return line;
      },
    },
  };
  const log = destination ? pino(options, destination) : pino(options);
  recentErrors.set(log, errors);
  return log;
}

interface DescribedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: DescribedError;
}

function describeError(error: unknown): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutSecrets(String(error)) };
  return {
    type: error.name,
    message: withoutSecrets(error.message),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(error.stack ? { stack: withoutSecrets(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
