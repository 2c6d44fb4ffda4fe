import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { type Outage, tcpWithOutages } from '../../support/outages.js';
import { startS3 } from '../../support/s3.js';
import { freePort, preparePostgres, spawnRedis } from '../../support/services.js';

export type HouseDatabase = 'sqlite' | 'postgres';

/** The services under the house, each of its own, so that they can fail. */
export interface HouseGround {
  readonly environment: Readonly<Record<string, string>>;
  /** Where DATA_DIR is a file system of its own that can be filled; null where mounting is not allowed. */
  readonly smallDisk: string | null;
  /** Only on the scaled ground. */
  readonly services?: {
    readonly postgres: Service & Outage;
    readonly redis: Service & Outage;
    readonly s3: Outage;
  };
  /** The rows of a query, past all outages. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** What is wrong in the database's own eyes. */
  integrity(): Promise<string[]>;
  remove(): Promise<void>;
}

interface Service {
  /** Ends it, and starts it again after so many milliseconds. */
  restart(awayMs: number): Promise<void>;
}

const DISK_BYTES = 192 << 20;

export async function layHouseGround(database: HouseDatabase): Promise<HouseGround> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-house-'));
  chmodSync(folder, 0o755); // as root, PostgreSQL runs as a user of its own
  const data = join(folder, 'data');
  mkdirSync(data);
  const smallDisk = mountSmallDisk(data) ? data : null;
  const environment = { NODE_ENV: 'test', DATA_DIR: data, PORT: String(await freePort()) };
  const remove = async (): Promise<void> => {
    if (smallDisk) execFileSync('umount', ['-l', smallDisk]);
    rmSync(folder, { recursive: true, force: true });
  };
  if (database === 'sqlite') {
    const file = join(data, 'earshot.db');
    return { environment, smallDisk, remove, ...sqliteQueries(file) };
  }

  const postgres = await preparePostgres(folder, { persistent: true });
  await postgres.server.start();
  const redisPort = await freePort();
  let redis = await spawnRedis(folder, redisPort);
  const s3 = await startS3();
  const ways = {
    postgres: await tcpWithOutages(postgres.url),
    redis: await tcpWithOutages(`redis://127.0.0.1:${redisPort}`),
    s3: await tcpWithOutages(s3.options.endpoint ?? ''),
  };
  return {
    smallDisk,
    environment: {
      ...environment,
      DATABASE_URL: ways.postgres.url,
      DATABASE_POOL: '10',
      REDIS_URL: ways.redis.url,
      SERVER_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
      S3_ENDPOINT: ways.s3.url,
      S3_BUCKET: s3.options.bucket,
      S3_REGION: s3.options.region,
      S3_ACCESS_KEY_ID: s3.options.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.options.secretAccessKey,
    },
    services: {
      s3: ways.s3,
      postgres: {
        ...ways.postgres,
        restart: async (awayMs) => {
          await postgres.server.stop();
          await sleep(awayMs);
          await postgres.server.start();
        },
      },
      redis: {
        ...ways.redis,
        restart: async (awayMs) => {
          const gone = new Promise((resolve) => redis.once('exit', resolve));
          redis.kill('SIGKILL');
          await gone;
          await sleep(awayMs);
          redis = await spawnRedis(folder, redisPort);
        },
      },
    },
    ...postgresQueries(postgres.url),
    remove: async () => {
      for (const way of Object.values(ways)) await way.cut();
      redis.kill('SIGKILL');
      await postgres.server.stop();
      await s3.stop();
      await remove();
    },
  };
}

function mountSmallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // The house goes without full disks, and its report says so.
  }
}

function sqliteQueries(file: string): Pick<HouseGround, 'query' | 'integrity'> {
  const query = (sql: string): Record<string, unknown>[] => {
    const database = new Sqlite(file, { readonly: true });
    try {
      database.pragma('busy_timeout = 10000');
      return database.prepare(sql).all() as Record<string, unknown>[];
    } finally {
      database.close();
    }
  };
  return {
    query: async (sql) => query(sql),
    integrity: async () => [
      ...query('pragma integrity_check').flatMap(({ integrity_check: said }) =>
        said === 'ok' ? [] : [String(said)],
      ),
      ...query('pragma foreign_key_check').map((row) => `an orphan: ${JSON.stringify(row)}`),
    ],
  };
}

/** PostgreSQL itself keeps foreign keys; what is asked is whether each index still tells what its table has. */
function postgresQueries(url: string): Pick<HouseGround, 'query' | 'integrity'> {
  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    query,
    integrity: async () =>
      (await query(`select indexrelid::regclass::text as name from pg_index where not indisvalid`)).map(
        ({ name }) => `a broken index: ${name}`,
      ),
  };
}
