import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type BuiltServer, buildServer, type Overrides } from '../../src/build.js';
import { loadConfig } from '../../src/config.js';
import type { Clock } from '../../src/platform/clock.js';
import { createLog } from '../../src/platform/telemetry/log.js';
import { freshPostgres } from './databases.js';
import { redisUrl } from './redis.js';
import { startS3 } from './s3.js';

/** The two scales at which everything must be the same. */
export const stacks = ['SQLite and files', 'PostgreSQL, Redis and S3'] as const;
export type Stack = (typeof stacks)[number];

/** The real services under a server, to be kept while servers over them come and go. */
export interface Ground {
  readonly environment: Readonly<Record<string, string>>;
  readonly dataDirectory: string;
  remove(): Promise<void>;
}

/** A data directory, and for the scaled stack a database, a bucket and Redis of the caller's own. */
export async function layGround(stack: Stack): Promise<Ground> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'earshot-data-'));
  const removeDirectory = () => rmSync(dataDirectory, { recursive: true, force: true });
  const common = { NODE_ENV: 'test', PORT: '0', DATA_DIR: dataDirectory, LOG_LEVEL: 'trace' };
  if (stack === 'SQLite and files') {
    return { environment: common, dataDirectory, remove: async () => removeDirectory() };
  }
  const s3 = await startS3();
  const redis = redisUrl();
  return {
    dataDirectory,
    environment: {
      ...common,
      DATABASE_URL: await freshPostgres(),
      DATABASE_POOL: '10',
      SERVER_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
      ...(redis ? { REDIS_URL: redis } : {}),
      S3_ENDPOINT: s3.options.endpoint ?? '',
      S3_BUCKET: s3.options.bucket,
      S3_REGION: s3.options.region,
      S3_ACCESS_KEY_ID: s3.options.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.options.secretAccessKey,
    },
    remove: async () => {
      await s3.stop();
      removeDirectory();
    },
  };
}

export interface TestServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly built: BuiltServer;
  /** Every line that was logged, at every level. */
  readonly logged: readonly string[];
  stop(): Promise<void>;
}

/** Starts a server on the ground and listens on a free port of the loopback address. */
export async function startServer(
  ground: Ground,
  environment: Readonly<Record<string, string>> = {},
  overrides: Omit<Overrides, 'log'> = {},
): Promise<TestServer> {
  const logged: string[] = [];
  const log = createLog(
    'trace',
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        logged.push(chunk.toString());
        done();
      },
    }),
  );
  const config = loadConfig({ ...ground.environment, ...environment });
  const built = await buildServer(config, { log, ...overrides });
  await built.start();
  const url = await built.http.listen({ host: '127.0.0.1', port: 0 });
  return { url, built, logged, stop: () => built.close() };
}

/** A clock that stands still until it is moved. */
export function movableClock(start = Date.now()): Clock & { advance(ms: number): void } {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** Asks until the answer is the wanted one. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (value: T) => boolean,
  withinMs = 20_000,
  everyMs = 25,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (isWanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`Still not as wanted: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
