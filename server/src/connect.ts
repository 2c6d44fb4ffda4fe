import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Config,
  ConfigError,
  imageEngineOf,
  isScaled,
  speechEngineOf,
  textEngineOf,
  transcriptionEngineOf,
  usesS3,
} from './config.js';
import { createImageEngine, createSpeechEngine, createTextEngine } from './platform/ai/engines.js';
import { createTranscriber, type TranscriptionEngineConfig } from './platform/ai/transcription-engine.js';
import { createChanges } from './platform/changes/changes.js';
import { changeMigrations } from './platform/changes/migrations.js';
import { systemClock } from './platform/clock.js';
import type { Database } from './platform/database/database.js';
import { type Migration, migrate, platformMigrations } from './platform/database/migrations.js';
import type { Snapshot } from './platform/database/snapshot.js';
import { openSqlite, type SqliteOptions } from './platform/database/sqlite/index.js';
import { openSqliteSnapshot } from './platform/database/sqlite/snapshot.js';
import type { Events } from './platform/events/events.js';
import { memoryEvents } from './platform/events/memory/index.js';
import { createPublicHttp } from './platform/http/public-addresses.js';
import type { HttpServer } from './platform/http/server.js';
import { createIdentity } from './platform/identity/identity.js';
import type { Jobs } from './platform/jobs/jobs.js';
import { jobMigrations, sqliteJobs } from './platform/jobs/sqlite/index.js';
import { memoryRateLimits } from './platform/limits/memory/index.js';
import type { RateLimits } from './platform/limits/rate-limits.js';
import { openFileMedia } from './platform/media/files/index.js';
import type { Media } from './platform/media/media.js';
import type { Platform } from './platform/platform.js';
import { memoryPresence } from './platform/presence/memory/index.js';
import type { Presence } from './platform/presence/presence.js';
import { openPush } from './platform/push/open-push.js';
import { searchMigrations } from './platform/search/migrations.js';
import type { Search } from './platform/search/search.js';
import { sqliteSearch } from './platform/search/sqlite/index.js';
import { loadSecrets } from './platform/secrets.js';
import { createLog, type Log } from './platform/telemetry/log.js';
import { createMetrics } from './platform/telemetry/metrics.js';
import { noTracer, type Tracer } from './platform/telemetry/tracer.js';
import { version } from './version.js';

export type { HttpServer };

/** The SQLite file of a configuration. */
export const sqlitePathOf = (config: Config): string =>
  config.DATABASE_PATH ?? join(config.DATA_DIR, 'earshot.db');

/** The media folder of a configuration that keeps media in files. */
export const mediaPathOf = (config: Config): string => config.STORAGE_PATH ?? join(config.DATA_DIR, 'media');

/** Where files in the making are kept: beside the media, so that finished ones are moved and not copied. */
export const scratchPathOf = (config: Config): string => join(config.DATA_DIR, 'scratch');

/** Where `earshot models` keeps its models. */
export const modelsPathOf = (config: Config): string => join(config.DATA_DIR, 'models');

/** Opens the database that the configuration names. Adapters are loaded only when they are used. */
export async function connectDatabase(
  config: Config,
  log: Log,
  sqlite: SqliteOptions = {},
): Promise<Database> {
  if (!config.DATABASE_URL) return openSqlite(sqlitePathOf(config), sqlite);
  const { openPostgres } = await import('./platform/database/postgres/index.js');
  return openPostgres(config.DATABASE_URL, {
    poolSize: config.DATABASE_POOL,
    onIdleError: (error) => log.warn({ err: error }, 'an idle database connection broke'),
    ...(config.DATABASE_READ_URL ? { replica: replicaOf(config.DATABASE_READ_URL, log) } : {}),
  });
}

const replicaOf = (connectionString: string, log: Log) => ({
  connectionString,
  onChange: (reason: Error | null) => {
    if (reason) log.warn({ err: reason }, 'the read replica cannot be reached; the primary is asked instead');
    else log.info('the read replica is back');
  },
});

