import { WebSocket } from 'ws';
import { type AppError, errors } from '../../http/errors.js';
import { type OpenAIConnection, openaiClient } from './client.js';
import { incomplete, inOurWords, unreachable } from './failures.js';
import { transcriptionProvider } from './transcription-provider.js';

const handshakeMilliseconds = 10_000;
/** Events of a transcription are a few hundred bytes. */
const longestEvent = 1 << 20;
/** Audio that the upstream has not taken: about a minute. Then it is stuck. */
const longestBacklog = 4 << 20;

export interface RealtimeEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A WebSocket of the Realtime interface. Every failure is one that ends it. */
export interface RealtimeConnection {
  /** Sends when it is open, and nothing once it has ended. */
  send(event: RealtimeEvent): void;
  close(): void;
}

export interface RealtimeListener {
  event(event: RealtimeEvent): void;
  /** Once, unless `close()` was called before. */
  ended(error: AppError): void;
}

/** Connects at once; what goes wrong, a missing key included, is told to the listener. */
export function connectRealtime(
  connection: OpenAIConnection,
  { apiKey, query }: { readonly apiKey?: string | undefined; readonly query: string },
  listener: RealtimeListener,
): RealtimeConnection {
  let socket: WebSocket | undefined;
  let hasEnded = false;
  const outbox: string[] = [];
  const end = (error: AppError) => {
    if (hasEnded) return;
    hasEnded = true;
    socket?.terminate();
    listener.ended(error);
  };
  const receive = (data: string) => {
    const event = parsed(data);
    if (hasEnded) return;
    if (!event) end(incomplete(transcriptionProvider));
    else if (event.type === 'error') end(realtimeFailure(event.error));
    else listener.event(event);
  };
  const connect = async () => {
    // The client knows which key and address are meant.
    const { apiKey: key, baseURL } = await openaiClient(connection, apiKey);
    if (hasEnded) return;
    socket = new WebSocket(`${baseURL.replace(/^http/, 'ws').replace(/\/$/, '')}/realtime?${query}`, {
      headers: { authorization: `Bearer ${key}` },
      handshakeTimeout: handshakeMilliseconds,
      maxPayload: longestEvent,
      perMessageDeflate: false,
    });
    socket.on('open', () => {
      for (const message of outbox.splice(0)) socket?.send(message);
    });
    socket.on('message', (data) => receive(String(data)));
    socket.on('error', () => end(unreachable(transcriptionProvider)));
    socket.on('close', () => end(errors.upstreamUnavailable('The transcription provider hung up.')));
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      refusal(response.statusCode, response.headers).then(end, end);
    });
  };
  connect().catch(async (error: unknown) => end(await inOurWords(error, transcriptionProvider)));
  return {
    send(event) {
      if (hasEnded) return;
      const message = JSON.stringify(event);
      if (socket?.readyState !== WebSocket.OPEN) outbox.push(message);
      else if (socket.bufferedAmount > longestBacklog) end(unreachable(transcriptionProvider));
      else socket.send(message);
    },
    close() {
      if (hasEnded) return;
      hasEnded = true;
      if (socket?.readyState === WebSocket.OPEN) socket.close(1000);
      else socket?.terminate();
    },
  };
}

/** Why the upgrade was refused, in the words of an ordinary call. */
async function refusal(
  status: number | undefined,
  received: Readonly<Record<string, string | string[] | undefined>>,
): Promise<AppError> {
  const { APIError } = await import('openai');
  const headers = new Headers();
  const retryAfter = received['retry-after'];
  if (typeof retryAfter === 'string') headers.set('retry-after', retryAfter);
  return await inOurWords(APIError.generate(status, {}, undefined, headers), transcriptionProvider);
}

/** The error of an `error` or `.failed` event; its message may repeat the key and is not quoted. */
export function realtimeFailure(error: unknown): AppError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === 'invalid_api_key')
    return errors.unauthorized('The transcription provider does not accept the API key.');
  if (code === 'insufficient_quota')
    return errors.quotaExceeded(
      'The account of this API key has no credit left with the transcription provider.',
    );
  if (code.startsWith('rate_limit'))
    return errors.rateLimited('The transcription provider is asked too often with this API key.');
  return errors.upstreamFailed('The transcription provider could not transcribe this.');
}

function parsed(data: string): RealtimeEvent | undefined {
  try {
    const event: unknown = JSON.parse(data);
    return typeof event === 'object' && event !== null && 'type' in event && typeof event.type === 'string'
      ? { ...event, type: event.type }
      : undefined;
  } catch {
    return undefined; // told as a failure of the connection
  }
}
