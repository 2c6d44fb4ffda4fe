import { randomUUID } from 'node:crypto';
import type { Log } from '../../log.js';
import { closeRedis, openRedis, type RedisServer } from '../../redis/connection.js';
import { createEdges } from '../edges.js';
import type { Connection, Presence } from '../presence.js';
import { Roster } from '../roster.js';
import { BEAT, REGISTER, SWEEP, UNREGISTER } from './scripts.js';

export interface RedisPresenceOptions extends RedisServer {
  readonly log: Log;
  /** Put before every key, so that several installations can share one Redis. Holds a hash tag for clusters. */
  readonly prefix?: string;
  /** How often a node says that it lives, and looks for others that do not. */
  readonly beatMs?: number;
  /** How long its word holds. A node that is killed has its members offline within `leaseMs + beatMs`. */
  readonly leaseMs?: number;
}

const BEAT_MS = 5_000;
const LEASE_MS = 15_000;
/** Connections per step in Redis, so that one step never holds it for more than a few milliseconds. */
const STEP = 500;

/**
 * Presence over all nodes in Redis. A node's connections count while its lease does (20 s after a crash at most, with
 * the defaults), so that ten thousand connections cost one small command per beat. While Redis is away the node answers
 * for its own connections; when it is back, emptied or not, each node registers what is connected to it again.
 */