/** What is committed in that database at this instant, beside a running server. Makes nothing when there is nothing. */
export async function connectSnapshot(config: Config): Promise<Snapshot> {
  if (!config.DATABASE_URL) return openSqliteSnapshot(sqlitePathOf(config));
  const { openPostgresSnapshot } = await import('./platform/database/postgres/snapshot.js');
  return openPostgresSnapshot(config.DATABASE_URL);
}

/** Opens the media store that the configuration names. */
export async function connectMedia(
  config: Config,
  options: { readonly besideServer?: boolean } = {},
): Promise<Media> {
  if (!usesS3(config)) return openFileMedia(mediaPathOf(config), options);
  const { s3Media } = await import('./platform/media/s3/index.js');
  return s3Media({
    bucket: config.S3_BUCKET ?? '',
    region: config.S3_REGION,
    accessKeyId: config.S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: config.S3_SECRET_ACCESS_KEY ?? '',
    ...(config.S3_ENDPOINT ? { endpoint: config.S3_ENDPOINT } : {}),
  });
}

/** The migrations of the platform and of the given apps, for whichever database. */
export const allMigrations = (
  apps: readonly { readonly migrations: readonly Migration[] }[],
): Migration[] => [
  ...platformMigrations,
  ...jobMigrations,
  ...changeMigrations,
  ...searchMigrations,
  ...apps.flatMap((app) => app.migrations),
];

/** A platform and how to let go of it. */
export interface ConnectedPlatform {
  readonly platform: Platform;
  close(): Promise<void>;
}

/** Opens one of each port as the configuration says, and brings the schema up to date. */
export async function connectPlatform(
  config: Config,
  migrations: readonly Migration[],
  overrides: Partial<Pick<Platform, 'clock' | 'log' | 'media'>> = {},
): Promise<ConnectedPlatform> {
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLog(config.LOG_LEVEL);
  const metrics = createMetrics();
  await requireRedis(config);
  const tracer = await connectTracer(config);
  const scratchDirectory = scratchPathOf(config);
  await mkdir(scratchDirectory, { recursive: true });
  const secrets = loadSecrets({
    serverSecret: config.SERVER_SECRET,
    jwtSecret: config.JWT_SECRET,
    dataDirectory: config.DATA_DIR,
    isShared: isScaled(config),
  });
  const database = await connectDatabase(config, log);
  const applied = await migrate(database, migrations, clock.now());
  if (applied.length > 0) log.info({ migrations: applied }, 'the schema was brought up to date');
  const media = overrides.media ?? (await connectMedia(config));
  const events = await connectEvents(config, log);
  const limits = await connectLimits(config, log);
  const presence = await connectPresence(config, log);
  const jobs = await connectJobs(config, database, log);
  const { close: closeIdentity, ...identity } = await createIdentity({
    config,
    database,
    events,
    limits,
    secrets,
    clock,
    log,
  });
  const openai = {
    ...(config.OPENAI_BASE_URL ? { baseUrl: config.OPENAI_BASE_URL } : {}),
    ...(config.OPENAI_API_KEY ? { apiKey: config.OPENAI_API_KEY } : {}),
  };
  const speech = createSpeechEngine({ engine: speechEngineOf(config), openai });
  const text = createTextEngine({
    engine: textEngineOf(config),
    openai,
    clock,
    ...(config.TEXT_MODEL ? { model: config.TEXT_MODEL } : {}),
    firstTokenMilliseconds: config.TEXT_FIRST_TOKEN_SECONDS * 1_000,
    deadlineMilliseconds: config.TEXT_DEADLINE_SECONDS * 1_000,
  });
  const images = createImageEngine({
    engine: imageEngineOf(config),
    openai,
    ...(config.IMAGE_MODEL ? { model: config.IMAGE_MODEL } : {}),
  });
  const transcriber = createTranscriber(transcriptionOf(config));
  const publicHttp = createPublicHttp(config.ALLOW_PRIVATE_WEBHOOKS ? { isAllowed: () => true } : {});
  const push = openPush({ config, secrets, clock, log, http: publicHttp });
  const platform: Platform = {
    config,
    clock,
    log,
    metrics,
    tracer,
    secrets,
    database,
    media,
    jobs,
    events,
    changes: createChanges({ database, events }),
    search: await connectSearch(database),
    limits,
    presence,
    ...identity,
    push,
    publicHttp,
    speech,
    transcriber,
    text,
    images,
    scratchDirectory,
  };
  return {
    platform,
    close: async () => {
      await closeIdentity();
      await speech.synthesizer.close();
      await transcriber.close();
      await images.close();
      await events.close();
      await limits.close();
      await presence.close();
      await media.close();
      await database.close();
      await tracer.close();
    },
  };
}

