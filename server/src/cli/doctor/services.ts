import { existsSync } from 'node:fs';
import { sql } from 'kysely';
import { chosenApps } from '../../apps/catalogue.js';
import { type Config, speechEngineOf, usesS3 } from '../../config.js';
import { allMigrations, connectDatabase, connectMedia, mediaPathOf, sqlitePathOf } from '../../connect.js';
import { createSpeechEngine } from '../../platform/ai/engines.js';
import type { Database } from '../../platform/database/database.js';
import { AppError } from '../../platform/http/errors.js';
import { closeRedis, openRedis } from '../../platform/redis/connection.js';
import { createLog, withoutSecrets } from '../../platform/telemetry/log.js';
import { attention, broken, type Finding, good, reasonOf } from './finding.js';

const silent = createLog('silent');

export async function checkDatabase(config: Config): Promise<Finding[]> {
  if (!config.DATABASE_URL && !existsSync(sqlitePathOf(config)))
    return [good('no database yet; the first start makes one (SQLite)')];
  const name = config.DATABASE_URL ? 'PostgreSQL' : `SQLite (${sqlitePathOf(config)})`;
  const advice = config.DATABASE_URL
    ? 'Start PostgreSQL, and check host, port, user, password and database name in DATABASE_URL.'
    : 'Check the rights of the file and its folder; if it is damaged, restore a backup into an empty DATA_DIR.';
  try {
    const database = await connectDatabase(config, silent);
    try {
      await database.ping();
      return [
        good(`${name} answers`),
        ...(await checkIntegrity(database)),
        await checkSchema(config, database),
        ...(await checkReplica(database)),
      ];
    } finally {
      await database.close();
    }
  } catch (error) {
    return [broken(`${name} cannot be used (${withoutSecrets(reasonOf(error))})`, advice)];
  }
}

async function checkIntegrity(database: Database): Promise<Finding[]> {
  if (database.dialect !== 'sqlite') return [];
  const { rows } = await sql<{ quick_check: string }>`pragma quick_check(1)`.execute(database.read);
  const verdict = rows[0]?.quick_check ?? 'no answer';
  return [
    verdict === 'ok'
      ? good('the database file is sound (quick_check)')
      : broken(`the database file is damaged: ${verdict}`, 'Stop the server and restore the last backup.'),
  ];
}

async function checkReplica(database: Database): Promise<Finding[]> {
  if (!database.pingReplica) return [];
  try {
    await database.pingReplica();
    return [good('the read replica answers')];
  } catch (error) {
    return [
      attention(
        `the read replica cannot be used (${withoutSecrets(reasonOf(error))})`,
        'Check DATABASE_READ_URL, or unset it. Until then the primary answers everything.',
      ),
    ];
  }
}

async function checkSchema(config: Config, database: Database): Promise<Finding> {
  const needed = allMigrations(chosenApps(config)).map(({ id }) => id);
  const applied = await appliedMigrations(database);
  const missing = needed.filter((id) => !applied.includes(id));
  return missing.length === 0
    ? good('its schema is up to date')
    : attention(
        `its schema lacks ${missing.length} of ${needed.length} steps`,
        'The next start applies them by itself, or run: npm run earshot -- migrate',
      );
}

async function appliedMigrations(database: Database): Promise<string[]> {
  const tables = await database.read.introspection.getTables();
  if (!tables.some(({ name }) => name === 'schema_migrations')) return [];
  const rows = await database.read.selectFrom('schema_migrations').select('id').execute();
  return rows.map((row) => row.id);
}

export async function checkMedia(config: Config): Promise<Finding> {
  const place = usesS3(config) ? `the bucket ${config.S3_BUCKET}` : `the media folder ${mediaPathOf(config)}`;
  if (!usesS3(config) && !existsSync(mediaPathOf(config)))
    return good(`${place} does not exist yet; the first start makes it`);
  try {
    const media = await connectMedia(config, { besideServer: true });
    try {
      await media.ping();
    } finally {
      await media.close();
    }
    return good(`${place} can be written`);
  } catch (error) {
    return broken(
      `${place} cannot be written (${withoutSecrets(reasonOf(error))})`,
      usesS3(config)
        ? 'Check S3_ENDPOINT, S3_REGION and the keys; the bucket must exist, and the key must read, write, delete and list.'
        : 'Check the rights of STORAGE_PATH or DATA_DIR.',
    );
  }
}

export async function checkRedis(config: Config): Promise<Finding[]> {
  if (!config.REDIS_URL) return [];
  const redis = await openRedis({
    url: config.REDIS_URL,
    cluster: config.REDIS_CLUSTER,
    purpose: 'doctor',
    log: silent,
  });
  try {
    await redis.ping();
    return [good('Redis answers')];
  } catch (error) {
    return [
      broken(
        `Redis cannot be reached (${withoutSecrets(reasonOf(error))})`,
        'Start it and check REDIS_URL. Until then each node hears only itself.',
      ),
    ];
  } finally {
    closeRedis(redis);
  }
}

export async function checkSpeech(config: Config): Promise<Finding[]> {
  const { synthesizer, keys } = createSpeechEngine({
    engine: speechEngineOf(config),
    openai: {
      ...(config.OPENAI_BASE_URL ? { baseUrl: config.OPENAI_BASE_URL } : {}),
      ...(config.OPENAI_API_KEY ? { apiKey: config.OPENAI_API_KEY } : {}),
    },
  });
  const formats = `formats: ${synthesizer.formats.join(', ')}`;
  try {
    if (synthesizer.engine === 'openai') return [await checkUpstream(config, keys.verify, formats)];
    const started = Date.now();
    await synthesizer.synthesize({ text: 'Hello.', voice: 'alloy', model: 'tts-1', format: 'wav', speed: 1 });
    return [good(`the built-in voice speaks (first word after ${Date.now() - started} ms; ${formats})`)];
  } catch (error) {
    return [broken(`the built-in voice does not speak (${reasonOf(error)})`, 'Run: npm ci && npm run build')];
  } finally {
    await synthesizer.close();
  }
}

/** Any well-formed key shows whether there is a provider; only the operator's own must be accepted. */
async function checkUpstream(
  config: Config,
  verify: (apiKey: string) => Promise<void>,
  formats: string,
): Promise<Finding> {
  const where = config.OPENAI_BASE_URL ?? 'OpenAI';
  try {
    await verify(config.OPENAI_API_KEY ?? 'none');
    return good(`the speech provider ${withoutSecrets(where)} answers and accepts the key (${formats})`);
  } catch (error) {
    const isRefusal = error instanceof AppError && error.statusCode === 401;
    if (isRefusal && !config.OPENAI_API_KEY)
      return good(
        `the speech provider ${withoutSecrets(where)} answers; users bring their own keys (${formats})`,
      );
    return isRefusal
      ? broken(
          'the speech provider refuses OPENAI_API_KEY',
          'Set a key that is valid, or none: users bring their own.',
        )
      : broken(
          `the speech provider cannot be used (${withoutSecrets(reasonOf(error))})`,
          'Check the network and OPENAI_BASE_URL, or set AI_SPEECH=builtin.',
        );
  }
}
