import type { Log } from '../log.js';
import type { PresenceEdge } from './presence.js';

export interface Edges {
  tell(edge: PresenceEdge): void;
  listen(handler: (edge: PresenceEdge) => void): () => void;
}

/** Who in this process wants to know of edges. A handler that throws is logged and disturbs nobody else. */
export function createEdges(log: Log): Edges {
  const handlers = new Set<{ readonly handler: (edge: PresenceEdge) => void }>();
  return {
    tell: (edge) => {
      for (const { handler } of handlers) {
        try {
          handler(edge);
        } catch (error) {
          log.error({ err: error }, 'a presence handler failed');
        }
      }
    },
    listen: (handler) => {
      const entry = { handler };
      handlers.add(entry);
      return () => void handlers.delete(entry);
    },
  };
}