/** How the configuration has the server listen. */
export function transcriptionOf(config: Config): TranscriptionEngineConfig {
  const modelsDirectory = modelsPathOf(config);
  return {
    engine: transcriptionEngineOf(config),
    ...(config.TRANSCRIPTION_MODEL ? { model: config.TRANSCRIPTION_MODEL } : {}),
    streaming: config.TRANSCRIPTION_STREAMING,
    openai: {
      ...(config.OPENAI_BASE_URL ? { baseUrl: config.OPENAI_BASE_URL } : {}),
      ...(config.OPENAI_API_KEY ? { apiKey: config.OPENAI_API_KEY } : {}),
    },
    modelsDirectory,
    scratchDirectory: scratchPathOf(config),
  };
}

async function connectTracer(config: Config): Promise<Tracer> {
  if (!config.OTEL_EXPORTER_OTLP_ENDPOINT) return noTracer;
  const { openTelemetryTracer } = await import('./platform/telemetry/opentelemetry/index.js');
  return openTelemetryTracer(config.OTEL_EXPORTER_OTLP_ENDPOINT, version);
}

/** In production nodes must hear of each other from the start. If Redis drops later, they go on without it. */
async function requireRedis({ NODE_ENV, REDIS_URL, REDIS_CLUSTER }: Config): Promise<void> {
  if (NODE_ENV !== 'production' || !REDIS_URL) return;
  const { closeRedis, openRedis } = await import('./platform/redis/connection.js');
  const redis = await openRedis({
    url: REDIS_URL,
    cluster: REDIS_CLUSTER,
    purpose: 'start',
    log: createLog('silent'),
  });
  try {
    if (redis.status === 'ready') return;
    throw new ConfigError(
      'Redis cannot be reached at REDIS_URL, and in production the server does not start without it. Start Redis, and check host, port and password.',
    );
  } finally {
    closeRedis(redis);
  }
}

async function connectEvents(config: Config, log: Log): Promise<Events> {
  if (!config.REDIS_URL) return memoryEvents({ log });
  const { openRedisEvents } = await import('./platform/events/redis/index.js');
  return openRedisEvents({ url: config.REDIS_URL, cluster: config.REDIS_CLUSTER, log });
}

async function connectLimits(config: Config, log: Log): Promise<RateLimits> {
  if (!config.REDIS_URL) return memoryRateLimits();
  const { openRedisRateLimits } = await import('./platform/limits/redis/index.js');
  return openRedisRateLimits({ url: config.REDIS_URL, cluster: config.REDIS_CLUSTER, log });
}

async function connectPresence(config: Config, log: Log): Promise<Presence> {
  if (!config.REDIS_URL) return memoryPresence({ log });
  const { openRedisPresence } = await import('./platform/presence/redis/index.js');
  return openRedisPresence({ url: config.REDIS_URL, cluster: config.REDIS_CLUSTER, log });
}

async function connectSearch(database: Database): Promise<Search> {
  if (database.dialect === 'sqlite') return sqliteSearch(database);
  const { postgresSearch } = await import('./platform/search/postgres/index.js');
  return postgresSearch(database);
}

async function connectJobs(config: Config, database: Database, log: Log): Promise<Jobs> {
  if (!isScaled(config) || !config.DATABASE_URL) return sqliteJobs({ database, log });
  const { graphileJobs } = await import('./platform/jobs/graphile/index.js');
  return graphileJobs({ connectionString: config.DATABASE_URL, database, log });
}
