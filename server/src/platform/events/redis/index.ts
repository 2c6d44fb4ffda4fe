import { randomUUID } from 'node:crypto';
import type { Log } from '../../log.js';
import { closeRedis, openRedisNode, type RedisServer } from '../../redis/connection.js';
import type { Events, JsonValue } from '../events.js';
import { Subscribers } from '../subscribers.js';

export interface RedisEventsOptions extends RedisServer {
  readonly log: Log;
  /** Put before every channel, so that several installations can share one Redis. */
  readonly prefix?: string;
}

interface Envelope {
  /** The sending node: it has served its own subscribers already. */
  readonly from: string;
  readonly message: JsonValue;
}

/**
 * Events between nodes by Redis publish/subscribe. Subscribers of the sending node are served directly and at once, so
 * they hear it also while Redis is away; other nodes miss what is sent meanwhile.
 */
export async function openRedisEvents(options: RedisEventsOptions): Promise<Events> {
  const { url, log, prefix = 'earshot:' } = options;
  const node = randomUUID();
  const subscribers = new Subscribers(log);
  const [sender, receiver] = await Promise.all([
    openRedisNode({ url, log, purpose: 'events' }),
    openRedisNode({ url, log, purpose: 'event subscriptions' }),
  ]);

  /** Where a node says that the others have missed something of its own. */
  const gapChannel = `${prefix}gap`;
  const gapHandlers = new Set<{ readonly handler: () => void }>();
  const tellOfGap = (): void => {
    for (const { handler } of gapHandlers) {
      try {
        handler();
      } catch (error) {
        log.error({ err: error }, 'a handler of gaps failed');
      }
    }
  };

  receiver.on('message', (channel: string, text: string) => {
    const envelope = parse(text);
    if (!envelope) log.warn({ channel }, 'something else than this server publishes on our Redis channels');
    else if (envelope.from === node) return;
    else if (channel === gapChannel) tellOfGap();
    else subscribers.deliver(channel.slice(prefix.length), envelope.message);
  });
  const listen = async (topics: readonly string[]): Promise<void> => {
    if (receiver.status !== 'ready' || topics.length === 0) return;
    try {
      await receiver.subscribe(...topics.map((topic) => prefix + topic));
    } catch (error) {
      // Broken again before it was subscribed: the next `ready` tries anew; otherwise a new connection must.
      log.warn({ err: error }, 'could not subscribe to events of other nodes; trying again');
      if (receiver.status === 'ready') receiver.disconnect(true);
    }
  };
  const listenToGaps = (): Promise<unknown> =>
    receiver.status === 'ready' ? receiver.subscribe(gapChannel).catch(() => {}) : Promise.resolve();
  await listenToGaps();
  receiver.on('ready', () => {
    void Promise.all([listen(subscribers.topics), listenToGaps()]).then(tellOfGap);
  });
  sender.on('ready', () => {
    const envelope: Envelope = { from: node, message: null };
    // When it breaks again, its next `ready` says so.
    sender.publish(gapChannel, JSON.stringify(envelope)).catch(() => {});
  });

  return {
    publish: async (topic, message) => {
      subscribers.deliver(topic, message);
      if (sender.status !== 'ready') return;
      const envelope: Envelope = { from: node, message };
      await sender.publish(prefix + topic, JSON.stringify(envelope)).catch((error: unknown) => {
        if (sender.status === 'ready') log.warn({ err: error, topic }, 'an event did not reach other nodes');
      });
    },
    subscribe: async (topic, handler) => {
      const remove = subscribers.add(topic, handler);
      await listen([topic]);
      return async () => {
        remove();
        if (subscribers.has(topic) || receiver.status !== 'ready') return;
        await receiver.unsubscribe(prefix + topic).catch(() => {
          // The connection broke: the next one subscribes to the remaining topics only.
        });
        // Somebody may have come back while the answer was under way.
        if (subscribers.has(topic)) await listen([topic]);
      };
    },
    onGap: (handler) => {
      const entry = { handler };
      gapHandlers.add(entry);
      return () => void gapHandlers.delete(entry);
    },
    healthy: () => sender.status === 'ready' && receiver.status === 'ready',
    close: async () => {
      subscribers.clear();
      closeRedis(sender);
      closeRedis(receiver);
    },
  };
}

function parse(text: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(text);
    const valid = typeof value === 'object' && value !== null && 'from' in value && 'message' in value;
    return valid ? (value as Envelope) : null;
  } catch {
    return null;
  }
}
