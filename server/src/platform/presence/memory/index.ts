import type { Log } from '../../log.js';
import { createEdges } from '../edges.js';
import type { Presence } from '../presence.js';
import { Roster } from '../roster.js';

/** Presence within one process. */
export function memoryPresence(options: { readonly log: Log }): Presence {
  const roster = new Roster();
  const edges = createEdges(options.log);
  const disconnect = (id: string): void => {
    const removed = roster.remove(id);
    if (!removed?.last) return;
    const { group, member } = removed.connection;
    edges.tell({ group, member, isOnline: false });
  };
  return {
    connect: async (connection) => {
      if (roster.add(connection) !== true) return;
      edges.tell({ group: connection.group, member: connection.member, isOnline: true });
    },
    disconnect: async (id) => disconnect(id),
    online: async (group, members) => roster.online(group, members),
    countOnline: async (group) => roster.countOnline(group),
    connections: async (group) => roster.of(group),
    onEdge: edges.listen,
    healthy: () => true,
    close: async () => {
      for (const { id } of roster.all()) disconnect(id);
    },
  };
}
