import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { configSchema } from './config-schema.js';

/** What the environment says, checked. */
export type Config = Static<typeof configSchema>;

/** A configuration that the server must not start with; its message tells the operator what to change. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const REDIS_OFF = new Set(['', 'disabled', 'false', 'off']);
/** Values that stand in manuals and sample files; whoever reads those could forge tokens. */
const PUBLIC_SECRETS =
  /^(secret|changeme|change-me|password|test|default|your[-_ ].*|.*change.?this.*|.*in.?production.*)$/i;
const SECRET_LENGTH = 32;
/** Shorter is enough for a key that is tried over the network only. */
const ADMIN_KEY_LENGTH = 16;
/** ADMIN_KEYs of the companion app's published test clients. */
const PUBLISHED_KEYS = new Set(['test-admin-key-local-dev-only', 'dev_testing_key_12345']);

/**
 * Reads the configuration from environment variables.
 *
 * @throws ConfigError naming every variable that is wrong, and what would be right
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, string> = {};
  for (const name of Object.keys(configSchema.properties)) {
    const value = environment[name]?.trim();
    if (value) given[name] = value;
  }
  if (REDIS_OFF.has((given.REDIS_URL ?? '').toLowerCase())) delete given.REDIS_URL;
  const config = Value.Default(configSchema, Value.Convert(configSchema, given));
  const problems = [...Value.Errors(configSchema, config)].map(explain);
  if (problems.length > 0)
    throw new ConfigError(`The configuration is not valid.\n  ${[...new Set(problems)].join('\n  ')}`);
  const valid = config as Config;
  refuseUnsafe(valid);
  return valid;
}

/** True when the media port must use S3. */
export const usesS3 = (config: Config): boolean => config.S3_BUCKET !== undefined;

/** True when several nodes may share the database. */
export const isScaled = (config: Config): boolean => config.DATABASE_URL !== undefined;

/** Which engine speaks. */
export function speechEngineOf(config: Config): 'builtin' | 'openai' {
  return config.AI_SPEECH ?? upstreamOrBuiltin(config);
}

/** Which engine writes. */
export const textEngineOf = (config: Config): 'builtin' | 'openai' =>
  config.AI_TEXT ?? upstreamOrBuiltin(config);

/** Which engine draws. */
export const imageEngineOf = (config: Config): 'builtin' | 'openai' =>
  config.AI_IMAGE ?? upstreamOrBuiltin(config);

const upstreamOrBuiltin = (config: Config): 'builtin' | 'openai' =>
  config.OPENAI_API_KEY || config.OPENAI_BASE_URL ? 'openai' : 'builtin';

/** Which engine listens, when it does not depend on what is installed. */
export function transcriptionEngineOf(config: Config): 'builtin' | 'openai' | 'sherpa' | undefined {
  return config.AI_TRANSCRIPTION ?? (config.OPENAI_API_KEY || config.OPENAI_BASE_URL ? 'openai' : undefined);
}

/** How long generated speech is kept, in milliseconds. */
export function retentionMs(config: Config): number {
  const hours = config.FILE_RETENTION_HOURS ?? config.FILE_RETENTION_DAYS * 24;
  return hours * 3_600_000;
}

/** The comma-separated items of a variable. */
export const listOf = (value: string | undefined): string[] =>
  (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

function refuseUnsafe(config: Config): void {
  const problems: string[] = [];
  if (Boolean(config.TLS_CERT_FILE) !== Boolean(config.TLS_KEY_FILE)) {
    problems.push('TLS_CERT_FILE and TLS_KEY_FILE belong together: set both or neither.');
  }
  if (Boolean(config.VAPID_PUBLIC_KEY) !== Boolean(config.VAPID_PRIVATE_KEY)) {
    problems.push('VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY belong together: set both or neither.');
  }
  if (config.DATABASE_READ_URL && !config.DATABASE_URL) {
    problems.push('DATABASE_READ_URL is set but DATABASE_URL is not: a replica is read beside its primary.');
  }
  if (
    config.ADMIN_KEY &&
    (config.ADMIN_KEY.length < ADMIN_KEY_LENGTH || PUBLISHED_KEYS.has(config.ADMIN_KEY))
  ) {
    problems.push(
      `ADMIN_KEY can be guessed: it needs at least ${ADMIN_KEY_LENGTH} random characters. Make one with \`openssl rand -hex 32\`.`,
    );
  }
  if (config.S3_ENDPOINT && !config.S3_BUCKET) problems.push('S3_ENDPOINT is set but S3_BUCKET is not.');
  if (config.NODE_ENV === 'production') {
    if (config.DATABASE_URL && !config.REDIS_URL && config.NODES !== 1) {
      problems.push(
        'DATABASE_URL is set, so several nodes may run, and they need REDIS_URL to hear of each other. Set it, or NODES=1 when this is the only node.',
      );
    }
    if (config.DATABASE_URL && !config.SERVER_SECRET && !config.JWT_SECRET) {
      problems.push(
        'With DATABASE_URL in production all nodes must share one SERVER_SECRET. Make one with `openssl rand -hex 32`.',
      );
    }
    for (const name of ['LOCAL_DEVELOPMENT', 'FIREBASE_EMULATOR'] as const) {
      if (config[name]) problems.push(`${name} lets anybody in; it is not for production. Unset it.`);
    }
    for (const name of ['SERVER_SECRET', 'JWT_SECRET', 'MASTER_API_KEY', 'ADMIN_KEY'] as const) {
      const value = config[name];
      if (value && (value.length < SECRET_LENGTH || PUBLIC_SECRETS.test(value))) {
        problems.push(
          `${name} can be guessed: it needs at least ${SECRET_LENGTH} random characters. Make one with \`openssl rand -hex 32\`.`,
        );
      }
    }
  }
  if (problems.length > 0)
    throw new ConfigError(`The server does not start with this configuration.\n  ${problems.join('\n  ')}`);
}

function explain(problem: { instancePath: string; message: string; params: object }): string {
  const variable = problem.instancePath.replace(/^\//, '') || 'configuration';
  const { params } = problem;
  if ('allowedValues' in params && Array.isArray(params.allowedValues)) {
    return `${variable}: must be one of ${params.allowedValues.join(', ')}`;
  }
  return `${variable}: ${problem.message}`;
}

/** The variables in the order of the schema, for the manual and for `earshot doctor`. */
export function describeConfig(): { name: string; description: string; default: string | null }[] {
  return Object.entries(
    configSchema.properties as Record<string, TSchema & { description?: string; default?: unknown }>,
  ).map(([name, schema]) => ({
    name,
    description: schema.description ?? '',
    default: schema.default === undefined ? null : String(schema.default),
  }));
}
