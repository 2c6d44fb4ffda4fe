import { WebSocket } from 'ws';
import { type AppError, errors } from '../../../platform/http/errors.js';

/** How long an upstream may take to accept a connection. */
const HANDSHAKE_MS = 10_000;
/** The largest event that the protocol knows (contract §8.1), and some room. */
const LONGEST_EVENT = 16 * 1024 * 1024;

export interface UpstreamTarget {
  /** The Realtime endpoint, `ws:` or `wss:`, with its query. */
  readonly url: string;
  readonly apiKey: string | undefined;
}

/** The upstream has no Realtime endpoint at all: this server's own engines can take its place. */
export const noRealtime = Symbol('no realtime');

/**
 * Opens a connection to the upstream; messages are held back until it is resumed.
 *
 * @throws AppError in words fit for the user, without anything that the upstream has said
 */
export function connectUpstream(
  { url, apiKey }: UpstreamTarget,
  signal: AbortSignal,
): Promise<WebSocket | typeof noRealtime> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: LONGEST_EVENT,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const give = () => {
      socket.terminate();
      reject(signal.reason);
    };
    signal.addEventListener('abort', give, { once: true });
    const settle = () => signal.removeEventListener('abort', give);
    socket.once('open', () => {
      settle();
      socket.pause();
      resolve(socket);
    });
    socket.once('unexpected-response', (request, response) => {
      settle();
      const status = response.statusCode ?? 0;
      request.destroy();
      if (NOT_THERE.has(status)) resolve(noRealtime);
      else reject(refusal(status, response.headers['retry-after']));
    });
    socket.on('error', (cause: Error) => {
      settle();
      const isSlow = cause.message.includes('timed out');
      reject(
        isSlow
          ? errors.upstreamTimeout('The assistant’s provider took too long to answer.', { cause })
          : errors.upstreamUnavailable('The assistant’s provider cannot be reached right now.', { cause }),
      );
    });
  });
}

const NOT_THERE: ReadonlySet<number> = new Set([404, 405, 426, 501]);

function refusal(status: number, retryAfter: string | undefined): AppError {
  if (status === 401) return errors.unauthorized('The API key is not valid.');
  if (status === 403) return errors.forbidden('This API key may not use this model.');
  if (status === 429) {
    const seconds = Number(retryAfter);
    return errors.rateLimited('The assistant’s provider is asked too often with this API key.', {
      ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterSeconds: Math.ceil(seconds) } : {}),
    });
  }
  if (status >= 500)
    return errors.upstreamUnavailable('The assistant’s provider cannot be reached right now.');
  return errors.upstreamFailed('The assistant’s provider refused the connection.');
}