export async function openRedisPresence(options: RedisPresenceOptions): Promise<Presence> {
  const { log, prefix = 'earshot:{presence}:', beatMs = BEAT_MS, leaseMs = LEASE_MS } = options;
  const node = randomUUID();
  const redis = await openRedis({ ...options, purpose: 'presence' });
  const edges = createEdges(log);
  const roster = new Roster();
  /** Connected while Redis was away: their edges are not known to the other nodes. */
  const unregistered = new Set<string>();
  /** Being registered: a cluster may send a command another way, so that a later one comes before it. */
  const registering = new Set<string>();
  /** Disconnected while Redis was away; `lost` when an emptied Redis does not know them any more. */
  const gone = new Map<string, { readonly connection: Connection; lost: boolean }>();
  let closed = false;

  const run = (script: string, ...args: (string | number)[]): Promise<unknown> =>
    redis.status === 'ready'
      ? redis.eval(script, 1, `${prefix}nodes`, prefix, ...args)
      : Promise.reject(new Error('Redis is away'));
  const tell = ({ group, member }: Pick<Connection, 'group' | 'member'>, isOnline: boolean): void =>
    edges.tell({ group, member, isOnline });
  const tellOffline = (last: readonly (readonly [string, string])[]): void => {
    for (const [group, member] of last) edges.tell({ group, member, isOnline: false });
  };

  /** @returns those that are their members' first */
  const register = async (connections: readonly Connection[]): Promise<Connection[]> => {
    const list = connections.map(({ id, group, member, since }) => [id, group, member, since]);
    const first = new Set((await run(REGISTER, node, JSON.stringify(list))) as string[]);
    return connections.filter(({ id }) => first.has(id));
  };
  const unregister = async (ids: readonly string[]) => {
    const [last, unknown] = (await run(UNREGISTER, node, ...ids)) as [[string, string][], string[]];
    return { last, unknown };
  };

  /** Makes Redis hold what is connected here, no more and no less. */
  const reconcile = async (wasBuried: boolean): Promise<void> => {
    const held = new Set(await redis.hkeys(`${prefix}held:${node}`));
    const missing = roster.all().filter(({ id }) => !held.has(id));
    for (const step of steps(missing)) {
      const living = step.filter(({ id }) => roster.get(id));
      for (const connection of await register(living)) {
        // Others know of those that were registered before Redis lost them, unless they were told that we are dead.
        const isNews = wasBuried || unregistered.has(connection.id) || registering.has(connection.id);
        if (isNews) tell(connection, true);
      }
      for (const { id } of living) unregistered.delete(id);
    }
    // Registered after all, only the answer was lost: whether it was the first is not known, so it is told.
    for (const id of unregistered) {
      const connection = roster.get(id);
      if (!held.has(id) || !connection) continue;
      unregistered.delete(id);
      tell(connection, true);
    }
    // Those that the other nodes have had a beat's time to register again, so that "last" is true.
    const lost = [...gone.values()].filter((entry) => entry.lost).map((entry) => entry.connection);
    for (const connection of lost) {
      const others = await redis.hexists(`${prefix}members:${connection.group}`, connection.member);
      if (gone.delete(connection.id) && !others) tell(connection, false);
    }
    const strayed = [...held].filter((id) => !roster.get(id) && !gone.has(id));
    for (const step of steps([...gone.keys(), ...strayed])) {
      const { last, unknown } = await unregister(step);
      for (const id of step) if (!unknown.includes(id)) gone.delete(id);
      for (const id of unknown) {
        const entry = gone.get(id);
        if (entry) entry.lost = true;
      }
      tellOffline(last);
    }
  };

  const sweep = async (): Promise<void> => {
    for (let more = 1; more === 1; ) {
      const answer = (await run(SWEEP, node, STEP)) as [[string, string][], number];
      tellOffline(answer[0]);
      more = answer[1];
    }
  };

  const beat = async (): Promise<void> => {
    // Commands arrive in the order in which they are sent, so Redis should hold what is connected at this moment.
    const expected = roster.size;
    const [held, buried] = (await run(BEAT, node, leaseMs)) as [number, number];
    if (held !== expected || unregistered.size > 0 || gone.size > 0) await reconcile(buried === 1);
    await sweep();
  };
  let beating: Promise<void> | null = null;
  const beatOnce = (): void => {
    if (closed || beating || redis.status !== 'ready') return;
    beating = beat()
      .catch((error: unknown) => {
        if (redis.status === 'ready') log.warn({ err: error }, 'presence could not be renewed; trying again');
      })
      .finally(() => {
        beating = null;
      });
  };
  redis.on('ready', beatOnce);
  beatOnce();
  const timer = setInterval(beatOnce, beatMs).unref();

  return {
    connect: async (connection) => {
      const isFirstHere = roster.add(connection);
      if (isFirstHere === undefined) return;
      registering.add(connection.id);
      try {
        for (const first of await register([connection])) tell(first, true);
      } catch {
        // Redis says itself that it is away; the next beat registers the connection.
        if (roster.get(connection.id)) unregistered.add(connection.id);
        if (isFirstHere) tell(connection, true);
      } finally {
        registering.delete(connection.id);
      }
    },
    disconnect: async (id) => {
      const removed = roster.remove(id);
      if (!removed) return;
      unregistered.delete(id);
      try {
        tellOffline((await unregister([id])).last);
      } catch {
        gone.set(id, { connection: removed.connection, lost: false });
        if (removed.last) tell(removed.connection, false);
      }
    },
    online: async (group, members) => {
      if (members.length === 0) return new Set();
      try {
        const counts = await ready(redis).hmget(`${prefix}members:${group}`, ...members);
        return new Set(members.filter((_, index) => counts[index] !== null));
      } catch {
        return roster.online(group, members);
      }
    },
    countOnline: async (group) => {
      try {
        return await ready(redis).hlen(`${prefix}members:${group}`);
      } catch {
        return roster.countOnline(group);
      }
    },
    connections: async (group) => {
      try {
        const sessions = await ready(redis).hgetall(`${prefix}sessions:${group}`);
        return Object.entries(sessions).map(([id, text]) => {
          const [member, since] = JSON.parse(text) as [string, number];
          return { id, group, member, since };
        });
      } catch {
        return roster.of(group);
      }
    },
    onEdge: edges.listen,
    healthy: () => redis.status === 'ready',
    close: async () => {
      closed = true;
      clearInterval(timer);
      await beating;
      try {
        for (const step of steps(roster.all()))
          tellOffline((await unregister(step.map(({ id }) => id))).last);
        await ready(redis).zrem(`${prefix}nodes`, node);
      } catch (error) {
        log.warn({ err: error }, 'presence ends without Redis; the other nodes notice when the lease ends');
      }
      closeRedis(redis);
    },
  };
}

function ready<T extends { readonly status: string }>(redis: T): T {
  if (redis.status !== 'ready') throw new Error('Redis is away');
  return redis;
}

function* steps<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += STEP) yield items.slice(at, at + STEP);
}
