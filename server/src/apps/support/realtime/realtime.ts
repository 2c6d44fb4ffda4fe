import type { HttpServer } from '../../../platform/http/server.js';
import { refuseUpgrade, type UpgradeRoute, upgradesOf } from '../../../platform/http/upgrades.js';
import type { PresenceService } from '../services.js';
import { createGateway } from './gateway.js';
import { createLegacySockets } from './legacy/sockets.js';
import { createLive } from './live.js';
import { defaultTimings, type RealtimeParts } from './parts.js';
import { createPresenceService } from './presence-service.js';

/** How many sockets of each kind are connected to this node. */
export interface SocketCounts {
  readonly client: number;
  readonly admin: number;
  readonly testConsole: number;
  readonly legacyClient: number;
  readonly legacyAdmin: number;
}

export interface Realtime {
  readonly presence: PresenceService;
  /** Takes the upgrades of this app's paths on the server. */
  attach(server: HttpServer): void;
  counts(): SocketCounts;
  /**
   * Tells everybody that the server stops, waits a moment, closes all sockets, and resolves when presence knows.
   * To be called before the HTTP server closes (`preClose`), because that waits for the sockets. Repeats are one.
   */
  close(): Promise<void>;
}

const SOCKET_IO_PATHS: ReadonlySet<string> = new Set(['/v1/socket.io', '/api/v1/socket.io']);

/** Which of this app's sockets is at an address; `/v1/realtime` without an app is not ours. */
function kindOf({ pathname, searchParams }: URL): 'socket.io' | 'legacy device' | 'legacy operator' | null {
  const path = pathname.replace(/\/$/, '');
  if (SOCKET_IO_PATHS.has(path)) return 'socket.io';
  if (path === '/admin/realtime') return 'legacy operator';
  const isDevice = path === '/api/v1/realtime' || (path === '/v1/realtime' && searchParams.has('app_id'));
  return isDevice ? 'legacy device' : null;
}

/** The soonest that a client may be asked to come back. */
const RECONNECT_SOONEST_MS = 1_000;
/** Over how long clients are spread: at least this, and longer when they are more than 2,000 a second. */
const RECONNECT_SPREAD_MS = 4_000;
const RECONNECT_SPREAD_PER_SOCKET_MS = 0.5;

/** The sockets of the support app: Socket.IO on both paths, and the older ones when they are switched on. */
export async function createRealtime(parts: RealtimeParts): Promise<Realtime> {
  const timings = { ...defaultTimings, ...parts.timings };
  const live = await createLive(parts, timings);
  const gateway = createGateway(parts, timings, live);
  const legacy = parts.legacySockets ? createLegacySockets(parts, timings, live) : null;
  const detach: (() => void)[] = [];
  let closing: Promise<void> | null = null;

  const servedAt = (url: URL) => {
    const kind = kindOf(url);
    return kind === 'socket.io' || legacy ? kind : null;
  };
  const counts = (): SocketCounts => ({
    ...gateway.counts(),
    ...(legacy?.counts() ?? { legacyClient: 0, legacyAdmin: 0 }),
  });
  const shutDown = async (): Promise<void> => {
    const everybody = [...live.sessions.devices(), ...live.sessions.operators()];
    const spread = Math.max(RECONNECT_SPREAD_MS, everybody.length * RECONNECT_SPREAD_PER_SOCKET_MS);
    const shutdownNotice = () => ({
      message: 'The server is shutting down',
      reconnect_delay_ms: Math.round(RECONNECT_SOONEST_MS + Math.random() * spread),
    });
    await live.tellAll(everybody, () => {
      const payload = shutdownNotice();
      return { device: ['server:shutdown', payload], operator: ['server:shutdown', payload] };
    });
    gateway.tellConsoles(shutdownNotice());
    if (everybody.length > 0) await new Promise((resolve) => setTimeout(resolve, timings.shutdownGrace));
    await gateway.close();
    await legacy?.close();
    await live.settled();
    await live.close();
    for (const remove of detach) remove();
  };

  return {
    presence: createPresenceService(parts.presence),
    attach: (server) => {
      const take: UpgradeRoute = (request, socket, head, url) => {
        const kind = servedAt(url);
        if (closing && kind) refuseUpgrade(socket, 503, 'SHUTTING_DOWN', 'The server is shutting down');
        else if (kind === 'socket.io') gateway.handleUpgrade(request, socket, head);
        else if (kind === 'legacy device') legacy?.handleDevice(request, socket, head, url);
        else if (kind === 'legacy operator') legacy?.handleOperator(request, socket, head, url);
        return kind !== null;
      };
      detach.push(upgradesOf(server.server).add(take, (url) => servedAt(url) !== null));
    },
    counts,
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
}
