import { type AppError, errors } from '../http/errors.js';

/** What a driver's error means, whichever database it came from. */
export type DatabaseFailure = 'unique' | 'full' | 'read-only' | 'unavailable' | 'retry';

const BY_CODE: Readonly<Record<string, DatabaseFailure>> = {
  SQLITE_CONSTRAINT_UNIQUE: 'unique',
  SQLITE_CONSTRAINT_PRIMARYKEY: 'unique',
  SQLITE_FULL: 'full',
  SQLITE_BUSY: 'retry',
  // SQLSTATE classes, https://www.postgresql.org/docs/current/errcodes-appendix.html
  '23505': 'unique',
  '53100': 'full',
  '25006': 'read-only',
  '40001': 'retry',
  '40P01': 'retry',
  '57P01': 'unavailable',
  '57P02': 'unavailable',
  '57P03': 'unavailable',
  '53300': 'unavailable',
  ECONNREFUSED: 'unavailable',
  ECONNRESET: 'unavailable',
  ENOTFOUND: 'unavailable',
  ETIMEDOUT: 'unavailable',
  EPIPE: 'unavailable',
};

/** What `pg` and its pool say of a lost or unreachable connection: these errors have no code (pg 8, client.js and pg-pool). */
const LOST_CONNECTIONS = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'timeout expired',
  'timeout exceeded when trying to connect',
];

/** Names a database failure, or null when `error` is not one that this server knows how to explain. */
export function databaseFailure(error: unknown): DatabaseFailure | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = BY_CODE[code];
  if (known) return known;
  if (code.startsWith('SQLITE_READONLY')) return 'read-only';
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN')) return 'unavailable';
  if (code.startsWith('08')) return 'unavailable';
  if (LOST_CONNECTIONS.some((words) => error.message.startsWith(words))) return 'unavailable';
  return null;
}

/** True when a unique constraint refused the row. */
export const isUniqueViolation = (error: unknown): boolean => databaseFailure(error) === 'unique';

/** The catalogue's error for a database or file-system failure, or null when it is none. */
export function storageError(error: unknown): AppError | null {
  const failure = databaseFailure(error);
  if (failure === 'full' || hasCode(error, 'ENOSPC', 'EDQUOT')) return errors.storageFull({ cause: error });
  if (failure === 'read-only' || hasCode(error, 'EROFS', 'EACCES', 'EPERM')) {
    return errors.unavailable('The server cannot write to its storage right now. Nothing was saved.', {
      cause: error,
      retryAfterSeconds: 30,
    });
  }
  if (failure === 'unavailable' || failure === 'retry') {
    return errors.unavailable('The database cannot be reached right now. Please try again shortly.', {
      cause: error,
      retryAfterSeconds: 2,
    });
  }
  return null;
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
