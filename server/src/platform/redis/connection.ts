import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../log.js';

/** Where Redis is. */
export interface RedisServer {
  /** `redis://` or `rediss://` URL. Several, comma-separated, are nodes of one cluster. */
  readonly url: string;
  /** Says that a single URL is the way into a cluster too. */
  readonly cluster?: boolean;
}

export interface RedisConnectionOptions extends RedisServer {
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
/** How often a cluster's command looks for its shard's new place, and how long it waits in between. */
const REDIRECTIONS = 4;
const REDIRECTION_PAUSE_MS = 50;

const pauseBefore = (attempt: number): number => Math.min(RECONNECT_MS, 50 * 2 ** Math.min(attempt, 6));

const nodesOf = (url: string): [string, ...string[]] => {
  const [first = '', ...others] = url.split(',').map((node) => node.trim());
  return [first, ...others];
};

/**
 * A connection that never blocks and never gives up: while Redis is away commands fail at once, and it reconnects by
 * itself. Each outage and each recovery is one line in the log. In a cluster, keys that belong to one command or script
 * must share a hash tag.
 */
export async function openRedis(options: RedisConnectionOptions): Promise<Redis | Cluster> {
  const [first, ...others] = nodesOf(options.url);
  if (others.length === 0 && !options.cluster) return openRedisNode(options);
  const { username, password, protocol } = new URL(first);
  const cluster = new Cluster([first, ...others], {
    // While a shard is being connected to, commands wait in their order: refused ones would be sent again, later than
    // those that came after them. While the cluster is away callers ask nothing: they look at `status` first.
    enableOfflineQueue: true,
    maxRedirections: REDIRECTIONS,
    retryDelayOnFailover: REDIRECTION_PAUSE_MS,
    retryDelayOnClusterDown: REDIRECTION_PAUSE_MS,
    slotsRefreshTimeout: COMMAND_TIMEOUT_MS,
    clusterRetryStrategy: pauseBefore,
    // Certificates name hosts, so what was resolved to addresses could not be verified.
    ...(protocol === 'rediss:' ? { dnsLookup: (address, done) => done(null, address) } : {}),
    redisOptions: {
      ...everywhere(options),
      ...(username ? { username: decodeURIComponent(username) } : {}),
      ...(password ? { password: decodeURIComponent(password) } : {}),
      ...(protocol === 'rediss:' ? { tls: {} } : {}),
    },
  });
  await watch(cluster, options);
  return cluster;
}

/**
 * The same with one node: a cluster's channels are everywhere, so any of its nodes serves to publish and subscribe. Each
 * attempt to reconnect goes to the next one that was named.
 */
export async function openRedisNode(options: RedisConnectionOptions): Promise<Redis> {
  const nodes = nodesOf(options.url).map((node) => new URL(node));
  let at = 0;
  const redis = new Redis(nodes[0]?.href ?? '', {
    ...everywhere(options),
    enableOfflineQueue: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => {
      at = (at + 1) % nodes.length;
      const next = nodes[at];
      if (next && nodes.length > 1) {
        redis.options.host = next.hostname;
        redis.options.port = Number(next.port || 6379);
      }
      return pauseBefore(attempt);
    },
  });
  await watch(redis, options);
  return redis;
}

/** Ends the connection, whether or not Redis is there to hear it. */
export function closeRedis(redis: Redis | Cluster): void {
  redis.removeAllListeners('close');
  redis.disconnect();
}

const everywhere = ({ purpose }: RedisConnectionOptions): RedisOptions => ({
  connectionName: `earshot-${purpose.replaceAll(' ', '-')}`,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: COMMAND_TIMEOUT_MS,
});

/** Logs each outage and each recovery once, and waits a while for the first connection. */
async function watch(redis: Redis | Cluster, { purpose, log }: RedisConnectionOptions): Promise<void> {
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
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FIRST_CONNECTION_MS);
    redis.once('ready', resolve);
  });
  clearTimeout(timer);
}
