import { Redis } from 'ioredis';
import type { Log } from '../log.js';

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://` URL. */
  readonly url: string;
  /** What it is for; shown in `CLIENT LIST` and in the log. */
  readonly purpose: string;
  readonly log: Log;
}

/** A command that takes longer counts as failed, so that a silent network cannot hold requests. */
const COMMAND_TIMEOUT_MS = 2_000;
/** The longest pause between two attempts to reconnect. */
const RECONNECT_MS = 2_000;
/** How long an opener waits for the first connection before it goes on without. */
const FIRST_CONNECTION_MS = 2_000;

/**
 * A connection that never blocks and never gives up: while Redis is away commands fail at once, and it reconnects by
 * itself. Each outage and each recovery is one line in the log.
 */
export async function openRedis(options: RedisConnectionOptions): Promise<Redis> {
  const { url, purpose, log } = options;
  const redis = new Redis(url, {
    connectionName: `earshot-${purpose}`,
    enableOfflineQueue: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(RECONNECT_MS, 50 * 2 ** Math.min(attempt, 6)),
  });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) log.warn({ err: error, purpose }, 'Redis cannot be reached; going on without it');
    away = true;
  });
  redis.on('close', () => {
    if (!away && redis.status !== 'end') log.warn({ purpose }, 'Redis has gone away; going on without it');
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info({ purpose }, 'Redis is back');
    away = false;
  });
  await firstConnection(redis);
  return redis;
}

/** Ends the connection, whether or not Redis is there to hear it. */
export function closeRedis(redis: Redis): void {
  redis.removeAllListeners('close');
  redis.disconnect();
}

async function firstConnection(redis: Redis): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FIRST_CONNECTION_MS);
    redis.once('ready', resolve);
  });
  clearTimeout(timer);
}
