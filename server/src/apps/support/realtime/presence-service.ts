import type { Presence } from '../../../platform/presence/presence.js';
import type { PresenceService } from '../services.js';

const GROUP_PREFIX = 'support:';

/** An app's devices within the presence port. */
export const presenceGroup = (appId: string): string => GROUP_PREFIX + appId;

/** The app whose group it is; null for a group that is not of this room. */
export const appOfGroup = (group: string): string | null =>
  group.startsWith(GROUP_PREFIX) ? group.slice(GROUP_PREFIX.length) : null;

/** Which devices are connected, over all nodes. */
export const createPresenceService = (presence: Presence): PresenceService => ({
  isOnline: async (appId, deviceId) =>
    (await presence.online(presenceGroup(appId), [deviceId])).has(deviceId),
  online: (appId, deviceIds) => presence.online(presenceGroup(appId), deviceIds),
  countOnline: (appId) => presence.countOnline(presenceGroup(appId)),
  sessions: async (appId) =>
    (await presence.connections(presenceGroup(appId)))
      .map(({ id, member, since }) => ({ connectionId: id, deviceId: member, appId, connectedAt: since }))
      .sort((a, b) => a.connectedAt - b.connectedAt),
});
