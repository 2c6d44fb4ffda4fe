import { isoInstant } from '../../../platform/http/timestamps.js';
import type { SdkEvent } from './events.js';
import type { SupportEvent } from './fan-out.js';

/** How many events each app's console can look back at, and of how many apps they are kept. */
const EVENTS_KEPT = 100;
const APPS_KEPT = 200;

/** What the SDK did lately, for an app's test console: in memory of this node, from what it heard. */
export interface EventHistory {
  /** @returns the lines that the event makes, and whose console they belong to */
  record(event: SupportEvent, now: number): { readonly appId: string; readonly lines: readonly SdkEvent[] };
  of(appId: string, limit: number): readonly SdkEvent[];
}

export function createEventHistory(): EventHistory {
  const byApp = new Map<string, SdkEvent[]>();
  return {
    record: (event, now) => {
      const appId = event.type === 'conversation' ? event.conversation.appId : event.appId;
      const lines = linesOf(event, isoInstant(now));
      if (lines.length === 0) return { appId, lines };
      const events = byApp.get(appId) ?? [];
      // Put last again, so that the first app is the one that has been quiet for longest.
      byApp.delete(appId);
      byApp.set(appId, [...events, ...lines].slice(-EVENTS_KEPT));
      const [quietest] = byApp.keys();
      if (byApp.size > APPS_KEPT && quietest !== undefined) byApp.delete(quietest);
      return { appId, lines };
    },
    of: (appId, limit) => (byApp.get(appId) ?? []).slice(-limit),
  };
}

function linesOf(event: SupportEvent, timestamp: string): SdkEvent[] {
  if (event.type === 'session') {
    const { connectionId, deviceId, reason } = event;
    const data = { connection_id: connectionId, ...(reason === null ? {} : { reason }) };
    const type = event.change === 'connect' ? 'connection' : 'disconnection';
    return [{ timestamp, type, data, deviceId }];
  }
  if (event.type === 'message') {
    const { id, conversationId, sender } = event.message;
    const data = { message_id: id, sender };
    return [{ timestamp, type: 'message_sent', data, deviceId: event.deviceId, conversationId }];
  }
  if (event.type === 'identified') {
    const { deviceId, userId } = event;
    return [{ timestamp, type: 'user_identified', data: { user_id: userId }, deviceId, userId }];
  }
  if (event.type === 'sdk-error') {
    const { code, where, deviceId } = event;
    return [{ timestamp, type: 'error', data: { code, where }, deviceId }];
  }
  if (event.type !== 'statuses') return [];
  return event.changes.flatMap(({ messageId, conversationId, status }) => {
    const type = status === 'READ' ? 'message_read' : status === 'DELIVERED' ? 'message_delivered' : null;
    return type ? [{ timestamp, type, data: { message_id: messageId }, conversationId }] : [];
  });
}
