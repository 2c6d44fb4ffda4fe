import type { Namespace, Socket } from 'socket.io';
import type { OperatorCaller } from '../callers.js';
import { type IncomingEvent, on } from './dispatch.js';
import { Anything, type Emission, HistoryRequest, type ToTestConsole } from './events.js';
import { verifiedOf } from './guard.js';
import type { Live } from './live.js';
import type { RealtimeParts } from './parts.js';
import { newConnectionId } from './sessions.js';
import { handleEvents } from './socket-events.js';
import { afterToken } from './token-expiry.js';

const LINES_SHOWN = 100;

interface Console {
  readonly connectionId: string;
  readonly appId: string;
  paused: boolean;
  tell(...emission: Emission<ToTestConsole>): void;
}

const table: ReadonlyMap<string, IncomingEvent<Console & { readonly live: Live }>> = new Map([
  [
    'request:history',
    on(HistoryRequest, ({ live, appId, tell }: Console & { readonly live: Live }, payload) => {
      const events = live.history.of(appId, payload?.limit ?? LINES_SHOWN);
      tell('history', { events, message: `${events.length} events` });
    }),
  ],
  [
    'pause',
    on(Anything, (console: Console) => {
      console.paused = true;
      console.tell('paused', { message: 'Events are paused' });
    }),
  ],
  [
    'resume',
    on(Anything, (console: Console) => {
      console.paused = false;
      console.tell('resumed', { message: 'Events go on' });
    }),
  ],
]);

/** `/admin/test-console`: what an app's SDK does, line by line (contract §4.4). */
export function serveTestConsole(parts: RealtimeParts, live: Live, namespace: Namespace): void {
  const open = new Set<Console>();
  namespace.on('connection', (socket: Socket) => {
    const { caller } = verifiedOf<OperatorCaller>(socket);
    const console = {
      connectionId: newConnectionId(),
      appId: caller.appId,
      paused: false,
      tell: (...[event, ...payload]: Emission<ToTestConsole>) => void socket.emit(event, ...payload),
      live,
    };
    open.add(console);
    const cancel = afterToken(caller, parts.clock, () => socket.conn.close());
    socket.on('disconnect', () => {
      cancel();
      open.delete(console);
    });
    handleEvents(parts, socket, console, table, () => open.has(console));
    console.tell('connected', { message: 'Connected to the test console', appId: caller.appId });
  });
  live.onConsoleLine((appId, line) => {
    for (const console of open)
      if (!console.paused && console.appId === appId) console.tell('sdk:event', line);
  });
}
