import type { Log } from '../../log.js';
import type { Events } from '../events.js';
import { Subscribers } from '../subscribers.js';

/** Events within one process. */
export function memoryEvents(options: { readonly log: Log }): Events {
  const subscribers = new Subscribers(options.log);
  return {
    publish: async (topic, message) => subscribers.deliver(topic, message),
    subscribe: async (topic, handler) => {
      const remove = subscribers.add(topic, handler);
      return async () => remove();
    },
    onGap: () => () => {},
    healthy: () => true,
    close: async () => subscribers.clear(),
  };
}
