import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteFile from 'better-sqlite3';

/**
 * Makes sure that only one server works on a data directory: a second one would take over the first one's jobs. The
 * operating system lets go of the lock when the process ends, however it ends.
 *
 * @returns how to let go, or null when another process holds it
 */
export function lockDataDirectory(directory: string): (() => void) | null {
  mkdirSync(directory, { recursive: true });
  const lock = new SqliteFile(join(directory, 'server.lock'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return null;
    throw error;
  }
  return () => lock.close();
}
