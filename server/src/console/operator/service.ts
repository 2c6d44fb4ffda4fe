import { stat, statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import { usesS3 } from '../../config.js';
import { sqlitePathOf } from '../../connect.js';
import { BACKUP_RUN } from '../../platform/database/tables.js';
import type { Platform } from '../../platform/platform.js';
import { recentErrorsOf } from '../../platform/telemetry/log.js';

/** Counting media means listing them: so many, and so often at most. */
const COUNTED_OBJECTS = 20_000;
const COUNT_BELIEVED_MS = 60_000;

interface MediaCount {
  readonly bytes: number;
  readonly objects: number;
  readonly isComplete: boolean;
}

/** What an operator sees of the server itself. Figures of jobs and storage are the server's, errors are this node's. */
export function createOperations({ clock, config, database, log, media }: Platform) {
  let counted: { readonly until: number; readonly count: Promise<MediaCount> } | null = null;

  const countMedia = async (): Promise<MediaCount> => {
    let [bytes, objects] = [0, 0];
    for await (const { size } of media.list('')) {
      if (objects === COUNTED_OBJECTS) return { bytes, objects, isComplete: false };
      bytes += size;
      objects += 1;
    }
    return { bytes, objects, isComplete: true };
  };

  const mediaCount = (): Promise<MediaCount> => {
    const now = clock.now();
    if (counted && counted.until > now) return counted.count;
    const count = countMedia();
    counted = { until: now + COUNT_BELIEVED_MS, count };
    count.catch(() => {
      counted = null; // told to whoever asked; the next one asks anew
    });
    return count;
  };

  const databaseBytes = async (): Promise<number> => {
    if (database.dialect === 'postgres') {
      const { rows } = await sql<{
        bytes: number;
      }>`select pg_database_size(current_database()) as bytes`.execute(database.read);
      return Number(rows[0]?.bytes ?? 0);
    }
    const path = sqlitePathOf(config);
    const sizes = await Promise.all([path, `${path}-wal`].map(sizeOf));
    return sizes.reduce((sum, size) => sum + size, 0);
  };

  return {
    storage: async () => {
      const [bytes, count, disk, backup] = await Promise.all([
        databaseBytes(),
        mediaCount(),
        statfs(config.DATA_DIR),
        database.read
          .selectFrom('maintenance_runs')
          .select('finished_at')
          .where('name', '=', BACKUP_RUN)
          .executeTakeFirst(),
      ]);
      return {
        database: { dialect: database.dialect, bytes },
        media: { place: usesS3(config) ? ('s3' as const) : ('files' as const), ...count },
        disk: { bytes: disk.blocks * disk.bsize, freeBytes: disk.bavail * disk.bsize },
        lastBackupAt: backup?.finished_at ?? null,
      };
    },
    errors: recentErrorsOf(log).list,
  };
}

export type Operations = ReturnType<typeof createOperations>;

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
