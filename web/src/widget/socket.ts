/** The two packets a namespace needs, over Engine.IO 4 and Socket.IO 5 on a plain WebSocket: nothing else is used here. */
export interface ClientSocket {
  emit(event: string, payload: unknown): void;
  close(): void;
}

export type SocketEnd =
  | { readonly because: 'lost' }
  /** The namespace refused the handshake; `code` is the server's word for it. */
  | { readonly because: 'refused'; readonly code: string };

export interface SocketHandlers {
  readonly onEvent: (name: string, payload: unknown) => void;
  /** Once, and never after `close()`. */
  readonly onEnd: (end: SocketEnd) => void;
}

const namespace = '/client';
/** When the server names no interval, as contract §4.1 fixes them. */
const silenceMs = { interval: 25_000, timeout: 60_000 };
/** From the first byte to the accepted namespace. */
const handshakeMs = 15_000;

const packet = new RegExp(`^4([0-4])${namespace},(\\d*)(.*)$`, 's');

function parse(text: string): unknown {
  try {
    return JSON.parse(text || 'null');
  } catch {
    return null;
  }
}

/** Opens the device's socket and joins its namespace with `auth`. */
export function openSocket(
  server: string,
  auth: Readonly<Record<string, string>>,
  handlers: SocketHandlers,
): ClientSocket {
  const socket = new WebSocket(`${server.replace(/^http/, 'ws')}/v1/socket.io/?EIO=4&transport=websocket`);
  let ended = false;
  let silence = silenceMs.interval + silenceMs.timeout;
  let timer = setTimeout(() => end({ because: 'lost' }), handshakeMs);

  function end(how: SocketEnd): void {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    socket.close();
    handlers.onEnd(how);
  }

  function heard(): void {
    clearTimeout(timer);
    timer = setTimeout(() => end({ because: 'lost' }), silence);
  }

  function onMessage(text: string): void {
    if (text.startsWith('0')) {
      const opened = parse(text.slice(1)) as { pingInterval?: number; pingTimeout?: number } | null;
      silence = (opened?.pingInterval ?? silenceMs.interval) + (opened?.pingTimeout ?? silenceMs.timeout);
      socket.send(`40${namespace},${JSON.stringify(auth)}`);
      return;
    }
    heard();
    if (text === '2') socket.send('3');
    else if (text === '1') end({ because: 'lost' });
    const [, kind, , body = ''] = packet.exec(text) ?? [];
    if (kind === '1') end({ because: 'lost' });
    if (kind === '4') {
      const refusal = parse(body) as { message?: unknown } | null;
      end({ because: 'refused', code: String(refusal?.message ?? '') });
    }
    if (kind === '2') {
      const event = parse(body);
      if (Array.isArray(event) && typeof event[0] === 'string') handlers.onEvent(event[0], event[1]);
    }
  }

  socket.onmessage = ({ data }) => {
    if (!ended && typeof data === 'string') onMessage(data);
  };
  socket.onclose = () => end({ because: 'lost' });

  return {
    emit: (event, payload) => {
      if (socket.readyState === WebSocket.OPEN)
        socket.send(`42${namespace},${JSON.stringify([event, payload])}`);
    },
    close: () => {
      ended = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}
